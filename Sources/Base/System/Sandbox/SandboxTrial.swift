import Glibc

/// Whether programs can be confined on this machine, found out by starting one.
///
/// Bubblewrap may be missing, and within containers and on some clusters the kernel refuses what it needs.
package enum SandboxTrial: Sendable, Equatable {
    /// Programs can be confined, by the bubblewrap at this path.
    case works(String)
    /// They cannot: the reason, and the way out.
    case fails(reason: String, remedy: String)

    /// Starts `true` in a sandbox as it is used for programs.
    ///
    /// - Parameters:
    ///   - person: the environment of the person, whose `PATH` names the folders to look in.
    ///   - scratch: an existing folder in which a file for its words can be made.
    /// - Returns: the path of bubblewrap; else what it said, and the way out.
    package static func run(_ person: EnvironmentVariables, scratch: String) -> SandboxTrial {
        guard let path = ChildProcess.find("bwrap", person["PATH"]) else {
            return .fails(
                reason: "bubblewrap (bwrap) is not on PATH",
                remedy: "install it: apt-get install bubblewrap, dnf install bubblewrap")
        }
        let words = "\(scratch)/bubblewrap-\(getpid()).txt"
        defer { _ = unsafe unlink(words) }
        do {
            let sandbox = Sandbox(
                mounts: [SandboxMount(scratch, at: "/work", isWritable: true)],
                variables: ["PATH=/usr/bin:/bin"], folder: "/work")
            let command = sandbox.words(
                for: ["sh", "-c", "test \"$(id -u)\" = \(Sandbox.user)"], bubblewrap: path,
                system: SystemView())
            // Its words come where those of a shell go: a file, for a pipe could fill.
            let child = try ChildProcess(
                ["sh", "-c", "exec \"$@\" 2>&1", "sh"] + command,
                environment: person.words(["PATH"]), streams: .file(words))
            let status = child.wait()
            if status == 0 { return .works(path) }
            let said = String(decoding: (try? readWholeFile(words)) ?? [], as: UTF8.self)
            let first =
                said.split(separator: "\n").first.map(String.init) ?? "it ended with \(status)"
            return .fails(reason: first, remedy: remedy(for: first))
        } catch {
            return .fails(reason: "\(error)", remedy: "see bitlaw doctor")
        }
    }

    private static func remedy(for reason: String) -> String {
        if reason.contains("namespace") || reason.contains("uid map")
            || reason.contains("permitted")
        {
            return
                "let the kernel make user namespaces (sysctl kernel.unprivileged_userns_clone=1, "
                + "kernel.apparmor_restrict_unprivileged_userns=0), or start the container so that it may"
        }
        return "run bwrap by hand: bwrap --unshare-all --ro-bind / / true"
    }
}
