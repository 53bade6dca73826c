import Canon
import Experiment

/// An expression over results: `median(errors[k=1].mixture, replicate) < 0.02`.
///
/// Beside the arithmetic of experiment files it has references to results by name (``Results``) and the
/// functions of ``SeriesFunction``.
/// Two sides are joined where the axes that both have agree.
package struct ResultExpression {
    /// As it was written.
    package let text: String
    private let expression: Expression
    private let references: [String: ResultReference]
    /// Where it stands in a larger text, for mistakes.
    private let offset: Int

    /// The functions, by name.
    package static let functions = SeriesFunction.allCases.map { $0.rawValue }

    /// Reads an expression about results.
    ///
    /// - Throws: ``ResultError`` with the place of the mistake.
    package init(_ text: String, about results: Results) throws(ResultError) {
        try self.init(text, about: results, at: 0)
    }

    /// Reads an expression that stands in a larger text; mistakes tell their place there.
    init(_ text: String, about results: Results, at offset: Int) throws(ResultError) {
        do throws(ResultError) {
            (expression, references) = try ResultExpression.read(text, results)
        } catch { throw error.moved(by: offset) }
        self.text = text
        self.offset = offset
    }

    private static func read(_ text: String, _ results: Results) throws(ResultError) -> (
        Expression, [String: ResultReference]
    ) {
        let scan = try ResultScanner(text, results)
        let expression: Expression
        do {
            expression = try Expression.parse(scan.text, functions: SeriesFunction.arguments)
        } catch {
            throw ResultExpression.told(error)
        }
        let references = scan.references
        for named in expression.names where references[named.name] == nil {
            guard ResultExpression.isAxis(named.offset, in: expression) else {
                throw ResultError(
                    "nothing is called `\(named.name)` here", at: named.offset,
                    ["expected a stage: \(ForeignTable.names(results.stages))"]
                        + nearest(named.name, among: results.stages)
                        + ["another stage is read once `results` names it: add `\(named.name)`"])
            }
        }
        return (expression, references)
    }

    /// The value, with its coordinates and where it came from.
    ///
    /// - Throws: ``ResultError`` for what does not fit; ``FormatError`` for a document that is none.
    package func value(in results: Results) throws -> Series {
        do { return try evaluate(expression, results) } catch let error as ResultError {
            throw error.moved(by: offset)
        }
    }

    private func evaluate(_ expression: Expression, _ results: Results) throws -> Series {
        switch expression {
        case .literal(let value): return Series(value)
        case .path(let name, _, let offset):
            guard let reference = references[name] else {
                throw ResultError("`\(name)` is no value", at: offset)
            }
            return try results.series(reference)
        case .call(let name, let arguments, let offset):
            return try call(name, arguments, offset, results)
        case .unary(let symbol, let operand, let offset):
            return try evaluate(operand, results).map { value throws(ResultError) in
                symbol == "not"
                    ? .bool(try !Operator.truth(value, offset))
                    : .number(-(try Operator.number(value, offset)))
            }
        case .binary(let symbol, let left, let right, let offset):
            return try combined(
                symbol, evaluate(left, results), evaluate(right, results), offset)
        case .chain(let first, let links):
            var value = try evaluate(first, results)
            for link in links {
                value = try combined(
                    link.symbol, value, evaluate(link.operand, results), link.offset)
            }
            return value
        }
    }

    private func combined(_ symbol: String, _ left: Series, _ right: Series, _ offset: Int)
        throws(ResultError) -> Series
    {
        try left.joined(right, at: offset) { a, b throws(ResultError) in
            try Operator.apply(symbol, a, b, offset)
        }
    }

    private func call(
        _ name: String, _ arguments: [Expression], _ offset: Int, _ results: Results
    ) throws -> Series {
        guard let function = SeriesFunction(rawValue: name) else {
            throw ResultError("unknown function `\(name)`", at: offset)
        }
        let first = try evaluate(arguments[0], results)
        if function.isElementwise {
            return try first.map { value throws(ResultError) in
                try function.value(of: value, offset)
            }
        }
        // A word alone is an axis where the values vary over one of this name; else it is a stage.
        // A text in quotes is an axis whose name is no word.
        var axes: [String] = []
        var others: [Series] = []
        for argument in arguments.dropFirst() {
            if case .path(let word, let members, let place) = argument, members.isEmpty,
                let axis = axis(word, place, of: first)
            {
                axes.append(axis)
            } else if case .literal(let value) = argument, let axis = value.text {
                axes.append(axis)
            } else {
                others.append(try evaluate(argument, results))
            }
        }
        return try function.reduce(first, over: axes, others, offset)
    }

    /// The axis that a word alone names; `nil` where it is a reference to results.
    private func axis(_ word: String, _ offset: Int, of series: Series) -> String? {
        guard let reference = references[word] else { return word }
        let isBare =
            reference.steps.isEmpty && reference.conditions.isEmpty && reference.output == nil
        return isBare && series.axes.contains(reference.stage) ? reference.stage : nil
    }

    /// Whether the name at a place is an argument by itself: then it names an axis.
    private static func isAxis(_ offset: Int, in expression: Expression) -> Bool {
        switch expression {
        case .literal, .path: return false
        case .call(let name, let arguments, _):
            let isReducer = SeriesFunction(rawValue: name)?.isElementwise == false
            return arguments.enumerated().contains { place, argument in
                if place > 0, isReducer, case .path(_, let members, let at) = argument {
                    return members.isEmpty && at == offset
                }
                return isAxis(offset, in: argument)
            }
        case .unary(_, let operand, _): return isAxis(offset, in: operand)
        case .binary(_, let left, let right, _):
            return isAxis(offset, in: left) || isAxis(offset, in: right)
        case .chain(let first, let links):
            return isAxis(offset, in: first)
                || links.contains { isAxis(offset, in: $0.operand) }
        }
    }

    private static func told(_ error: ExpressionError) -> ResultError {
        ResultError(error.message, at: error.offset, error.notes)
    }
}
