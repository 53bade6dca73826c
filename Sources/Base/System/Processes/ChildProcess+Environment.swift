import Glibc

extension ChildProcess {
    /// The environment of every command: nothing of the person's own reaches a result.
    package static func fixedEnvironment(home: String) -> [String] {
        inherited(["PATH"]) + [
            "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=\(home)", "OPENBLAS_NUM_THREADS=1",
        ]
    }

    /// The named variables, where they are set.
    package static func inherited(_ names: [String]) -> [String] {
        names.compactMap { name in
            guard let value = unsafe getenv(name) else { return nil }
            return unsafe "\(name)=\(String(cString: value))"
        }
    }

    /// All that this process was started with: what rclone, netrc, proxies and agents need is the
    /// person's business.
    package static func wholeEnvironment() throws -> [String] {
        (try readWholeFile("/proc/self/environ") ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
