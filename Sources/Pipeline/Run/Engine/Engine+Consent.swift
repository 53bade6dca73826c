import Experiment

/// What a run may not do, for want of its reader's word.
extension Engine {
    /// Why an action may not be executed; `nil` where it may.
    ///
    /// Who starts the run asks before; this holds also for what turns out to be needed on the way, such as
    /// the maker of a result that was damaged.
    func refusal(of index: Int) -> String? {
        let kind = graph.stage(of: graph.actions[index]).kind
        guard kind.runsForeignProgram else { return nil }
        let lacking = options.consent.lacking(for: graph.actions[index].parameters)
        if lacking.isEmpty { return nil }
        let asked = lacking.compactMap { power -> String? in
            switch power {
            case .network: "reaches the network"
            case .variable(let name): "is given your \(name)"
            default: nil
            }
        }
        let what = asked.isEmpty ? "" : " that " + asked.joined(separator: " and ")
        let words = lacking.compactMap { $0.option }.map { " \($0)" }.joined()
        return "it starts a program\(what), and you did not approve that for this project\n"
            + "  fix: look at it, then bitlaw trust FOLDER\(words), "
            + "and run again"
    }
}
