import CSystem
import Canon
import Glibc

/// A program that this process started: it dies with this process, and all below it ends with it.
///
/// The only place that starts programs, waits for their ends and kills them. A value that is given up
/// before the end was waited for kills the program and everything that it started.
package final class ChildProcess {
    /// Where a program reads and writes; its errors always go where ours go.
    package enum Streams {
        /// From and to us, by a channel that no other process can open; it leads a process group of its
        /// own, so that Ctrl-C reaches us alone.
        case channel
        /// It reads nothing, and writes into this file.
        case file(String)
        /// It reads nothing, and writes where errors go: into the log.
        case log
        /// It reads nothing, and writes what it prints and its errors into these; what it has to report
        /// about itself goes into another, its descriptor 3.
        case into(output: CInt, errors: CInt, report: CInt = -1)
    }

    /// Its number.
    package let id: CInt
    /// Our end of the channel to it; -1 without one.
    package let channel: CInt
    private let leadsGroup: Bool
    /// How it ended, once that was waited for: its number may be another process's then.
    private var ending: CInt?

    /// Starts a program, found on the `PATH` that it gets or by its path.
    ///
    /// It works in `folder`, or in ours where that is `nil`. One that is deaf ignores SIGTERM, unless it sets
    /// that itself: what it starts is asked, and it waits for the end of that.
    ///
    /// - Throws: ``OperationalError``, naming the program.
    package init(
        _ arguments: [String], environment: [String], folder: String? = nil, isDeaf: Bool = false,
        streams: Streams
    ) throws {
        let name = arguments.first ?? ""
        let variables = EnvironmentVariables(words: environment)
        guard let path = ChildProcess.find(name, variables["PATH"]) else {
            throw OperationalError(
                code: .missing,
                message: "\(name): no such program; expected a name on PATH or a path",
                remedy: "install it, or correct the name")
        }
        let ends = try Ends(streams, program: path)
        defer { ends.closeTheirs() }
        let hasChannel = ends.channel >= 0
        let (theirs, group) = (ends.theirs, CInt(hasChannel ? 1 : 0))
        func spawn(_ folder: UnsafePointer<CChar>?) -> pid_t {
            unsafe withCStrings(arguments) { argv in
                unsafe withCStrings(environment) { envp in
                    unsafe bitlaw_spawn(
                        path, argv, envp, folder, theirs.input, theirs.output, theirs.errors,
                        theirs.report, group, isDeaf ? 1 : 0)
                }
            }
        }
        id = if let folder { unsafe folder.withCString(spawn) } else { spawn(nil) }
        let number = errno
        channel = ends.channel
        leadsGroup = hasChannel
        if id <= 0 {
            ending = -SIGKILL  // there is nothing to wait for
            throw number == E2BIG
                ? OperationalError.tooLong(path, arguments, environment)
                : OperationalError.cannotStart(path, number)
        }
    }

    deinit {
        if ending == nil {
            end()
            _ = wait()
        }
        if channel >= 0 { close(channel) }
    }

    /// The path of a program by its name on `folders` (a `PATH`), or by its path; `nil` where there is
    /// none.
    package static func find(_ name: String, _ folders: String?) -> String? {
        if name.contains("/") { return isProgram(name) ? name : nil }
        // A folder that is not named from the root is whatever folder we work in, which may be a stranger's.
        for folder in (folders ?? "/usr/bin:/bin").split(separator: ":") where folder.hasPrefix("/")
        {
            let candidate = "\(folder)/\(name)"
            if isProgram(candidate) { return candidate }
        }
        return nil
    }

    /// Whether a file that can be executed stands at a path: a folder that can be entered is none.
    static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }
}

extension ChildProcess {
    /// The exit code, or minus the signal, once it has ended; `nil` before.
    package func poll() -> CInt? { reap(WNOHANG) }

    /// Waits for the end.
    ///
    /// - Returns: the exit code, or minus the signal.
    package func wait() -> CInt { reap(0) ?? -SIGKILL }

    /// Waits for the end, and leaves it to ``wait()`` to say how it ended: its number stays its own
    /// until then.
    func awaitEnd() {
        if ending != nil { return }
        var found = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(id), &found, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    private func reap(_ options: CInt) -> CInt? {
        if let ending { return ending }
        var status: CInt = 0
        var found: pid_t
        repeat {
            found = unsafe waitpid(id, &status, options)
        } while found < 0 && errno == EINTR
        if found == 0 { return nil }
        // Somebody else waited for it where there is no such child any more: it is gone all the same.
        let isKnown = found == id
        ending =
            !isKnown ? -SIGKILL : status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
        return ending
    }

    /// Asks the program itself to end, and nothing below it; it may go on for as long as it wants.
    ///
    /// - Parameter signal: SIGTERM, or ``SharedEnd/ownRequest`` for one that hears us alone.
    package func ask(by signal: CInt = SIGTERM) { if ending == nil { _ = kill(id, signal) } }

    /// Sends a signal to the program and to all that it started, whatever group they went to.
    ///
    /// Nothing is sent once its end was waited for.
    package func end(_ signal: CInt = SIGKILL) {
        if ending != nil { return }
        let members = ProcessTree.members(of: id)
        // The program first: else it may see its own programs end, and end well itself before its turn comes.
        _ = kill(id, signal)
        if leadsGroup { _ = kill(-id, signal) }
        for process in members where process != id { _ = kill(process, signal) }
    }

    /// Kills what an action left running in the background, so that it cannot write into the next.
    ///
    /// One system call where nothing is left. Orphans are children of this process
    /// (`bitlaw_adopt_orphans`), and so are found.
    package static func endLeftovers() {
        while true {
            let id = waitpid(-1, nil, WNOHANG)
            if id > 0 || id < 0 && errno == EINTR { continue }
            if id < 0 { return }
            for process in ProcessTree.members(of: getpid()) where process != getpid() {
                _ = kill(process, SIGKILL)
            }
            _ = waitpid(-1, nil, 0)
        }
    }
}

/// The ends of a program's streams: those that it gets, and those that stay here.
private struct Ends {
    /// What is the program's; -1 leaves a stream as it is.
    var theirs: (input: CInt, output: CInt, errors: CInt, report: CInt) = (-1, -1, -1, -1)
    /// Whether its output was opened here, and is closed here.
    private var ownsOutput = true
    /// What is ours of a channel.
    var channel: CInt = -1

    init(_ streams: ChildProcess.Streams, program: String) throws {
        if case .channel = streams {
            var ends: [CInt] = [-1, -1]
            guard unsafe bitlaw_channel(&ends) == 0 else {
                throw OperationalError.cannotStart(program, errno)
            }
            channel = ends[0]
            theirs = (ends[1], ends[1], -1, -1)
            return
        }
        theirs.input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        if case .into(let output, let errors, let report) = streams {
            (theirs.output, theirs.errors, theirs.report) = (output, errors, report)
            ownsOutput = false
            return
        }
        guard case .file(let path) = streams else {
            theirs.output = 2
            return
        }
        theirs.output = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard theirs.output >= 0 else {
            let error = OperationalError.system("write", path)
            close(theirs.input)
            throw error
        }
    }

    /// Closes what is the program's alone, once it has it.
    func closeTheirs() {
        if theirs.input > 2 { close(theirs.input) }
        if ownsOutput && theirs.output > 2 && theirs.output != theirs.input { close(theirs.output) }
    }
}

extension OperationalError {
    fileprivate static func cannotStart(_ path: String, _ number: CInt) -> OperationalError {
        OperationalError(
            code: .inputOutput,
            message: unsafe "\(path): cannot start: \(String(cString: strerror(number)))",
            remedy: remedy(number))
    }

    private static func remedy(_ number: CInt) -> String {
        switch number {
        case ENOEXEC: "let it begin with a line such as #!/bin/sh, or build it for this machine"
        case ENOENT, ENOTDIR: "install what its first line names as its interpreter"
        case EACCES, EPERM: "let the file, and what its first line names, be executable"
        default: "free memory, or allow more processes and open files (ulimit -u, ulimit -n)"
        }
    }

    /// What the system says to words and variables that are too long: names the longest, and no value of a
    /// variable.
    fileprivate static func tooLong(_ path: String, _ arguments: [String], _ environment: [String])
        -> OperationalError
    {
        let variables = environment.map { variable in
            ("variable `\(visible(EnvironmentVariables.name(of: variable)))`", variable.utf8.count)
        }
        let words = arguments.map { ("word `\(visible($0, most: 40))`", $0.utf8.count) }
        let all = variables + words
        let (name, size) = all.max { $0.1 < $1.1 } ?? ("", 0)
        // The kernel takes 32 pages, with the zero byte at their end.
        let most = 32 * Int(getpagesize()) - 1
        let sum = all.reduce(0) { $0 + $1.1 + 1 }
        let found =
            size > most
            ? "expected words and variables of at most \(most) bytes, found the \(name) of \(size)"
            : "expected fewer bytes of words and variables, found \(sum); the longest is the \(name) of "
                + "\(size)"
        return OperationalError(
            code: .malformed, message: "\(path): cannot start: \(found)",
            remedy: "shorten what is long, or give it in a file")
    }
}

/// Calls with a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else {
            preconditionFailure("an array with a terminator is not empty")
        }
        return unsafe body(base)
    }
}
