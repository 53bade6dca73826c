import Canon

/// Reads YAML into a tree with places; every way in which bytes can fail to be an experiment file
/// becomes a diagnostic.
package struct YAMLReader {
    /// The largest experiment file.
    static let largest = 32 << 20
    /// The text, for diagnostics.
    package let source: SourceText
    private let bytes: [UInt8]
    /// Which of the texts of an experiment this is, for the places in it.
    var number = 0

    /// Takes the bytes of a file; the path is for messages.
    ///
    /// The byte order mark that some editors put first is no part of the text.
    /// - Throws: ``ExperimentError`` for a file that is too large or not UTF-8.
    package init(path: String, bytes: [UInt8]) throws {
        try YAMLReader.checkSize(bytes.count, path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError([YAMLReader.invalidUTF8(path: path, bytes: bytes)])
        }
        let hasMark = text.unicodeScalars.first == "\u{FEFF}"
        let rest = hasMark ? String(text.unicodeScalars.dropFirst()) : text
        self.bytes = Array(rest.utf8)
        source = SourceText(path: path, text: rest)
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
        let byte = String(bytes[min(good, bytes.count - 1)], radix: 16)
        return Diagnostic(
            "byte \(good) (0x\(byte)) is not UTF-8", at: place(of: good, in: bytes),
            in: SourceText(path: path, text: ""), notes: ["save the file as UTF-8"])
    }

    /// The document.
    ///
    /// - Throws: ``ExperimentError`` for what is not YAML, and for what an experiment file may not have.
    package func read() throws -> YAMLValue {
        guard let root = try readIfAny() else {
            throw failure(
                "the file is empty", at: nil,
                ["expected: experiment, seed, axes, stages; see bitlaw schema"])
        }
        return root
    }

    /// The document; `nil` where there is nothing but blanks and comments.
    ///
    /// - Throws: ``ExperimentError`` as ``read()`` does.
    package func readIfAny() throws -> YAMLValue? {
        try refuseUnusualLineEnds()
        var events = YAMLEvents(bytes)
        var tree = YAMLTree(source: source)
        while true {
            var event: YAMLEvent
            do { event = try events.next() } catch { throw ExperimentError([diagnostic(error)]) }
            if case .streamEnd = event.kind { break }
            event.place.text = number
            if tree.root != nil {
                guard case .documentStart = event.kind else { continue }
                throw failure(
                    "a second document starts here", at: event.place,
                    ["expected: one experiment a file; remove the line ---"])
            }
            try tree.take(event)
        }
        return tree.root
    }

    private func failure(_ message: String, at place: Place?, _ notes: [String]) -> ExperimentError
    {
        ExperimentError([Diagnostic(message, at: place, in: source, notes: notes)])
    }

    private func diagnostic(_ problem: YAMLProblem) -> Diagnostic {
        switch problem.at {
        case .byte(let offset):
            return Diagnostic(
                "not YAML: \(problem.reason)", at: YAMLReader.place(of: offset, in: bytes),
                in: source,
                notes: ["remove the character, or write it as an escape in double quotes"])
        case .place(let place):
            return Diagnostic(
                "not YAML: \(problem.reason)", at: place, in: source,
                notes: [
                    unquotedExpression(at: place)
                        ?? "check indentation (spaces, no tabs), quotes and colons"
                ])
        }
    }

    /// The advice for `{count: ${n}}`, where YAML takes the brace for a mapping.
    private func unquotedExpression(at place: Place) -> String? {
        guard place.line <= source.lines.count, place.column > 1 else { return nil }
        let rest = source.lines[place.line - 1].unicodeScalars.dropFirst(place.column - 2)
        guard rest.starts(with: "${".unicodeScalars) else { return nil }
        guard let end = rest.firstIndex(of: "}") else { return "quote it: \"${…}\"" }
        return "quote it: \"\(String(rest[...end]))\""
    }

    /// Refuses what YAML takes for the end of a line and no editor does.
    private func refuseUnusualLineEnds() throws {
        for offset in bytes.indices where bytes[offset] == 0xC2 || bytes[offset] == 0xE2 {
            let code: String
            switch bytes[offset...].prefix(3) {
            case [0xE2, 0x80, 0xA8]: code = "2028"
            case [0xE2, 0x80, 0xA9]: code = "2029"
            case let next where next.prefix(2) == [0xC2, 0x85]: code = "0085"
            default: continue
            }
            throw failure(
                "the character U+\(code), which YAML takes for the end of a line",
                at: YAMLReader.place(of: offset, in: bytes),
                ["remove it, or write it as \"\\u\(code)\" in double quotes"])
        }
    }

    /// Where a byte stands.
    private static func place(of offset: Int, in bytes: [UInt8]) -> Place {
        let before = String(decoding: bytes[..<min(offset, bytes.count)], as: UTF8.self)
        let lines = SourceText(path: "", text: before).lines
        return Place(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}

extension YAMLReader {
    /// The tree of a further file of an experiment; `nil` after a mistake, which is told.
    static func tree(_ path: String, _ bytes: [UInt8], _ diagnostics: Diagnostics) -> YAMLValue? {
        do {
            var reader = try YAMLReader(path: path, bytes: bytes)
            reader.number = diagnostics.add(reader.source)
            return try reader.read()
        } catch let error as ExperimentError {
            diagnostics.add(error)
        } catch {}
        return nil
    }
}
