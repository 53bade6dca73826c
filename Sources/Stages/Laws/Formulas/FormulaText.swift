import Canon
import Experiment
import Workbench

/// A formula as it is written: an expression, then what its abbreviations stand for.
///
/// `10^(a*log10(N) + b*log10(Eh)) where Eh = 1/(1/(E - 1) + 1/Em); Em = 2*x` has two definitions. A later one
/// may use an earlier one.
struct FormulaText {
    /// What formulas may call besides the functions of every expression.
    static let functions: [String: ClosedRange<Int>] = Expression.functions
        .filter { !["round", "floor", "ceil"].contains($0.key) }
        .merging([
            "log": 1...1, "log10": 1...1, "logistic": 1...1, "tanh": 1...1, "sum": 1...1,
            "if": 3...3,
        ]) { $1 }

    /// The law.
    let law: Expression
    /// Names and what they stand for, in order.
    let definitions: [(name: String, meaning: Expression)]

    /// Reads a formula.
    ///
    /// - Throws: ``FormatError`` with the place of the mistake in the text.
    init(_ text: String) throws {
        do throws(ExpressionError) { try self.init(reading: text) } catch {
            let notes = error.notes.map { "; \($0)" }.joined()
            throw FormatError(
                "form: \(error.message) at character \(error.offset + 1) of `\(text)`\(notes)")
        }
    }

    /// Reads a formula.
    ///
    /// - Throws: ``ExpressionError`` with the place of the mistake in the text.
    init(reading text: String) throws(ExpressionError) {
        func mistake(_ offset: Int, _ message: String) -> ExpressionError {
            ExpressionError(offset: offset, message: message, notes: [])
        }
        let words = FormulaText.split(Array(text), at: " where ")
        law = try FormulaText.parse(words[0].text, offset: 0)
        guard words.count < 3 else {
            throw mistake(
                words[2].offset - 6,
                "expected `where` once, found it twice; join definitions with `;`")
        }
        var definitions: [(name: String, meaning: Expression)] = []
        for (part, start) in words.count == 2
            ? FormulaText.split(Array(words[1].text), at: ";") : []
        {
            let start = words[1].offset + start
            guard let sign = part.firstIndex(of: "="),
                case let name = part[..<sign].trimmed, FormulaText.isName(name)
            else {
                throw mistake(
                    start, "expected `name = expression` after `where`, found `\(part.trimmed)`")
            }
            guard !definitions.contains(where: { $0.name == name }) else {
                throw mistake(start, "`\(name)` is defined twice after `where`")
            }
            let offset = start + part.distance(from: part.startIndex, to: sign) + 1
            let meaning = String(part[part.index(after: sign)...])
            definitions.append((name, try FormulaText.parse(meaning, offset: offset)))
        }
        self.definitions = definitions
    }

    /// The names of columns and parameters in it, in their order, each once.
    var names: [String] {
        let own = definitions.map { $0.name }
        var seen: Set<String> = []
        let all = law.allNames + definitions.flatMap { $0.meaning.allNames }
        return all.filter { !own.contains($0) && seen.insert($0).inserted }
    }

    /// Whether it has no such name, whatever columns there are: those that a sum goes over are in a table.
    func lacks(_ name: String) -> Bool {
        let isSum = ([law] + definitions.map { $0.meaning }).contains { $0.calls("sum") }
        return !isSum && !names.contains(name)
    }

    /// Whether a text is a formula rather than the name of a form.
    static func isFormula(_ text: String) -> Bool {
        text.contains { "+*/^() ".contains($0) } || FormulaText.isName(text) && text.count == 1
    }

    /// Reads an expression that begins somewhere in a text.
    private static func parse(_ part: String, offset: Int) throws(ExpressionError) -> Expression {
        do { return try Expression.parse(part, functions: functions) } catch {
            throw ExpressionError(
                offset: offset + error.offset, message: error.message, notes: error.notes)
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    /// The parts of a text between separators that stand outside of parentheses.
    private static func split(
        _ characters: [Character], at separator: String
    ) -> [(text: String, offset: Int)] {
        let mark = Array(separator)
        var parts: [(text: String, offset: Int)] = []
        var (start, depth, at) = (0, 0, 0)
        while at < characters.count {
            if characters[at] == "(" { depth += 1 }
            if characters[at] == ")" { depth -= 1 }
            if depth == 0, at + mark.count <= characters.count,
                zip(mark, characters[at...]).allSatisfy({ isSame($0, $1) })
            {
                parts.append((String(characters[start..<at]), start))
                at += mark.count
                start = at
            } else {
                at += 1
            }
        }
        return parts + [(String(characters[start...]), start)]
    }

    /// Whether characters are equal, where any white space is a blank.
    private static func isSame(_ mark: Character, _ other: Character) -> Bool {
        mark == " " ? other.isWhitespace : mark == other
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }
}
