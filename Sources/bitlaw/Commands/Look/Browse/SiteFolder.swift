import Canon
import Glibc
import System

/// The folder that the pages stand in: it holds nothing but them, and knows which they are.
final class SiteFolder {
    let path: String
    /// What was written last, by the name of its page.
    private var digests: [String: Digest] = [:]
    /// What belongs to the pages that are made now.
    private var current: Set<String> = []
    /// How many bytes the largest page has.
    private(set) var largest = 0
    /// How many pages were written because they are new or changed.
    private(set) var written = 0

    /// Says that a folder is one of pages, and which.
    private static let listName = ".bitlaw-pages"

    /// Opens a folder; it may be missing, or empty, or hold such pages.
    ///
    /// - Throws: ``UsageError`` where something else is in it.
    init(_ path: String) throws {
        self.path = path
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw UsageError(
                text: "\(printable(path)): expected a folder for the pages, found something else\n"
                    + "  fix: name another with --out")
        }
        try makeFolder(path)
        let list = try readWholeFile("\(path)/\(SiteFolder.listName)", followingLinks: false)
        if let list, let names = (try? JSON(parsing: list))?["pages"]?.members {
            digests = names.compactMapValues { $0.text.flatMap { try? Digest(hex: $0) } }
                .filter { SiteFolder.isPage($0.key) }
        } else if try !namesInFolder(path).isEmpty {
            throw UsageError(
                text: "\(printable(path)): other files are in the folder\n"
                    + "  fix: name a new or empty folder with --out")
        }
    }

    /// Begins to make all pages anew.
    func begin() {
        current = []
        largest = 0
        written = 0
    }

    /// Writes a page where it is not there already; readers see it whole.
    func write(_ bytes: [UInt8], to name: String) throws {
        precondition(SiteFolder.isPage(name), "a page called \(name)")
        current.insert(name)
        largest = max(largest, bytes.count)
        let digest = Digest(of: bytes.span)
        let target = "\(path)/\(name)"
        if digests[name] == digest, unsafe access(target, F_OK) == 0 { return }
        let draft = "\(path)/.draft-\(randomName())"
        try writeWholeFile(bytes, to: draft, .none, isNew: true)
        _ = try place(draft, at: target, replacing: true)
        digests[name] = digest
        written += 1
    }

    /// Removes the pages that were not made this time, and notes those that were.
    func end() throws {
        for name in digests.keys where !current.contains(name) {
            _ = unsafe unlink("\(path)/\(name)")
            digests[name] = nil
        }
        let names = digests.mapValues { JSON.string($0.hex) }
        let draft = "\(path)/.draft-\(randomName())"
        try writeWholeFile(
            JSON.object(["format": "bitlaw/pages/1", "pages": .object(names)]).canonical(),
            to: draft, .none, isNew: true)
        _ = try place(draft, at: "\(path)/\(SiteFolder.listName)", replacing: true)
    }

    /// How many pages there are.
    var count: Int { current.count }

    /// One digest over the names and bytes of all pages: equal folders have the same.
    var digest: Digest {
        let lines = current.sorted().map { "\($0) \(digests[$0]?.hex ?? "")\n" }.joined()
        return Digest(of: Array(lines.utf8).span)
    }

    private static func isPage(_ name: String) -> Bool {
        name.hasSuffix(".html") && !name.hasPrefix(".") && name.utf8.count < 200
            && name.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
            }
    }

    /// The name of a page about something that anyone may have named.
    static func name(_ what: String, _ parts: String..., number: Int? = nil) -> String {
        let words = parts.last ?? ""
        var slug = ""
        for character in words.lowercased().unicodeScalars.prefix(40) {
            let isPlain =
                (97...122).contains(character.value) || (48...57).contains(character.value)
            if isPlain {
                slug.unicodeScalars.append(character)
            } else if slug.last != "-" {
                slug += "-"
            }
        }
        let all = parts.joined(separator: "\u{0}")
        let tag = Digest(of: Array(all.utf8).span).hex.prefix(10)
        let tail = number.map { "-\($0)" } ?? ""
        return "\(what)-\(slug.isEmpty ? "x" : slug)-\(tag)\(tail).html"
    }
}
