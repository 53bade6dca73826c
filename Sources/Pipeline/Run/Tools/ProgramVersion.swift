import Canon
import Glibc
import Synchronization
import System

/// What a program is that others interpret their scripts with: its bytes and its version.
///
/// Its place is told to nobody.
struct ProgramVersion {
    /// Programs that say their version when asked with `--version`, and do nothing else then.
    private static let interpreters = [
        "R", "Rscript", "bun", "deno", "ghc", "java", "julia", "lua", "node", "octave", "perl",
        "php",
        "pypy", "python", "ruby",
    ]
    /// Answers by the files that gave them: a program that was replaced is another file.
    private static let known = Mutex<[String: String]>([:])

    /// The fact for a result: the first digits of the digest of its bytes, and its version where it says one.
    let text: String

    /// Looks at a program; `nil` for what cannot be read.
    ///
    /// - Parameters:
    ///   - path: its whole path.
    ///   - person: the variables that tell where bubblewrap is.
    ///   - isConfined: whether a program may be started in a sandbox to be asked. Else only one of the system
    ///     is asked.
    init?(of path: String, person: EnvironmentVariables, isConfined: Bool) {
        let real = ProjectFolder.real(path)
        var status = stat()
        guard unsafe stat(real, &status) == 0 else { return nil }
        let file =
            "\(real) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
        if let text = ProgramVersion.known.withLock({ $0[file] }) {
            self.text = text
            return
        }
        guard let digest = try? Digest(ofFileAt: real) else { return nil }
        let version =
            ProgramVersion.isInterpreter(real)
            ? ProgramVersion.answer(of: path, person, isConfined || !SystemView.shows(real)) : nil
        text = [version, String(digest.hex.prefix(16))].compactMap(\.self).joined(separator: ", ")
        ProgramVersion.known.withLock { $0[file] = text }
    }

    /// Whether a program is one of the known interpreters, with or without a version in its name.
    static func isInterpreter(_ path: String) -> Bool {
        let last = path.split(separator: "/").last ?? ""
        let name = last.reversed().drop { $0.isNumber || $0 == "." || $0 == "-" }.reversed()
        return interpreters.contains(String(name))
    }

    private static func answer(of path: String, _ person: EnvironmentVariables, _ isConfined: Bool)
        -> String?
    {
        var words = [path, "--version"]
        let variables = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/"]
        if isConfined {
            guard let bubblewrap = ChildProcess.find("bwrap", person["PATH"]) else { return nil }
            let tools = ToolFolders(for: [path], person: person, hidden: [])
            let sandbox = Sandbox(
                mounts: tools.shown.map { SandboxMount($0) }, variables: variables, folder: "/")
            words = sandbox.words(for: words, bubblewrap: bubblewrap)
        }
        let answer = try? ProgramAnswer(of: words, environment: variables, errors: true)
        return answer?.status == 0 ? answer?.line : nil
    }
}
