import Canon

/// The places that files of an environment name: packages that were installed to be edited.
///
/// pip, uv, setuptools and hatch write such a place as a line of a `.pth` or `.egg-link` file, or as a text
/// within a file `__editable___NAME_finder.py`. The places are different on each machine; what stands there
/// is what counts.
struct PythonLinks: Equatable {
    /// The places in the order in which they are named: from the root, or from the file's folder.
    private(set) var places: [String] = []
    /// The text with `{0}`, `{1}`, … instead of the places from the root.
    private(set) var text = ""

    /// Whether a file may name such places.
    static func mayBe(in last: some StringProtocol) -> Bool {
        isOfPaths(last) || last.hasPrefix("__editable__")
    }

    /// Whether each line of a file is a path.
    private static func isOfPaths(_ last: some StringProtocol) -> Bool {
        last.hasSuffix(".pth") || last.hasSuffix(".egg-link")
    }

    /// Reads the text of a file with that name.
    init(_ text: String, named last: some StringProtocol) {
        if PythonLinks.isOfPaths(last) { readPaths(text) } else { readLiterals(text) }
    }

    /// Each line but comments and code, which begins with `import`.
    private mutating func readPaths(_ source: String) {
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let path = String(line.reversed().drop { " \t\r".contains($0) }.reversed())
            let isPath =
                !path.isEmpty
                && !["#", "import ", "import\t"].contains { path.hasPrefix($0) }
            let placed = isPath ? place(path) : path
            text += (path.hasPrefix("/") ? placed : path) + "\n"
        }
    }

    /// Each text in quotes that is an absolute path.
    private mutating func readLiterals(_ source: String) {
        var rest = source[...]
        while let start = rest.firstIndex(where: { $0 == "'" || $0 == "\"" }) {
            let quote = rest[start]
            let inner = rest[rest.index(after: start)...]
            text += rest[...start]
            guard let end = inner.firstIndex(where: { $0 == quote || $0 == "\n" }) else {
                rest = inner
                continue
            }
            let literal = inner[..<end]
            text += literal.hasPrefix("/") ? place(String(literal)) : String(literal)
            text += String(inner[end])
            rest = inner[inner.index(after: end)...]
        }
        text += rest
    }

    private mutating func place(_ path: String) -> String {
        let number = places.firstIndex { $0.isSameText(as: path) }
        if number == nil { places.append(path) }
        return "{\(number ?? places.count - 1)}"
    }

    /// The folder of a project that `direct_url.json` says was installed to be edited; `nil` where it was
    /// not (PEP 610).
    static func editedProject(_ json: JSON) -> String? {
        guard json["dir_info"]?["editable"]?.bool == true, let url = json["url"]?.text,
            url.hasPrefix("file://")
        else { return nil }
        return decoded(url.dropFirst("file://".count))
    }

    /// A text with its `%41` written out.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
