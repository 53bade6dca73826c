import Glibc

/// What a confined program sees of the system that it runs on: programs and libraries, read-only.
///
/// Of `/etc` it sees the few files that libraries ask for, and none that names this machine, its accounts
/// or their secrets. The list is part of the documentation of the kind `command`.
package struct SystemView: Sendable {
    /// Top folders that belong to the system: on a merged system all but `/usr` are links into it.
    private static let folders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]
    /// What is shown of `/etc`, where it is there.
    package static let settings = [
        "alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic",
        "mime.types", "perl", "python3", "python3.11", "R", "java-17-openjdk",
    ]
    /// What is shown of `/etc` besides to a program with a network.
    package static let networkSettings = [
        "ca-certificates.conf", "gai.conf", "host.conf", "hosts", "nsswitch.conf", "protocols",
        "resolv.conf", "services", "ssl",
    ]

    /// What a mount or a link within looks like to bubblewrap.
    private let system: [String]

    /// Looks at the system that runs us.
    package init() {
        var words = ["--ro-bind", "/usr", "/usr"]
        for name in SystemView.folders {
            if let target = linkTarget("/\(name)") {
                words += ["--symlink", target, "/\(name)"]
            } else {
                words += ["--ro-bind-try", "/\(name)", "/\(name)"]
            }
        }
        for name in SystemView.settings {
            words += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"]
        }
        system = words
    }

    /// The part of bubblewrap's words that shows the system.
    func words(hasNetwork: Bool) -> [String] {
        guard hasNetwork else { return system }
        return system
            + SystemView.networkSettings.flatMap { ["--ro-bind-try", "/etc/\($0)", "/etc/\($0)"] }
    }

    /// Whether a path, without links, is one that every confined program sees.
    package static func shows(_ path: String) -> Bool {
        path.hasPrefix("/usr/") || folders.contains { path.hasPrefix("/\($0)/") }
    }
}

/// What a link leads to, as it is written; `nil` for what is no link.
private func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
