import Glibc
import LocalStore
import System

/// Where a worker executes one action after the other: what an action leaves as it found it serves the next
/// one as it is.
///
/// Only kinds of ours leave it so; after a program of others everything is looked at anew.
final class WorkerDesk {
    /// The attempt's folder in which the working folder is there, and empty.
    private var tidyFolder: String?
    /// A log that is open, and empty.
    private var silentLog: BoundedLog?

    /// The empty log of an attempt; what this process prints goes there as well.
    func log(in folder: String, bound: Int) throws -> BoundedLog {
        if let log = silentLog.take(), log.isLog(of: folder, bound: bound) { return log }
        let log = try BoundedLog(in: folder, bound: bound)
        log.take(over: [1, 2])
        return log
    }

    /// The empty working folder of an attempt.
    func workingFolder(in folder: String) throws -> String {
        if tidyFolder != folder { try makeEmptyFolder("work", in: folder) }
        tidyFolder = nil
        return folder + "/work"
    }

    /// Removes what an action left that ended well, for the next one.
    ///
    /// The engine does so after any other.
    func clear(_ request: WorkerRequest, usedFolder: Bool, _ log: BoundedLog) {
        let copies = "\(request.folder)/in"
        if unsafe usedFolder || !request.inputs.isEmpty && access(copies, F_OK) == 0 {
            AttemptFolder.tidy(request.folder)
        } else {
            tidyFolder = request.folder
        }
        if log.isUntouched { silentLog = log }
    }

    /// Has everything looked at anew.
    func forget() {
        tidyFolder = nil
        silentLog = nil
    }
}
