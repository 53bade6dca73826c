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
    /// Bubblewrap is looked for on the `PATH` of the `person`.
    ///
    /// - Returns: the path of bubblewrap; else what it said, and the way out.
    package static func run(_ person: EnvironmentVariables) -> SandboxTrial {
        guard let path = ChildProcess.find("bwrap", person["PATH"]) else {
            return .fails(
                reason: "bubblewrap (bwrap) is not on PATH",
                remedy: "install it: apt-get install bubblewrap, dnf install bubblewrap")
        }
        let sandbox = Sandbox(
            mounts: [SandboxMount("/usr", at: Sandbox.workFolder)],
            variables: ["PATH=/usr/bin:/bin"],
            folder: Sandbox.workFolder)
        let words = sandbox.words(
            for: ["sh", "-c", "test \"$(id -u)\" = \(Sandbox.user)"], bubblewrap: path)
        do {
            let answer = try ProgramAnswer(
                of: words, environment: person.words(["PATH"]), errors: true)
            if answer.status == 0 { return .works(path) }
            let reason = answer.line ?? "it ended with \(answer.status)"
            return .fails(reason: reason, remedy: remedy(for: reason))
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
