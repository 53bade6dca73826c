import Canon
import Experiment

/// The forms in which a table is written.
package enum ResultTableFormat: String, CaseIterable, Sendable {
    /// Aligned columns for a terminal; numbers rounded to five digits.
    case text
    /// RFC 4180, all digits.
    case csv
    /// `bitlaw/table/1`: columns with role and type, rows.
    case json
    /// A table of Markdown.
    case markdown
    /// A `tabular` with the rules of the package booktabs.
    case latex
    /// A structured array of NumPy.
    case npy

    /// Whether people read it: what is written for programs leaves nothing out.
    package var isForPeople: Bool { [.text, .markdown, .latex].contains(self) }

    /// The bytes of a table.
    package func bytes(_ table: ResultTable) -> [UInt8] {
        switch self {
        case .text: Array((lines(table).joined(separator: "\n") + "\n").utf8)
        case .csv:
            Array(Table(columns: table.columns.map { $0.name }, rows: table.rows).csv().utf8)
        case .json: Array((ResultTableFormat.json(table).canonicalText + "\n").utf8)
        case .markdown: Array(markdown(table).utf8)
        case .latex: Array(latex(table).utf8)
        case .npy: StructuredArray(table).bytes
        }
    }

    /// A table for programs.
    static func json(_ table: ResultTable) -> JSON {
        [
            "format": "bitlaw/table/1",
            "columns": .array(
                table.columns.enumerated().map { place, column in
                    [
                        "name": .string(column.name), "role": .string(column.role.rawValue),
                        "type": .string(table.type(ofColumn: place)),
                    ]
                }),
            "rows": .array(table.rows.map { .array($0) }),
            "remarks": .array(table.remarks.map { .string($0) }),
        ]
    }

    // MARK: For people

    /// Aligned columns: numbers to the right, texts to the left; a line of names above.
    private func lines(_ table: ResultTable) -> [String] {
        let isNumeric = table.columns.indices.map { table.type(ofColumn: $0) == "number" }
        let cells = table.rows.map { row in row.map(ResultTableFormat.rounded) }
        let widths = table.columns.indices.map { place in
            max(table.columns[place].name.count, cells.map { $0[place].count }.max() ?? 0)
        }
        func line(_ texts: [String]) -> String {
            var line = ""
            for (place, text) in texts.enumerated() {
                let gap = String(repeating: " ", count: widths[place] - text.count)
                line += isNumeric[place] ? gap + text : text + gap
                if place < texts.count - 1 { line += "  " }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return [line(table.columns.map { $0.name })] + cells.map(line)
    }

    /// A cell for people: a number with five digits, a key by its beginning.
    static func rounded(_ value: JSON) -> String {
        guard let number = value.double else {
            if value == .null { return "–" }
            let text = value.text ?? value.canonicalText
            return (try? Digest(hex: text)).map { $0.short } ?? text
        }
        if number == number.rounded(), number.magnitude < 1e9 { return "\(Int(number))" }
        return ResultTableFormat.trimmed(Markup.significant(number, 5))
    }

    /// A decimal number without zeros at its end.
    private static func trimmed(_ text: String) -> String {
        guard text.contains("."), !text.contains("e") else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    private func markdown(_ table: ResultTable) -> String {
        func cell(_ text: String) -> String {
            text.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
                .replacing("<", with: "&lt;").replacing("\n", with: " ")
        }
        var text = "| " + table.columns.map { cell($0.name) }.joined(separator: " | ") + " |\n|"
        for place in table.columns.indices {
            text += table.type(ofColumn: place) == "number" ? "---:|" : "---|"
        }
        text += "\n"
        for row in table.rows {
            text +=
                "| " + row.map { cell(ResultTableFormat.rounded($0)) }.joined(separator: " | ")
                + " |\n"
        }
        return text
    }

    /// How many columns a `tabular` has at most: what a page of a journal holds.
    private static let mostColumns = 8

    /// One `tabular`, or several where columns are many: each begins with the axes that tell its rows apart.
    private func latex(_ table: ResultTable) -> String {
        let all = Array(table.columns.indices)
        let room = ResultTableFormat.mostColumns
        let leading = all.filter { table.columns[$0].role == .axis }.prefix(room / 2)
        let rest = all.filter { !leading.contains($0) }
        let step = room - leading.count
        var parts = [all]
        if all.count > room {
            parts = stride(from: 0, to: rest.count, by: step).map { start in
                Array(leading) + Array(rest[start..<min(rest.count, start + step)])
            }
        }
        return "% Written by bitlaw table; needs \\usepackage{booktabs}.\n"
            + parts.enumerated().map { place, columns in
                (parts.count > 1 ? "% Part \(place + 1) of \(parts.count).\n" : "")
                    + tabular(table, columns)
            }.joined(separator: "\n")
    }

    private func tabular(_ table: ResultTable, _ columns: [Int]) -> String {
        func line(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\\n" }
        let kinds = columns.map { table.type(ofColumn: $0) == "number" ? "r" : "l" }.joined()
        var text = "\\begin{tabular}{\(kinds)}\n\\toprule\n"
        text += line(columns.map { LaTeXText.escaped(table.columns[$0].name) })
        text += "\\midrule\n"
        for row in table.rows { text += line(columns.map { ResultTableFormat.latex(row[$0]) }) }
        return text + "\\bottomrule\n\\end{tabular}\n"
    }

    private static func latex(_ value: JSON) -> String {
        let text = rounded(value)
        guard value.double != nil else { return LaTeXText.escaped(text) }
        let plain = text.replacing("−", with: "-")
        guard let e = plain.firstIndex(of: "e") else { return "$\(plain)$" }
        return "$\(plain[..<e]) \\cdot 10^{\(plain[plain.index(after: e)...])}$"
    }
}
