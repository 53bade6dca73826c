import Canon
import Yams

/// Reads YAML into a tree with places; every way in which bytes can fail to be an experiment file
/// becomes a diagnostic.
package struct YAMLReader {
    /// The largest experiment file.
    static let largest = 32 << 20
    /// The deepest nesting.
    static let deepest = 64

    /// The text, for diagnostics.
    package let source: SourceText
    private let text: String

    /// Takes the bytes of a file; the path is for messages.
    ///
    /// - Throws: ``ExperimentError`` for a file that is too large or not UTF-8.
    package init(path: String, bytes: [UInt8]) throws {
        try YAMLReader.checkSize(bytes.count, path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError([YAMLReader.invalidUTF8(path: path, bytes: bytes)])
        }
        self.text = text
        source = SourceText(path: path, text: text)
    }

    /// Refuses a file that is too large, before it is read if its size is known.
    static func checkSize(_ size: Int, path: String) throws {
        guard size > largest else { return }
        throw ExperimentError([
            Diagnostic(
                "the file has \(size) bytes", at: nil, in: SourceText(path: path, text: ""),
                notes: [
                    "expected: at most \(largest) bytes",
                    "put data into a file of its own and read it with `file:`",
                ])
        ])
    }

    private static func invalidUTF8(path: String, bytes: [UInt8]) -> Diagnostic {
        var good = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var length = 0
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                length = UTF8.width(scalar)
                good += length
            case .emptyInput, .error: break decoding
            }
        }
        let before = bytes[..<good]
        let line = before.count { $0 == 10 } + 1
        let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let column = String(decoding: bytes[start..<good], as: UTF8.self).count + 1
        let byte = String(bytes[min(good, bytes.count - 1)], radix: 16)
        return Diagnostic(
            "byte \(good) (0x\(byte)) is not UTF-8", at: Place(line: line, column: column),
            in: SourceText(path: path, text: ""), notes: ["save the file as UTF-8"])
    }

    /// The document.
    package func read() throws -> YAMLValue {
        try refuseDeepNestingAndAnchors()
        let node: Node?
        do {
            let parser = try Yams.Parser(yaml: text, resolver: .basic)
            node = try parser.nextRoot()
            if node != nil, let second = try parser.nextRoot() {
                throw failure(
                    "a second document starts here", at: place(second),
                    ["expected: one experiment a file; remove the line ---"])
            }
        } catch let error as YamlError {
            throw ExperimentError([diagnostic(error)])
        }
        guard let node else {
            throw failure(
                "the file is empty", at: nil,
                ["expected: experiment, seed, axes, stages; see bitlaw schema"])
        }
        return try convert(node)
    }

    private func failure(_ message: String, at place: Place?, _ notes: [String]) -> ExperimentError
    {
        ExperimentError([Diagnostic(message, at: place, in: source, notes: notes)])
    }

    private func place(_ node: Node, length: Int = 1) -> Place {
        Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, length: length)
    }

    private func convert(_ node: Node) throws -> YAMLValue {
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style != .plain && scalar.style != .any
            let value = isQuoted ? JSON.string(scalar.string) : plainValue(scalar.string)
            let first = scalar.string.prefix { $0 != "\n" }.count
            return YAMLValue(
                content: .scalar(value, text: scalar.string, isQuoted: isQuoted),
                place: place(node, length: max(1, first + (isQuoted ? 2 : 0))))
        case .sequence(let sequence):
            return YAMLValue(
                content: .list(try sequence.map { try convert($0) }), place: place(node))
        case .mapping(let mapping):
            var members: [(key: YAMLKey, value: YAMLValue)] = []
            for (key, value) in mapping {
                guard case .scalar(let scalar) = key else {
                    throw failure("a key is not a name", at: place(key), ["expected: a name"])
                }
                members.append(
                    (
                        YAMLKey(
                            name: scalar.string, place: place(key, length: scalar.string.count)),
                        try convert(value)
                    ))
            }
            return YAMLValue(content: .mapping(members), place: place(node))
        case .alias:
            throw failure("an alias", at: place(node), ["write the value out"])
        }
    }

    /// The value of unquoted text in the core schema of YAML 1.2: `yes` and `on` stay text.
    private func plainValue(_ text: String) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default:
            guard let first = text.utf8.first,
                first >= 0x30 && first <= 0x39 || first == UInt8(ascii: "-")
                    || first == UInt8(ascii: "+") || first == UInt8(ascii: "."),
                text.utf8.allSatisfy({
                    $0 >= 0x30 && $0 <= 0x39 || "+-.eE".utf8.contains($0)
                }),
                let number = Double(text), number.isFinite
            else { return .string(text) }
            return .number(number)
        }
    }

    private func diagnostic(_ error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let lead = context.map { "\($0.text) " } ?? ""
            return Diagnostic(
                "not YAML: \(lead)\(problem)", at: Place(line: mark.line, column: mark.column),
                in: source, notes: ["check indentation (spaces, no tabs), quotes and colons"])
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "\($0)" }.joined(separator: ", ")
            return Diagnostic(
                "`\(names)` stands twice in one mapping",
                at: Place(line: context.mark.line, column: context.mark.column),
                in: source, notes: ["give each name once"])
        default:
            return Diagnostic("not YAML: \(error)", at: nil, in: source)
        }
    }

    /// Looks before parsing, because the parser recurses and expands aliases.
    private func refuseDeepNestingAndAnchors() throws {
        var depth = 0
        for (number, line) in source.lines.enumerated() {
            let bytes = Array(line.utf8)
            var quote: UInt8?
            var previous: UInt8 = 0x20
            var dashes = 0
            let indent = bytes.prefix { $0 == 0x20 }.count
            for (column, byte) in bytes.enumerated() {
                if let open = quote {
                    if byte == open { quote = nil }
                    continue
                }
                if byte == UInt8(ascii: "#"), previous == 0x20 || column == 0 { break }
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    if " [{,:".utf8.contains(previous) { quote = byte }
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
                case UInt8(ascii: "-") where previous == 0x20: dashes += 1
                case UInt8(ascii: "&") where isValueStart(bytes[..<column]):
                    throw failure(
                        "an anchor", at: Place(line: number + 1, column: column + 1),
                        [
                            "expected: no anchors and aliases in an experiment file",
                            "name the value under `constants:` and use it as ${name}",
                        ])
                default: break
                }
                if depth > YAMLReader.deepest || dashes > YAMLReader.deepest
                    || indent > 8 * YAMLReader.deepest
                {
                    throw failure(
                        "nested deeper than \(YAMLReader.deepest) levels",
                        at: Place(line: number + 1, column: column + 1),
                        ["expected: at most \(YAMLReader.deepest) levels"])
                }
                previous = byte
            }
        }
    }

    /// Whether a value may start after these bytes of a line.
    private func isValueStart(_ before: ArraySlice<UInt8>) -> Bool {
        guard let last = before.last(where: { $0 != 0x20 }) else { return true }
        return ":-,[{?".utf8.contains(last)
    }
}
