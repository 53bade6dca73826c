import Canon
import Experiment
import Numerics
import Workbench

/// Turns an expression into a formula: names that are columns become inputs, all others parameters.
struct FormulaReader {
    /// The inputs found so far, by the names in the formula.
    private(set) var inputs: [String] = []
    /// The parameters found so far.
    private(set) var parameters: [String] = []
    /// Which names are columns.
    private let isColumn: (String) -> Bool
    /// The columns of families such as `r_academic`, by what comes before the last part.
    private let columns: [String]
    private var definitions: [String: Formula] = [:]

    /// Reads a formula.
    ///
    /// - Parameters:
    ///   - text: the formula and its definitions.
    ///   - columns: the names that stand for columns.
    ///   - declared: names that are parameters although a column has them too.
    /// - Returns: The formula, and the reader with the inputs and parameters that it found.
    /// - Throws: ``FormatError``.
    static func read(
        _ text: FormulaText, columns: [String], declared: Set<String>
    ) throws -> (formula: Formula, reader: FormulaReader) {
        var reader = FormulaReader(columns, declared)
        // Sizes and tokens come first, as in the forms by name: allocations read them by place.
        let all = text.law.allNames + text.definitions.flatMap { $0.meaning.allNames }
        if all.contains("N") && all.contains("D") {
            reader.inputs = ["N", "D"].filter(reader.isColumn)
        }
        for (name, meaning) in text.definitions {
            guard !columns.contains(name) || declared.contains(name) else {
                throw FormatError(
                    "form: `\(name)` is defined after `where`, and a column has that name too; "
                        + "rename one")
            }
            reader.definitions[name] = try reader.formula(meaning, [:])
        }
        let formula = try reader.formula(text.law, [:])
        return (formula, reader)
    }

    private init(_ columns: [String], _ declared: Set<String>) {
        self.columns = columns.filter { !declared.contains($0) }
        let known = Set(self.columns)
        isColumn = { known.contains($0) }
    }

    /// The formula of an expression; `family` replaces index letters within a sum.
    private mutating func formula(
        _ expression: Expression, _ family: [String: String]
    ) throws -> Formula {
        switch expression {
        case .literal(let value):
            guard let number = value.double else {
                throw FormatError(
                    "form: expected a number, found \(value.canonicalText); formulas have no texts")
            }
            return .number(number)
        case .path(let name, let members, _):
            return named(([name] + members.map { $0.name }).joined(separator: "."), family)
        case .unary("not", let operand, _): return .apply(.not, try formula(operand, family))
        case .unary(_, let operand, _): return .apply(.negate, try formula(operand, family))
        case .binary(let symbol, let left, let right, _):
            return FormulaReader.combined(
                symbol, try formula(left, family), try formula(right, family))
        case .chain(let first, let links):
            var result = try formula(first, family)
            for link in links {
                result = FormulaReader.combined(
                    link.symbol, result, try formula(link.operand, family))
            }
            return result
        case .call("sum", let arguments, _): return try sum(arguments[0], family)
        case .call(let name, let arguments, _):
            return FormulaReader.called(name, try arguments.map { try formula($0, family) })
        }
    }

    /// A column, an abbreviation or a parameter.
    private mutating func named(_ written: String, _ family: [String: String]) -> Formula {
        var name = written
        for (index, suffix) in family where written.hasSuffix("_" + index) {
            name = String(written.dropLast(index.count)) + suffix
        }
        if isColumn(name) {
            if let place = inputs.firstIndex(of: name) { return .input(place) }
            inputs.append(name)
            return .input(inputs.count - 1)
        }
        if let meaning = definitions[name] { return meaning }
        if let place = parameters.firstIndex(of: name) { return .parameter(place) }
        parameters.append(name)
        return .parameter(parameters.count - 1)
    }

    private static func combined(_ symbol: String, _ a: Formula, _ b: Formula) -> Formula {
        switch symbol {
        case "+": .combine(.add, a, b)
        case "-": .combine(.subtract, a, b)
        case "*": .combine(.multiply, a, b)
        case "/": .combine(.divide, a, b)
        case "^": .combine(.power, a, b)
        case "<": .combine(.less, a, b)
        case "<=": .combine(.lessEqual, a, b)
        case ">": .combine(.less, b, a)
        case ">=": .combine(.lessEqual, b, a)
        case "==": .combine(.equal, a, b)
        case "!=": .apply(.not, .combine(.equal, a, b))
        case "and": .combine(.and, a, b)
        default: .combine(.or, a, b)
        }
    }

    private static func called(_ name: String, _ arguments: [Formula]) -> Formula {
        let first = arguments[0]
        switch name {
        case "log": return .apply(.log, first)
        case "log10": return .combine(.divide, .apply(.log, first), .apply(.log, .number(10)))
        case "log2": return .combine(.divide, .apply(.log, first), .apply(.log, .number(2)))
        case "exp": return .apply(.exp, first)
        case "sqrt": return .apply(.sqrt, first)
        case "logistic": return .apply(.logistic, first)
        case "tanh": return .apply(.tanh, first)
        case "abs": return .apply(.abs, first)
        case "if": return .choose(first, arguments[1], arguments[2])
        default:
            let operation: Formula.Operation = name == "min" ? .min : .max
            return arguments.dropFirst().reduce(first) { .combine(operation, $0, $1) }
        }
    }

    /// The sum over a family of columns, such as `r_academic` and `r_prose` for `r_j`.
    private mutating func sum(
        _ body: Expression, _ family: [String: String]
    ) throws -> Formula {
        let indexed = body.allNames.filter { !isColumn($0) }.compactMap {
            name -> (stem: String, index: String)? in
            guard let mark = name.lastIndex(of: "_"), mark > name.startIndex else { return nil }
            let index = String(name[name.index(after: mark)...])
            guard index.count == 1, index.first?.isLetter == true, family[index] == nil else {
                return nil
            }
            return (String(name[..<mark]), index)
        }
        let stems = indexed.map { one in
            (
                one,
                columns.filter { $0.hasPrefix(one.stem + "_") }.map {
                    String($0.dropFirst(one.stem.count + 1))
                }
            )
        }.filter { !$0.1.isEmpty }
        guard let first = stems.first else {
            let found = indexed.map { "\($0.stem)_\($0.index)" }.joined(separator: ", ")
            throw FormatError(
                "form: expected a sum over a family of columns, such as sum(t_j * r_j) with columns "
                    + "r_a and r_b; found \(found.isEmpty ? "no indexed name" : found)")
        }
        for other in stems.dropFirst() where other.0.index == first.0.index {
            guard Set(other.1) == Set(first.1) else {
                throw FormatError(
                    "form: `\(first.0.stem)_\(first.0.index)` has \(first.1.joined(separator: ", "))"
                        + " and `\(other.0.stem)_\(first.0.index)` has "
                        + "\(other.1.joined(separator: ", ")); expected the same columns")
            }
        }
        var result: Formula?
        for suffix in first.1 {
            let term = try formula(body, family.merging([first.0.index: suffix]) { $1 })
            result = result.map { .combine(.add, $0, term) } ?? term
        }
        return result ?? .number(0)
    }
}

extension Expression {
    /// Every name in the expression, members joined by dots.
    var allNames: [String] {
        switch self {
        case .literal: []
        case .path(let name, let members, _):
            [([name] + members.map { $0.name }).joined(separator: ".")]
        case .call(_, let arguments, _): arguments.flatMap { $0.allNames }
        case .unary(_, let operand, _): operand.allNames
        case .binary(_, let left, let right, _): left.allNames + right.allNames
        case .chain(let first, let links): first.allNames + links.flatMap { $0.operand.allNames }
        }
    }

    /// Whether it calls a function somewhere.
    func calls(_ function: String) -> Bool {
        switch self {
        case .literal, .path: false
        case .call(let name, let arguments, _):
            name == function || arguments.contains { $0.calls(function) }
        case .unary(_, let operand, _): operand.calls(function)
        case .binary(_, let left, let right, _): left.calls(function) || right.calls(function)
        case .chain(let first, let links):
            first.calls(function) || links.contains { $0.operand.calls(function) }
        }
    }
}
