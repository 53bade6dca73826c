import Canon
import LocalStore

/// One thing that an export writes: a file, or what a folder has at one path.
struct ExportPart {
    /// Its path in the folder of the export.
    let path: String
    /// What it is to be.
    let content: TreeEntry.Content
    /// The place of the item that it belongs to.
    let item: Int

    /// What the store's notes on the folder call it; `nil` for a folder, of which nothing is noted.
    ///
    /// In these names every byte beyond ASCII is `%` and two digits: two forms of one accented letter are two
    /// names.
    var note: String? {
        if case .folder = content { return nil }
        guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return path }
        return path[..<slash] + ExportPart.encoded(path[slash...])
    }

    /// What the notes know the content by.
    var digest: Digest? {
        switch content {
        case .file(let digest, _, _): digest
        case .folder: nil
        case .link(let target): Digest(of: Array(target.utf8).span)
        }
    }

    /// The parts of items, in an order in which they can be made, and the places of the items of which the
    /// store lacks the manifest.
    static func all(of items: [ExportItem], in store: Store) throws -> (
        parts: [ExportPart], lost: Set<Int>
    ) {
        var parts: [ExportPart] = []
        var lost: Set<Int> = []
        for (place, item) in items.enumerated() {
            guard item.isTree else {
                let file = TreeEntry.Content.file(item.digest, size: 0, isExecutable: false)
                parts.append(ExportPart(path: item.name, content: file, item: place))
                continue
            }
            guard let tree = try store.tree(item.digest) else {
                lost.insert(place)
                continue
            }
            parts.append(ExportPart(path: item.name, content: .folder, item: place))
            parts += tree.entries.map {
                ExportPart(path: "\(item.name)/\($0.path)", content: $0.content, item: place)
            }
        }
        return (parts, lost)
    }

    /// A path as the notes have it.
    private static func encoded(_ path: Substring) -> String {
        var name = String.UnicodeScalarView()
        for byte in path.utf8 {
            if byte < 0x80 && byte != UInt8(ascii: "%") {
                name.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                name.append(
                    contentsOf: (digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)")
                        .unicodeScalars)
            }
        }
        return String(name)
    }

    /// The path of what the notes call so.
    static func path(ofNote note: String) -> String {
        guard let slash = note.utf8.firstIndex(of: UInt8(ascii: "/")) else { return note }
        var bytes: [UInt8] = []
        var rest = note[slash...].utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"),
                let value = UInt8(Substring(rest.prefix(2)), radix: 16)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return note[..<slash] + String(decoding: bytes, as: UTF8.self)
    }
}
