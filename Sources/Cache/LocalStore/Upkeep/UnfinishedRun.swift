import Canon
import System

/// A run that has notes and no record: it goes on, or it was killed.
package struct UnfinishedRun: Sendable, Equatable {
    /// The run's name.
    package let name: String
    /// How many actions it had begun, or found.
    package let actions: Int
    /// Whether it goes on.
    package let isRunning: Bool
}

extension Store {
    /// The runs of an experiment that have not ended, the newest first; notes that cannot be read are left to
    /// `verify`.
    package func unfinishedRuns(of experiment: String) throws -> [UnfinishedRun] {
        let names = try namesInFolder("\(path)/runs").filter { $0.hasSuffix(RunJournal.suffix) }
        return names.sorted(by: Store.isNewer).compactMap { file in
            let place = "\(path)/runs/\(file)"
            let read = try? readWholeFile(
                place, limit: Store.largestRunRecord, followingLinks: false)
            guard let bytes = read ?? nil, let run = try? RecordedRun(file: file, bytes),
                run.experiment == experiment
            else { return nil }
            return UnfinishedRun(
                name: String(file.dropLast(RunJournal.suffix.utf8.count)),
                actions: Set(run.keys).count, isRunning: StoreLock.isHeld(place))
        }
    }
}
