import System

/// The folders and fixed files of a store.
enum StoreLayout {
    /// The layout's version, in the file `format`.
    static let version = 1

    /// The files that every store has, in the order in which they are written.
    static let fixedFiles = ["CACHEDIR.TAG", ".gitignore", "format"]

    /// The folders of a store.
    static let folders = [
        "cas", "actions", "runs", "tmp", "locks", "pins", "quarantine", "checkpoints", "signatures",
        "exports", "logs", "receipts", "cluster", leases,
    ]

    /// The folder of leases, in stores that have some.
    static let leases = "leases"

    /// Those that every store has from its beginning; the others come when they are needed.
    static let firstFolders = ["cas", "actions", "runs", "tmp", "locks", "quarantine"]

    /// What the file `CACHEDIR.TAG` says.
    static let tag =
        "Signature: 8a477f597d28d172789f06886806bc55\n"
        + "# This file is a cache directory tag created by bitlaw.\n"
        + "# For information about cache directory tags, see https://bford.info/cachedir/\n"

    /// Those that have a folder for the first two digits of each name.
    static let sharded = ["cas", "actions", "signatures"]

    /// What the store remembers of files outside of it.
    static let index = "index"

    /// Everything that may stand at the top.
    static let names = Set(fixedFiles + folders + [index])

    /// Whether a name at the top is one of these, or a folder that somebody is making at this moment
    /// under the name that it has until it is open to a group.
    static func isOurs(_ name: String) -> Bool {
        names.contains(name)
            || name.firstRange(of: ".new-").map { names.contains(String(name[..<$0.lowerBound])) }
                ?? false
    }

    /// Makes an empty store; two processes may do it at once.
    ///
    /// `format` comes last.
    static func create(_ path: String) throws {
        for name in firstFolders { try makeFolder("\(path)/\(name)") }
        // A store inside a repository is no part of it.
        for (name, text) in [
            ("CACHEDIR.TAG", tag), (".gitignore", "*\n"), ("format", "bitlaw store \(version)\n"),
        ] {
            try writeWholeFile(
                Array(text.utf8), to: "\(path)/\(name)", .durable, drafts: "\(path)/tmp")
        }
    }
}
