package import CSystem
import Glibc

/// A program that was started by this process and dies with it.
package struct ChildProcess {
    package let id: pid_t

    /// Starts a program, found on the `PATH` that it gets; standard input is empty, errors go where ours go.
    ///
    /// `output` is the file for standard output; `nil` sends it to standard error, into the log.
    package static func start(
        _ arguments: [String], environment: [String], folder: String, output: String?
    )
        throws -> ChildProcess
    {
        guard let path = find(arguments[0], EnvironmentVariables(words: environment)) else {
            throw FileError(
                description: "\(arguments[0]): no such program; expected a name on PATH or a path")
        }
        let empty = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(empty) }
        var out: CInt = 2
        if let output {
            out = unsafe open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            guard out >= 0 else {
                throw unsafe FileError(
                    description: "\(output): cannot write: \(String(cString: strerror(errno)))")
            }
        }
        defer { if output != nil { close(out) } }
        let id = unsafe withCStrings(arguments) { argv in
            unsafe withCStrings(environment) { envp in
                unsafe bitlaw_spawn(path, argv, envp, folder, empty, out, 2, 0)
            }
        }
        guard id > 0 else {
            throw unsafe FileError(
                description: "\(path): cannot start: \(String(cString: strerror(errno)))")
        }
        return ChildProcess(id: id)
    }

    private static func find(_ name: String, _ variables: EnvironmentVariables) -> String? {
        if name.contains("/") { return unsafe access(name, X_OK) == 0 ? name : nil }
        for folder in (variables["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
        }
        return nil
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

    /// The exit code, or minus the signal, once it has ended; `nil` before.
    package func poll() -> CInt? {
        var status: CInt = 0
        let result = unsafe waitpid(id, &status, WNOHANG)
        return result == id ? ChildProcess.code(status) : nil
    }

    /// Waits for the end.
    package func wait() -> CInt {
        var status: CInt = 0
        while unsafe waitpid(id, &status, 0) < 0 && errno == EINTR {}
        return ChildProcess.code(status)
    }

    /// The exit code, or minus the signal.
    package static func code(_ status: CInt) -> CInt {
        status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }
}

/// Calls with a null-terminated array of C strings.
package func withCStrings<Result>(
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
