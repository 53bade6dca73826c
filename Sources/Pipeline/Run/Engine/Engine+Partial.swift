import Canon
import Experiment

/// Collectors that go on without what did not end well.
extension Engine {
    /// Settles what a collector reads, now that everything has ended; whether there is anything to read.
    func begin(_ index: Int) -> Bool {
        guard let lacking = schedule.lacking[index] else { return true }
        let names = lacking.sorted().map { graph.actions[$0].name }
        guard resolution.leaveOut(lacking, of: index) else {
            let skipped = schedule.fail(index, .skipped)
            observe(.skipped(index, because: lacking.min() ?? index))
            observe(
                .warning(
                    "\(graph.actions[index].name) is skipped: a partial input of it has nothing left, "
                        + "for \(firstFew(names)) gave no result"))
            for reader in skipped { observe(.skipped(reader, because: index)) }
            return false
        }
        observe(.partial(index, without: lacking.sorted()))
        return true
    }

    /// The actions that a collector went on without, by name, in the order of the experiment.
    package func lacking(of index: Int) -> [String] {
        (schedule.lacking[index] ?? []).sorted().map { graph.actions[$0].name }
    }
}
