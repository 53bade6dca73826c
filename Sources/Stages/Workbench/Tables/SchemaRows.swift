import Canon
import Experiment

/// The rows of a file by what a schema makes of them.
struct SchemaRows {
    var table: Table
    /// How many a filter left out.
    var filtered = 0
    /// Those that do not fit, in the order of the file.
    var bad: [ForeignTable.Misfit]
}

extension TableSchema {
    /// Makes rows of a table from the rows of a file.
    ///
    /// - Throws: ``FormatError`` naming a column that the file does not have.
    func sorted(_ file: ForeignTable, of producer: String) throws(FormatError) -> SchemaRows {
        let values = try columns.map { column throws(FormatError) in
            guard let found = file.table[column: column.from] else {
                throw FormatError("\(producer): \(file.table.lacks(column.from))")
            }
            return found
        }
        let declared = Set(names)
        let used = derived.map { $0.expression } + filters
        let needsOthers = used.contains { $0.names.contains { !declared.contains($0.name) } }
        var rows = SchemaRows(table: Table(columns: names), bad: file.misfits)
        for row in file.table.rows.indices {
            var known = needsOthers ? typed(file.table.names(ofRow: row)) : [:]
            let outcome = outcome(of: values.map { $0[row] }, &known)
            switch outcome {
            case .kept(let row): rows.table.append(row)
            case .filtered: rows.filtered += 1
            case .bad(let reason):
                rows.bad.append(
                    ForeignTable.Misfit(part: file.table.part(ofRow: row), reason: reason))
            }
        }
        if !file.misfits.isEmpty { rows.bad.sort { $0.part.number < $1.part.number } }
        return rows
    }

    private enum Outcome {
        case kept([JSON])
        case filtered
        case bad(String)
    }

    /// The columns that are not declared, for expressions.
    private func typed(_ values: [String: JSON]) -> [String: JSON] {
        values.mapValues { value in
            value.text.flatMap(numbers.number).map { .number($0) } ?? value
        }
    }

    /// What becomes of a row: filters come first, so that what they leave out is never bad.
    private func outcome(of values: [JSON], _ known: inout [String: JSON]) -> Outcome {
        var row: [JSON] = []
        var unknown: Set<String> = []
        var fault: String?
        func note(_ name: String, _ reason: String) {
            unknown.insert(name)
            fault = fault ?? reason
        }
        for (column, value) in zip(columns, values) {
            known[column.name] = nil
            switch typed(value, column) {
            case .success(let value):
                row.append(value)
                known[column.name] = value
            case .failure(let error): note(column.name, error.description)
            }
        }
        for one in derived {
            known[one.name] = nil
            if one.expression.names.contains(where: { unknown.contains($0.name) }) {
                unknown.insert(one.name)
                continue
            }
            do {
                let value = try one.expression.value(known)
                row.append(value)
                known[one.name] = value
            } catch { note(one.name, "\(one.name): \(error)") }
        }
        for filter in filters {
            if filter.names.contains(where: { unknown.contains($0.name) }) { continue }
            do {
                let answer = try filter.value(known)
                if answer == false { return .filtered }
                if answer != true {
                    note("", "where: expected true or false, found \(answer.canonicalText)")
                }
            } catch { note("", "where: \(error)") }
        }
        return fault.map { .bad($0) } ?? .kept(row)
    }

    /// A value of the file as its column's type.
    private func typed(_ value: JSON, _ column: Column) -> Result<JSON, FormatError> {
        func bad(_ expected: String) -> Result<JSON, FormatError> {
            var reason = "column `\(visible(column.from))`: expected \(expected), found "
            reason += value == .null ? "none" : visible(value.canonicalText)
            if numbers == .point, let text = value.text, NumberStyle.isDecimalComma(text) {
                reason += " (with a decimal comma? set decimal: \",\")"
            }
            return .failure(FormatError(reason))
        }
        guard value != .null else { return bad("a value") }
        if column.type == "text" { return .success(.string(value.text ?? value.canonicalText)) }
        let number = value.double ?? value.text.flatMap(numbers.number)
        if column.type == "integer" {
            guard let number, number == number.rounded(), number.magnitude < 0x1p53 else {
                return bad("a whole number")
            }
            return .success(.number(number))
        }
        guard let number else { return bad("a number") }
        return .success(.number(number))
    }
}
