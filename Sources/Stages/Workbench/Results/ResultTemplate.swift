import Canon
import Experiment

/// A text with values in it: `the error falls as n^${law[k=1].alpha | 2 decimals}`.
package struct ResultTemplate {
    /// A piece of the text.
    package enum Piece {
        /// Words, as they were written.
        case text(String)
        /// Values, and how they stand there.
        case value(ResultExpression, ResultFormat)
    }

    /// The pieces, in their order.
    package let pieces: [Piece]

    /// Reads a text; `$${` stands for `${`.
    ///
    /// - Throws: ``ResultError`` with the place in the text.
    package init(_ text: String, about results: Results) throws(ResultError) {
        let characters = Array(text)
        var pieces: [Piece] = []
        var plain = ""
        var at = 0
        while at < characters.count {
            if characters[at...].starts(with: "$${") {
                plain += "${"
                at += 3
            } else if characters[at...].starts(with: "${") {
                guard let end = closingBrace(in: characters, from: at + 2) else {
                    throw ResultError(
                        "`${` without its `}`", at: at, ["to write `${` itself, write `$${`"])
                }
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                pieces.append(
                    try ResultTemplate.piece(
                        String(characters[(at + 2)..<end]), at: at + 2, results))
                at = end + 1
            } else {
                plain.append(characters[at])
                at += 1
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        self.pieces = pieces
    }

    private static func piece(_ text: String, at offset: Int, _ results: Results)
        throws(ResultError) -> Piece
    {
        var expression = text
        var format = ResultFormat.plain
        if let bar = text.lastIndex(of: "|") {
            expression = String(text[..<bar])
            let name = String(text[text.index(after: bar)...])
            guard let known = ResultFormat(name) else {
                throw ResultError(
                    "unknown format `\(name)`",
                    at: offset + text.distance(from: text.startIndex, to: bar) + 1,
                    ["expected: \(ResultFormat.allowed)"])
            }
            format = known
        }
        return .value(try ResultExpression(expression, about: results, at: offset), format)
    }

    /// Why a text stands for no value; `nil` for any other text.
    package static func absence(_ text: String) -> String? {
        guard text.hasPrefix("no value ("), text.hasSuffix(")") else { return nil }
        return String(text.dropFirst("no value (".count).dropLast())
    }

    /// What stands for values: one alone, or several with what tells them apart.
    package static func text(_ series: Series, _ format: ResultFormat) -> String {
        if series.rows.isEmpty { return series.absence.map { "no value (\($0))" } ?? "no value" }
        if series.rows.count == 1 { return format.text(series.rows[0]) }
        let telling = series.axes.filter { axis in
            Set(series.rows.map { $0.labels[axis] ?? .null }).count > 1
                && axis.prefix { $0 != "." } != "row"
        }
        // Rows of one list stand in their order, and a number of a row tells a reader nothing.
        if telling.isEmpty { return series.rows.map(format.text).joined(separator: ", ") }
        return series.rows.map { row in
            let names = telling.compactMap { axis -> String? in
                guard let label = row.labels[axis] else { return nil }
                return label.double == nil
                    ? Series.text(of: label) : "\(axis) = \(Series.text(of: label))"
            }
            return "\(names.joined(separator: ", ")): \(format.text(row))"
        }.joined(separator: "; ")
    }
}
