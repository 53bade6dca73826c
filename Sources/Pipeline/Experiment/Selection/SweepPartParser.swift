import Canon

/// Reads a part of a sweep: `STAGE[AXIS.MEMBER OP VALUE, …]` or `STAGE[*]`.
struct SweepPartParser {
    private let text: String
    /// Scalars, not characters: a combining sign after `=` belongs to the value.
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// The stage and what its actions have to pass.
    ///
    /// - Throws: ``TargetError`` with the column.
    mutating func part() throws(TargetError) -> (stage: String, tests: [CoordinateTest]) {
        let stage = take { $0 != "[" }
        index += 1
        skipSpaces()
        var tests: [CoordinateTest] = []
        if next == "*" {
            index += 1
            skipSpaces()
        } else {
            tests.append(try test())
            while next == "," {
                index += 1
                tests.append(try test())
            }
        }
        guard next == "]" else { throw error("expected `,` or `]`, found \(found)") }
        index += 1
        skipSpaces()
        guard next == nil else { throw error("expected the end after `]`, found \(found)") }
        return (stage, tests)
    }

    private mutating func test() throws(TargetError) -> CoordinateTest {
        skipSpaces()
        let start = index
        let path = trimmed(take { !"=!<>,[]".unicodeScalars.contains($0) })
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map {
            trimmed(String($0))
        }
        guard !names.contains("") else {
            if path.isEmpty { throw error("expected an axis, found \(found)") }
            index = start
            throw error("expected an axis and its members, found `\(path)`")
        }
        let comparison = try comparison(after: path)
        skipSpaces()
        let bound = try value(after: "\(path)\(comparison.rawValue)")
        let written = trimmed(string(start..<index))
        skipSpaces()
        return CoordinateTest(
            names: names, comparison: comparison, bound: bound, text: written, column: start + 1)
    }

    private mutating func comparison(after path: String) throws(TargetError)
        -> ConditionSign
    {
        let start = index
        let symbol = take { "=!<>".unicodeScalars.contains($0) }
        if symbol == "==" { return .equal }
        if let comparison = ConditionSign(rawValue: symbol) { return comparison }
        index = start
        throw error(
            "expected a comparison after `\(path)` (= == != < <= > >=), found "
                + (symbol.isEmpty ? found : "`\(symbol)`"))
    }

    // MARK: Values

    private mutating func value(after lead: String) throws(TargetError) -> WrittenValue {
        switch next {
        case "\"", "{", "[":
            return try delimited()
        case "'":
            let start = index
            index += 1
            let inner = take { $0 != "'" }
            guard next == "'" else {
                index = start
                throw error("the text does not end; expected `'` after it")
            }
            index += 1
            return .quoted(inner)
        default:
            let word = trimmed(take { $0 != "," && $0 != "]" })
            if word.isEmpty { throw error("expected a value after `\(lead)`, found \(found)") }
            return word == "*" ? .any : .bare(word)
        }
    }

    /// A value in quotes or brackets, or the label of a long one, which lacks their end.
    private mutating func delimited() throws(TargetError) -> WrittenValue {
        let start = index
        do throws(TargetError) {
            let isText = next == "\""
            let value = try json(isText ? "a text in quotes" : "a mapping or a list as JSON")
            let end = index
            skipSpaces()
            if next == nil || next == "," || next == "]" {
                index = end
                return isText ? .quoted(value.text ?? "") : .structure(value)
            }
            throw error("expected `,` or `]`, found \(found)")
        } catch {
            let failed = index
            index = start
            if let label = longLabel() { return .bare(label) }
            index = failed
            throw error
        }
    }

    /// The beginning of a long value with its digest, as it stands in the names of actions: `…~` and 16
    /// digits.
    private mutating func longLabel() -> String? {
        let length = 17
        var end = index
        while end + length < scalars.count {
            let digits = scalars[(end + 1)..<(end + length)]
            if scalars[end] == "~", digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
                ",]".unicodeScalars.contains(scalars[end + length])
            {
                defer { index = end + length }
                return string(index..<(end + length))
            }
            end += 1
        }
        return nil
    }

    /// A value that JSON delimits: as far as its brackets and quotes are closed.
    private mutating func json(_ what: String) throws(TargetError) -> JSON {
        let start = index
        var depth = 0
        var isQuoted = false
        repeat {
            guard let scalar = next else {
                index = start
                throw error("expected \(what), found one that does not end")
            }
            index += 1
            if isQuoted {
                if scalar == "\\" { index += 1 } else if scalar == "\"" { isQuoted = false }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "{" || scalar == "[" {
                depth += 1
            } else if scalar == "}" || scalar == "]" {
                depth -= 1
            }
        } while depth > 0 || isQuoted
        index = min(index, scalars.count)
        let written = string(start..<index)
        guard let value = try? JSON(parsing: written) else {
            index = start
            throw error("expected \(what), found `\(written)`")
        }
        return value
    }

    // MARK: Scalars

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private var found: String { next.map { "`\($0)`" } ?? "the end" }

    private mutating func take(_ isTaken: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let scalar = next, isTaken(scalar) { index += 1 }
        return string(start..<index)
    }

    private mutating func skipSpaces() { _ = take { $0.properties.isWhitespace } }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }

    private func error(_ message: String) -> TargetError {
        TargetError(
            "target `\(text)`, column \(index + 1): \(message)",
            [
                "expected: a part of a sweep, such as train[n=2], train[n>=1000, model.name=polar], train[*]"
            ])
    }
}
