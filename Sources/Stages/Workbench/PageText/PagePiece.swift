import Experiment

/// Something that stands for results in the text of a page: `${…}`, or `{figure: …}` and its like.
struct PagePiece {
    /// What it is.
    enum Content {
        /// `$${`, which stands for `${`.
        case escape
        /// `${expression | format}`.
        case value
        /// `{word: value; option: value}`.
        case placing(Placing)
        /// What cannot be read; told where it stands in text, and no mistake in code.
        case broken(ResultError)
    }

    let content: Content
    /// As it was written.
    let written: String
    /// Where it stands in its file.
    let place: Place

    /// Where a mistake in it stands in its file.
    func place(of error: ResultError) -> Place {
        var place = self.place
        let before = written.prefix(error.offset)
        let lines = before.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline })
        if lines.count > 1 {
            place.line += lines.count - 1
            place.column = (lines.last?.count ?? 0) + 1
        } else {
            place.column += error.offset
        }
        place.length = 1
        return place
    }
}

/// A placing, as it was written: `{table: errors; columns: samples, loss; limit: 10}`.
struct Placing {
    /// A text and where it begins in the piece, in characters.
    struct Part {
        let text: String
        let offset: Int

        /// The text on one line, however it was wrapped.
        var line: String { text.split { $0.isWhitespace }.joined(separator: " ") }
    }

    /// What is placed, such as `table`.
    let word: Part
    /// What stands behind the word; empty where nothing does.
    let value: Part
    /// What stands behind each `;`.
    let options: [(name: Part, value: Part)]

    /// What can be placed, each with its options.
    static let words: [(name: String, options: [String])] = [
        ("figure", ["caption", "title", "x_label", "y_label", "names"]),
        ("table", ["columns", "across", "sort", "limit", "names", "caption"]),
        ("law", []),
        ("results", []),
        ("claims", ["as"]),
        ("claim", ["as"]),
    ]

    /// Reads what stands between the braces; the offset is that of its first character in the piece.
    ///
    /// - Throws: ``ResultError`` for a word or an option that there is not.
    init(_ text: [Character], at offset: Int) throws(ResultError) {
        let parts = Placing.split(text, at: offset, ";").filter { !$0.text.isEmpty }
        let pairs = parts.map { Placing.pair($0) }
        guard let first = pairs.first else { throw ResultError("nothing is placed", at: offset) }
        let known = Placing.words.map { $0.name }
        guard let allowed = Placing.words.first(where: { $0.name == first.name.text }) else {
            throw ResultError(
                "unknown placing `\(first.name.text)`", at: first.name.offset,
                ["expected: \(known.joined(separator: ", "))"]
                    + nearest(first.name.text, among: known))
        }
        word = first.name
        value = first.value
        options = Array(pairs.dropFirst())
        for option in options where !allowed.options.contains(option.name.text) {
            throw ResultError(
                "`\(word.text)` has no option `\(option.name.text)`", at: option.name.offset,
                [
                    allowed.options.isEmpty
                        ? "it takes no options"
                        : "expected: \(allowed.options.joined(separator: ", "))"
                ] + nearest(option.name.text, among: allowed.options))
        }
    }

    /// An option, without the quotes around it; `nil` where it is not given.
    subscript(option: String) -> Part? {
        options.first { $0.name.text == option }.map { Placing.unquoted($0.value) }
    }

    /// The words of the option `names`: `"r11" = "teacher 1", tail = eq. (6)`; empty where it is not given.
    ///
    /// - Throws: ``ResultError`` at an entry without its `=`.
    var names: [(own: Part, word: String)] {
        get throws(ResultError) {
            guard let written = options.first(where: { $0.name.text == "names" })?.value else {
                return []
            }
            var names: [(own: Part, word: String)] = []
            for part in Placing.split(Array(written.text), at: written.offset, ",") {
                let text = Array(part.text)
                guard let equals = Placing.equals(in: text) else {
                    throw ResultError(
                        "`\(part.text)` in `names` has no `=`", at: part.offset,
                        ["expected: the data's word = yours, such as error = \"test error\""])
                }
                let own = Placing.trimmed(Array(text[..<equals]), at: part.offset)
                let word = Placing.trimmed(
                    Array(text[(equals + 1)...]), at: part.offset + equals + 1)
                names.append((Placing.unquoted(own), Placing.unquoted(word).line))
            }
            return names
        }
    }

    /// The words of `names`, among those that the data have.
    ///
    /// - Throws: ``ResultError`` at a word that the data have not.
    func names(among own: [String]) throws(ResultError) -> [String: String] {
        var words: [String: String] = [:]
        for name in try names {
            guard own.contains(name.own.line) else {
                throw ResultError(
                    "nothing there is called `\(name.own.line)`", at: name.own.offset,
                    ["expected one of \(ForeignTable.names(own))"]
                        + nearest(name.own.line, among: own))
            }
            words[name.own.line] = name.word
        }
        return words
    }

    private static func pair(_ part: Part) -> (name: Part, value: Part) {
        let name = part.text.prefix { $0 != ":" }
        let rest = Array(part.text.dropFirst(name.count + 1))
        return (
            trimmed(Array(name), at: part.offset),
            trimmed(rest, at: part.offset + name.count + 1)
        )
    }

    /// The text without quotes around all of it.
    static func unquoted(_ part: Part) -> Part {
        guard part.text.count > 1, let quote = part.text.first, "'\"".contains(quote),
            part.text.last == quote, part.text.count(where: { $0 == quote }) == 2
        else { return part }
        return Part(text: String(part.text.dropFirst().dropLast()), offset: part.offset + 1)
    }

    /// The parts between separators that stand outside quotes and brackets, without blanks around them.
    static func split(_ text: [Character], at offset: Int, _ separator: Character) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var depth = 0
        var quote: Character?
        for (place, character) in text.enumerated() {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                let isApostrophe =
                    place > 0 && (text[place - 1].isLetter || text[place - 1].isNumber)
                if !isApostrophe { quote = character }
            } else if "([{".contains(character) {
                depth += 1
            } else if ")]}".contains(character) {
                depth -= 1
            } else if character == separator, depth == 0 {
                parts.append(trimmed(Array(text[start..<place]), at: offset + start))
                start = place + 1
            }
        }
        parts.append(trimmed(Array(text[start...]), at: offset + start))
        return parts
    }

    /// The place of a single `=` behind a title: no comparison, in no brackets.
    static func equals(in text: [Character]) -> Int? {
        var depth = 0
        var quote: Character?
        for (place, character) in text.enumerated() {
            if let open = quote {
                if character == open { quote = nil }
            } else if "\"'".contains(character) {
                quote = character
            } else if "([".contains(character) {
                depth += 1
            } else if ")]".contains(character) {
                depth -= 1
            } else if character == "=", depth == 0 {
                let next = place + 1 < text.count ? text[place + 1] : " "
                let before = place > 0 ? text[place - 1] : " "
                return next == "=" || "=<>!".contains(before) ? nil : place
            }
        }
        return nil
    }

    private static func trimmed(_ text: [Character], at offset: Int) -> Part {
        let lead = text.prefix { $0.isWhitespace }.count
        var rest = text.dropFirst(lead)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return Part(text: String(rest), offset: offset + lead)
    }
}
