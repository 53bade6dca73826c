package import Canon

/// A tree as a document: its manifest (docs/FORMAT.md), whose digest names the tree.
extension Tree {
    /// The most bytes of a manifest.
    package static let largestManifest = 1 << 29

    /// The canonical bytes of the manifest.
    package var manifest: [UInt8] {
        var bytes = Array(#"{"format":"bitlaw/tree/1","members":["#.utf8)
        for (place, entry) in entries.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            switch entry.content {
            case .file(let digest, let size, let isExecutable):
                bytes += Array(#"{"digest":""#.utf8)
                bytes += Array(digest.hex.utf8)
                bytes += Array(
                    (isExecutable ? #"","executable":true,"path":"# : #"","path":"#).utf8)
                JSON.append(entry.path, to: &bytes)
                bytes += Array(",\"size\":\(size)}".utf8)
            case .folder:
                bytes += Array(#"{"folder":true,"path":"#.utf8)
                JSON.append(entry.path, to: &bytes)
                bytes.append(UInt8(ascii: "}"))
            case .link(let target):
                bytes += Array(#"{"link":"#.utf8)
                JSON.append(target, to: &bytes)
                bytes += Array(#","path":"#.utf8)
                JSON.append(entry.path, to: &bytes)
                bytes.append(UInt8(ascii: "}"))
            }
        }
        bytes += Array("]}".utf8)
        return bytes
    }

    /// The digest of the manifest.
    package var digest: Digest { Digest(of: manifest.span) }

    /// Reads a manifest; another spelling of the same is none, so that equal trees have one digest.
    ///
    /// - Throws: ``TreeFormatError``.
    package init(parsing bytes: [UInt8]) throws(TreeFormatError) {
        guard bytes.count <= Tree.largestManifest else {
            throw TreeFormatError(
                "expected a manifest of at most \(Tree.largestManifest) bytes, found \(bytes.count)"
            )
        }
        var scanner = CanonicalScanner(bytes: bytes)
        guard scanner.skip(#"{"format":"bitlaw/tree/1","members":["#) else {
            throw TreeFormatError("expected a manifest of the format bitlaw/tree/1")
        }
        var entries: [TreeEntry] = []
        var isDone = scanner.skip("]")
        while !isDone {
            guard let entry = scanner.entry() else {
                throw TreeFormatError("expected a file, a folder or a link at byte \(scanner.at)")
            }
            entries.append(entry)
            guard entries.count <= Tree.mostEntries else {
                throw TreeFormatError("expected at most \(Tree.mostEntries) entries, found more")
            }
            isDone = scanner.skip("]")
            guard isDone || scanner.skip(",") else {
                throw TreeFormatError("expected another entry or the end at byte \(scanner.at)")
            }
        }
        guard scanner.skip("}"), scanner.isAtEnd else {
            throw TreeFormatError("expected the end of the manifest at byte \(scanner.at)")
        }
        try self.init(sorted: entries)
    }
}

extension CanonicalScanner {
    /// One entry of a manifest.
    fileprivate mutating func entry() -> TreeEntry? {
        if skip(#"{"digest":""#) {
            guard let digest = digest(), skip("\"") else { return nil }
            let isExecutable = skip(#","executable":true"#)
            guard skip(#","path":"#), let path = text(), skip(#","size":"#),
                let size = wholeNumber(), skip("}")
            else { return nil }
            return TreeEntry(path, .file(digest, size: size, isExecutable: isExecutable))
        }
        if skip(#"{"folder":true,"path":"#) {
            guard let path = text(), skip("}") else { return nil }
            return TreeEntry(path, .folder)
        }
        guard skip(#"{"link":"#), let target = text(), skip(#","path":"#), let path = text(),
            skip("}")
        else { return nil }
        return TreeEntry(path, .link(target))
    }
}
