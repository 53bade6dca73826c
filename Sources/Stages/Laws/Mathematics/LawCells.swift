import Canon
import Experiment
import Workbench

/// The cells of a table that a law needs, column by column.
struct LawCells {
    private let table: Table
    private let selection: LawData.Selection
    /// The inputs' columns, then y's.
    private let names: [String]
    private let cells: [[JSON]]
    private let groups, weights, limited, marks: [JSON]?

    /// Finds the columns.
    ///
    /// - Throws: ``FormatError`` naming the columns that there are.
    init(_ table: Table, inputs: [String], y: String, _ selection: LawData.Selection) throws {
        self.table = table
        self.selection = selection
        names = inputs + [y]
        cells = try names.map(table.points)
        groups = try selection.group.map(table.points)
        weights = try selection.weight.map(table.points)
        limited = try selection.limited.map(table.points)
        marks = try selection.train.map(table.points)
    }

    /// Whether the filter keeps a row; a row without a value that the filter needs is not kept.
    ///
    /// - Throws: ``FormatError`` where the filter says neither true nor false.
    func isWanted(_ row: Int) throws -> Bool {
        guard let filter = selection.filter else { return true }
        do {
            let answer = try filter.value(table.names(ofRow: row))
            if let isKept = answer.bool { return isKept }
            if answer == .null { return false }
            throw FormatError(
                "\(table.place(ofRow: row)): where: expected true or false, found "
                    + visible(answer.canonicalText, most: 60))
        } catch let error as ExpressionError {
            if error.isMissingValue { return false }
            throw FormatError("\(table.place(ofRow: row)): where: \(error)\(remedy(row, filter))")
        }
    }

    /// What to do where a column of the filter holds text, such as NaN, among numbers.
    private func remedy(_ row: Int, _ filter: Expression) -> String {
        let heads = filter.names.map { $0.name }
        for (place, name) in table.columns.enumerated() {
            guard heads.contains(where: { $0 == name || name.hasPrefix("\($0).") }),
                let text = table.rows[row][place].text
            else { continue }
            let word = visible(text, most: 20)
            return "; to leave such rows out, put `\(visible(name)) != \"\(word)\" and` before it"
        }
        return ""
    }

    /// The inputs of a row, and its y.
    ///
    /// - Throws: ``FormatError`` where one is no number that the law can take.
    func numbers(_ row: Int) throws -> (inputs: [Double], y: Double) {
        var numbers: [Double] = []
        for (place, name) in names.enumerated() {
            let domain = place < names.count - 1 ? selection.inputs : selection.output
            numbers.append(try number(row, name, cells[place][row], domain))
        }
        let y = numbers.removeLast()
        return (numbers, y)
    }

    /// Whether a row is held out; `first` is its first input.
    func isHeldOut(_ row: Int, first: Double) -> Bool {
        if let marks, marks[row] == 0 || marks[row] == false { return true }
        guard let limit = selection.limit else { return false }
        return (limited?[row].double ?? first) > limit
    }

    /// The weight of a row; 1 without a column of weights.
    ///
    /// - Throws: ``FormatError`` where it is not positive.
    func weight(_ row: Int) throws -> Double {
        guard let weights, let name = selection.weight else { return 1 }
        return try number(
            row, name, weights[row], NumberDomain(bound: 0, words: "a positive weight"))
    }

    /// What a row shares with its group; `nil` where every row is one by itself.
    func group(_ row: Int) -> JSON? { groups?[row] }

    private func number(
        _ row: Int, _ name: String, _ cell: JSON, _ domain: NumberDomain
    ) throws -> Double {
        if let number = domain.number(cell) { return number }
        throw FormatError(
            "\(table.place(ofRow: row)): expected \(domain.words) as `\(name)`, found "
                + "\(visible(cell.canonicalText, most: 60)); leave such rows out with `where`"
                + (cell.double == nil ? "" : domain.remedy))
    }
}
