package import Canon
import System

/// A run that has notes and no record: it goes on, or it was killed.
package struct UnfinishedRun: Sendable, Equatable {
    /// The run's name.
    package let name: String
    /// Its experiment.
    package let experiment: String
    /// The actions that it had begun, or found, each once.
    package let keys: [Digest]
    /// Whether it goes on.
    package let isRunning: Bool

    /// How many actions it had begun, or found.
    package var actions: Int { keys.count }
}

extension Store {
    /// The runs of an experiment that have not ended, the newest first; notes that cannot be read are left to
    /// `verify`.
    package func unfinishedRuns(of experiment: String) throws -> [UnfinishedRun] {
        try unfinishedRuns().filter { $0.experiment == experiment }
    }

    /// The same of all experiments.
    package func unfinishedRuns() throws -> [UnfinishedRun] {
        let names = try namesInFolder("\(path)/runs").filter { $0.hasSuffix(RunJournal.suffix) }
        return names.sorted(by: Store.isNewer).compactMap { file in
            let place = "\(path)/runs/\(file)"
            let read = try? readWholeFile(
                place, limit: Store.largestRunRecord, followingLinks: false)
            guard let bytes = read ?? nil,
                let run = try? RecordedRun(file: file, bytes, RecordedShelf(self))
            else { return nil }
            var seen: Set<Digest> = []
            return UnfinishedRun(
                name: String(file.dropLast(RunJournal.suffix.utf8.count)),
                experiment: run.experiment, keys: run.keys.filter { seen.insert($0).inserted },
                isRunning: StoreLock.isHeld(place))
        }
    }
}
