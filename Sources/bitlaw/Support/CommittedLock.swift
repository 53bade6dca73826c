import Experiment
import Glibc
import System

/// The lock file of an experiment as a commit has it.
struct CommittedLock {
    /// The lock file at a commit; `nil` where the word names none that has it.
    ///
    /// Git reads an object and nothing else: no hook, filter or pager of the project is started.
    static func list(of lock: String, at commit: String) throws -> ResultList? {
        // What begins with a dash would be an option, and a colon ends the name of a commit.
        guard !commit.hasPrefix("-"), !commit.contains(":"), !commit.isEmpty else { return nil }
        let absolute = ProjectFolder.absolute(lock)
        let folder = ProjectFolder.folder(of: absolute)
        let name = absolute.split(separator: "/").last.map(String.init) ?? lock
        let person = EnvironmentVariables.person
        guard ChildProcess.find("git", person["PATH"]) != nil else { return nil }
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let copy = "\(scratch.path)/lock"
        let output = unsafe open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let silent = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer {
            if output >= 0 { close(output) }
            if silent >= 0 { close(silent) }
        }
        guard output >= 0, silent >= 0 else { return nil }
        let git = try ChildProcess(
            ["git", "cat-file", "blob", "\(commit):./\(name)"],
            environment: person.words(["PATH", "HOME"]) + ["LC_ALL=C.UTF-8"], folder: folder,
            streams: .into(output: output, errors: silent))
        guard git.wait() == 0,
            let bytes = try readWholeFile(copy, limit: ResultList.largestLock)
        else { return nil }
        return try ResultList(lock: bytes, path: "\(commit):\(name)")
    }
}
