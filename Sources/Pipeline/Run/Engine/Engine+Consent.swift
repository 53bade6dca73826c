import Experiment

/// What a run may not do, for want of its reader's word.
extension Engine {
    /// Why an action may not be executed; `nil` where it may.
    ///
    /// Who starts the run asks before; this holds also for what turns out to be needed on the way, such as
    /// the maker of a result that was damaged.
    func refusal(of index: Int) -> String? {
        let kind = graph.stage(of: graph.actions[index]).kind
        let isNetworked = ProgramParameters.isNetworked(graph.actions[index].parameters)
        if !kind.runsForeignProgram || options.consent.allows(networked: isNetworked) { return nil }
        let what =
            options.consent.programs == nil ? "a program" : "a program that reaches the network"
        let option = options.consent.programs == nil ? "" : " --network"
        return "it starts \(what), and you did not approve that for this project\n"
            + "  fix: look at it, then bitlaw trust FOLDER\(option), and run again"
    }
}
