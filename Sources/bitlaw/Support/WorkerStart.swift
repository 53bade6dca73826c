import System

/// How workers are started.
enum WorkerStart {
    /// This program as a worker; behind the words of `BITLAW_WORKER` where that is set, as in
    /// `BITLAW_WORKER="nice -n 10"` or an emulator of another CPU.
    static func words() throws -> [String] {
        guard let text = EnvironmentVariables.person["BITLAW_WORKER"],
            !text.allSatisfy({ $0 == " " })
        else { return ["/proc/self/exe", "worker"] }
        // Another program's /proc/self/exe is that program.
        guard let own = linkTarget("/proc/self/exe") else {
            throw UsageError(
                text: "BITLAW_WORKER is set, but the path of this program cannot be read from "
                    + "/proc/self/exe\n  fix: mount /proc, or unset BITLAW_WORKER")
        }
        return ["/usr/bin/env"] + text.split(separator: " ").map(String.init) + [own, "worker"]
    }
}
