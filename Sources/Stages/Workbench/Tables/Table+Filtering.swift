import Canon
import Experiment
import System

extension Table {
    /// The rows for which a condition over the columns holds, with what was left out, in words.
    ///
    /// A row that lacks a value of the condition is left out.
    /// - Throws: ``FormatError`` for a condition that cannot be read, names no column, or is none.
    func filtered(where condition: String) throws -> (table: Table, remarks: [String]) {
        func refusal(_ reason: String) -> FormatError {
            FormatError("where: \(visible(condition)): \(reason)")
        }
        let expression: Expression
        do { expression = try Expression.parse(condition) } catch { throw refusal("\(error)") }
        var kept: [Int] = []
        var missing = 0
        var isTruth = true
        for row in rows.indices {
            do throws(ExpressionError) {
                let value = try expression.value(names(ofRow: row))
                guard let holds = value.bool else {
                    isTruth = false
                    break
                }
                if holds { kept.append(row) }
            } catch {
                if let name = error.unknownName { throw FormatError("where: \(lacks(name))") }
                guard error.isMissingValue else { throw refusal("\(error)") }
                missing += 1
            }
        }
        guard isTruth else { throw refusal("expected a condition, such as loss < 0.1") }
        guard !kept.isEmpty else {
            throw FormatError(
                "where: \(visible(condition)): expected a condition that holds for one row at least, "
                    + "found none of \(counted(rows.count, "row")); choose a wider one")
        }
        var remarks: [String] = []
        let others = rows.count - kept.count - missing
        if others > 0 {
            remarks.append("\(counted(others, "row")) outside of `\(visible(condition))`")
        }
        if missing > 0 {
            remarks.append("\(counted(missing, "row")) without a value of `\(visible(condition))`")
        }
        return (selected(kept), remarks)
    }
}
