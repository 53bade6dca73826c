import Canon
import Experiment
import System

/// Finds the references in an expression over results.
///
/// What is left is an expression like any other: each reference has become one letter that no expression has,
/// and blanks after it, so that all else keeps its place.
struct ResultScanner {
    /// The expression with letters for references.
    private(set) var text = ""
    /// The references by their letters.
    private(set) var references: [String: ResultReference] = [:]

    private let characters: [Character]
    private let results: Results
    /// Longest first, so that `law-width` is not read as `law` less `width`.
    private let stages: [[Character]]
    private var at = 0

    /// Scans an expression.
    ///
    /// - Throws: ``ResultError`` with the place of a mistake in a reference.
    init(_ source: String, _ results: Results) throws(ResultError) {
        characters = Array(source)
        self.results = results
        stages = results.stages.map { Array($0) }.sorted { $0.count > $1.count }
        while at < characters.count { try scan() }
    }

    private mutating func scan() throws(ResultError) {
        let character = characters[at]
        if character == "'" || character == "\"" {
            let end = characters[(at + 1)...].firstIndex(of: character) ?? characters.count - 1
            text += String(characters[at...end])
            at = end + 1
        } else if ResultScanner.isWord(character), let stage = stageHere() {
            try reference(stage)
        } else if ResultScanner.isWord(character) {
            // A word, or a number with its exponent: never looked into.
            repeat {
                text.append(characters[at])
                at += 1
            } while at < characters.count && ResultScanner.isWord(characters[at])
        } else {
            text.append(character)
            at += 1
        }
    }

    /// The name of the stage that begins here; `nil` where a function or another word does.
    private func stageHere() -> [Character]? {
        if at > 0, characters[at - 1] == "." { return nil }
        return stages.first { name in
            guard characters[at...].starts(with: name) else { return false }
            let end = at + name.count
            guard end < characters.count else { return true }
            return !ResultScanner.isWord(characters[end]) && characters[end] != "("
        }
    }

    private mutating func reference(_ stage: [Character]) throws(ResultError) {
        let start = at
        let name = String(stage)
        at += stage.count
        var conditions: [RowCondition] = []
        if next == "[" { conditions = try bracket().conditions }
        let output = try outputName(of: name)
        var steps: [ResultReference.Step] = []
        while next == "." || next == "[" {
            let offset = at
            if next == "." {
                at += 1
                steps.append(.member(try member(), offset: offset + 1))
                continue
            }
            let (tests, element) = try bracket()
            steps.append(
                element.map { .element($0, offset: offset) } ?? .filter(tests, offset: offset))
        }
        let letter = try letter(at: start)
        references[letter] = ResultReference(
            text: String(characters[start..<at]), stage: name, output: output,
            conditions: conditions, steps: steps, offset: start)
        text += letter + String(repeating: " ", count: at - start - 1)
    }

    private func letter(at offset: Int) throws(ResultError) -> String {
        guard references.count < 4096,
            let scalar = Unicode.Scalar(0x4E00 + UInt32(references.count))
        else {
            throw ResultError("more than 4,096 references in one expression", at: offset)
        }
        return String(Character(scalar))
    }

    /// `/weights` after a stage or its conditions.
    private mutating func outputName(of stage: String) throws(ResultError) -> String? {
        guard next == "/", at + 1 < characters.count, ResultScanner.isWord(characters[at + 1])
        else { return nil }
        let start = at + 1
        var end = start
        while end < characters.count,
            ResultScanner.isWord(characters[end]) || characters[end] == "-"
        {
            end += 1
        }
        let name = String(characters[start..<end])
        let known = results.outputs(of: stage)
        guard known.contains(name) else {
            throw ResultError(
                "`\(stage)` gives no output `\(name)` here", at: start,
                ["expected: \(known.joined(separator: ", "))"]
                    + nearest(name, among: known)
                    + [
                        "to read it, add `\(stage)/\(name)` to `results`; "
                            + "to divide, put blanks around the `/`"
                    ])
        }
        at = end
        return name
    }

    private mutating func member() throws(ResultError) -> String {
        if let quote = next, quote == "'" || quote == "\"" {
            guard let end = characters[(at + 1)...].firstIndex(of: quote) else {
                throw ResultError("the name does not end", at: at, ["expected: \(quote)"])
            }
            defer { at = end + 1 }
            return String(characters[(at + 1)..<end])
        }
        let start = at
        while let character = next, ResultScanner.isWord(character) { at += 1 }
        guard at > start else {
            throw ResultError(
                "expected the name of a member after `.`", at: at,
                ["a name that is no word stands in quotes: law.\"final-loss\""])
        }
        return String(characters[start..<at])
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private var next: Character? { at < characters.count ? characters[at] : nil }
}

// MARK: Brackets

extension ResultScanner {
    /// `[samples>=1000, model=polar]`, `[*]` or `[3]`.
    private mutating func bracket() throws(ResultError) -> (
        conditions: [RowCondition], element: Int?
    ) {
        let start = at
        at += 1
        var parts: [(text: String, offset: Int)] = []
        var part = ""
        var offset = at
        var quote: Character?
        while true {
            guard let character = next else {
                throw ResultError("`[` without its `]`", at: start, ["expected: `]`"])
            }
            at += 1
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "," || character == "]" {
                parts.append((part, offset))
                if character == "]" { break }
                (part, offset) = ("", at)
                continue
            }
            part.append(character)
        }
        let first = ResultScanner.trimmed(parts[0].text)
        if parts.count == 1, first == "*" { return ([], nil) }
        if parts.count == 1, let element = Int(first), element >= 0 { return ([], element) }
        var conditions: [RowCondition] = []
        for part in parts { conditions.append(try condition(part.text, at: part.offset)) }
        return (conditions, nil)
    }

    private func condition(_ text: String, at offset: Int) throws(ResultError) -> RowCondition {
        let symbols = Set<Character>("=!<>")
        let lead = ResultScanner.trimmed(String(text.prefix { !symbols.contains($0) }))
        let rest = text.drop { !symbols.contains($0) }
        var symbol = String(rest.prefix { symbols.contains($0) })
        let value = ResultScanner.trimmed(String(rest.dropFirst(symbol.count)))
        if symbol == "==" { symbol = "=" }
        let path = lead.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let comparison = ConditionSign(rawValue: symbol), !value.isEmpty,
            !path.contains("")
        else {
            throw ResultError(
                "expected a condition, found `\(ResultScanner.trimmed(text))`", at: offset,
                ["expected: NAME=VALUE, or != < <= > >=, such as samples>=1000; * for all"])
        }
        let isQuoted = value.count > 1 && (value.first == "'" || value.first == "\"")
        return RowCondition(
            path: path, comparison: comparison,
            bound: isQuoted ? String(value.dropFirst().dropLast()) : value,
            number: isQuoted ? nil : NumberStyle.point.number(value), offset: offset)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// What to say where a name is close to another.
func nearest(_ name: String, among known: [String]) -> [String] {
    nearestName(to: name, among: known).map { ["did you mean `\($0)`?"] } ?? []
}
