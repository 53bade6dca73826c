import Canon

/// The contents of a tool in the order of their names, and the digest over them.
///
/// Texts are told apart by their ends: no name and no version has a zero byte in it.
struct ToolContent {
    private var facts: [String] = []
    private var entries: [(name: String, content: String)] = []

    /// Begins with what the tool is.
    init(_ kind: ToolIdentity.Kind) { facts = ["bitlaw/tool/1", kind.rawValue] }

    /// Adds something that is known beside the files, such as a version.
    mutating func add(fact: String) { facts.append(fact) }

    /// Adds a file; an executable one is another where that counts.
    mutating func add(file name: String, _ digest: Digest, isExecutable: Bool = false) {
        entries.append((name, (isExecutable ? "program " : "file ") + digest.hex))
    }

    /// Adds a link that stays within the tool.
    mutating func add(link name: String, to target: String) {
        entries.append((name, "link " + target))
    }

    /// The digest of all that was added, whatever the order of the files was.
    var digest: Digest {
        let sorted = entries.sorted { left, right in
            left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        let texts = facts + sorted.flatMap { [$0.name, $0.content] }
        var hasher = SHA256Hasher()
        for text in texts { hasher.update((Array(text.utf8) + [0]).span) }
        return hasher.finalize()
    }
}
