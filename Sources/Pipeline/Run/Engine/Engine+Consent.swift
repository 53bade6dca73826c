import Experiment

/// What a run may not do, for want of its reader's word.
extension Engine {
    /// Why an action may not be executed; `nil` where it may.
    ///
    /// Who starts the run asks before; this holds also for what turns out to be needed on the way, such as
    /// the maker of a result that was damaged.
    func refusal(of index: Int) -> String? {
        let kind = graph.stage(of: graph.actions[index]).kind
        if !kind.runsForeignProgram || options.consent.programs != nil { return nil }
        return "it starts a program, and you did not approve that for this project\n"
            + "  fix: look at it, then bitlaw trust FOLDER, and run again"
    }
}
