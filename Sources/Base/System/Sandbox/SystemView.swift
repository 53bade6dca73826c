/// What a confined program sees of the system that it runs on: programs and libraries, read-only.
///
/// Of `/etc` it sees the few files that libraries ask for, and none that names this machine, its accounts
/// or their secrets. The list is part of the documentation of the kind `command`.
package enum SystemView {
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

    /// Bubblewrap's words for what every program sees: the system is looked at once a process.
    private static let system: [String] = {
        var words = ["--ro-bind", "/usr", "/usr"]
        for name in folders {
            if let target = linkTarget("/\(name)") {
                words += ["--symlink", target, "/\(name)"]
            } else {
                words += ["--ro-bind-try", "/\(name)", "/\(name)"]
            }
        }
        return words
    }()

    /// The part of bubblewrap's words that shows the system, its small settings in a copy where there is one.
    static func words(hasNetwork: Bool, settings copy: SettingsCopy?) -> [String] {
        // In the copy nothing stands for the settings of a network to be mounted on.
        if hasNetwork { return system + words(forSettings: settings + networkSettings) }
        return system + (copy?.words ?? words(forSettings: settings))
    }

    /// The words that show entries of `/etc`, each where it is there.
    static func words(forSettings names: [String]) -> [String] {
        names.flatMap { ["--ro-bind-try", "/etc/\($0)", "/etc/\($0)"] }
    }

    /// Whether a path, without links, is one that every confined program sees.
    package static func shows(_ path: String) -> Bool {
        path.hasPrefix("/usr/") || folders.contains { path.hasPrefix("/\($0)/") }
    }
}
