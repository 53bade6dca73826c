import Experiment
import System

/// Lock files beside experiments.
enum LockFile {
    /// `FILE.lock`.
    static func path(of experiment: String) -> String { ResultList.lockPath(of: experiment) }

    /// The lock file at a path; `nil` where there is none.
    static func readIfAny(_ path: String) throws -> ResultList? {
        guard let bytes = try readWholeFile(path, limit: ResultList.largestLock) else { return nil }
        return try ResultList(lock: bytes, path: path)
    }

    /// The lock file of an experiment, which has to be there.
    static func required(for experiment: String) throws -> ResultList {
        let path = path(of: experiment)
        guard let list = try readIfAny(path) else {
            throw UsageError(
                text: "\(path): expected a lock file, found none\n  fix: bitlaw lock \(experiment)")
        }
        return list
    }
}
