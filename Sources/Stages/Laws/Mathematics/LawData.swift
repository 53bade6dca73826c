import Canon
import Experiment
import System
import Workbench

/// The points of a law: fitted, held out, grouped.
struct LawData {
    /// The columns of the form's inputs.
    let columns: [String]
    let yName: String
    /// A column for each input.
    var x: [[Double]]
    var y: [Double] = []
    var weights: [Double] = []
    var heldOutX: [[Double]]
    var heldOutY: [Double] = []
    /// Points that are resampled together.
    var groups: [[Int]] = []
    /// Rows that the filter left out.
    var excluded = 0
    /// Points that were given more than once.
    let repeated: RepeatedPoints
    /// The digest of the fitted rows as CSV.
    let digest: Digest
    /// Where the points were read.
    private let table: Table
    /// The columns that the law uses.
    private let used: Set<String>
    /// The rows of the fitted points.
    private var rows: [Int] = []
    /// What the groups are called; empty where every point is one.
    private var keys: [JSON] = []

    /// Which rows count, how much, and for what.
    struct Selection {
        /// Only rows for which this holds are read.
        var filter: Expression?
        /// Rows that agree on this column are a group; every row is one by itself without it.
        var group: String?
        /// The column of weights.
        var weight: String?
        /// Held out is what lies beyond this in the column `limited`, or in the first input.
        var limit: Double?
        var limited: String?
        /// Held out is what has 0 or false in this column.
        var train: String?
        /// What the inputs and y may be.
        var inputs = NumberDomain.positive
        var output = NumberDomain.positive
    }

    /// Reads points; rows that the filter leaves out are not looked at.
    ///
    /// - Throws: ``FormatError`` naming the row that does not fit, or the column that is not there.
    init(
        _ table: Table, columns: [String], y yName: String, _ selection: Selection = Selection()
    ) throws {
        self.table = table
        self.columns = columns
        self.yName = yName
        let named = columns + [yName, selection.weight, selection.train].compactMap { $0 }
        let within = named.flatMap { (try? Expression.parse($0))?.names.map { $0.name } ?? [] }
        used = Set(named + within)
        let cells = try LawCells(table, inputs: columns, y: yName, selection)
        x = columns.map { _ in [] }
        heldOutX = x
        var byGroup: [JSON: Int] = [:]
        var fitted = Table(columns: columns + [yName])
        for row in table.rows.indices {
            guard try cells.isWanted(row) else {
                excluded += 1
                continue
            }
            let (inputs, value) = try cells.numbers(row)
            if cells.isHeldOut(row, first: inputs[0]) {
                for (place, number) in inputs.enumerated() { heldOutX[place].append(number) }
                heldOutY.append(value)
                continue
            }
            weights.append(try cells.weight(row))
            let key = cells.group(row)
            if let known = key.flatMap({ byGroup[$0] }) {
                groups[known].append(y.count)
            } else {
                if let key {
                    byGroup[key] = groups.count
                    keys.append(key)
                }
                groups.append([y.count])
            }
            for (place, number) in inputs.enumerated() { x[place].append(number) }
            y.append(value)
            rows.append(row)
            fitted.append(inputs.map { .number($0) } + [.number(value)])
        }
        digest = Digest(of: Array(fitted.csv().utf8).span)
        repeated = RepeatedPoints(table, rows: rows, x: x, y: y, groups: groups)
    }

    /// Where a fitted point was read, in words for a message.
    func place(ofPoint point: Int) -> String { table.place(ofRow: rows[point]) }

    /// The columns that the law does not use, with their cells for the fitted points; none that hold objects.
    var otherColumns: [(name: String, cells: [JSON])] {
        table.columns.indices.filter { !used.contains(table.columns[$0]) }.compactMap { place in
            let cells = rows.map { table.rows[$0][place] }
            return cells.contains { $0.members != nil } ? nil : (table.columns[place], cells)
        }
    }

    /// Whether a column says which points are a group.
    var isGrouped: Bool { !keys.isEmpty }

    /// What a group is called: the value that its points share, or the place of its one point.
    func name(ofGroup group: Int) -> String {
        guard keys.indices.contains(group) else { return place(ofPoint: groups[group][0]) }
        return keys[group].text ?? keys[group].canonicalText
    }

    /// Whether the points of a group have no value in the column of groups.
    func isWithoutName(group: Int) -> Bool { keys.indices.contains(group) && keys[group] == .null }

    /// How far the held-out points lie beyond the fitted ones, input by input; the largest factor.
    var extrapolation: Double {
        zip(x, heldOutX).map { fitted, held in
            max(1, (held.max() ?? 0) / (fitted.max() ?? .infinity))
        }.max() ?? 1
    }
}

extension Table {
    /// The values of a column that a law needs, or of an expression over columns, such as `6*N`.
    ///
    /// A row for which the expression has no value has `null`.
    /// - Throws: ``FormatError`` naming the columns that there are.
    func points(of name: String) throws -> [JSON] {
        if let values = self[column: name] { return values }
        guard let expression = try? Expression.parse(name) else { throw FormatError(lacks(name)) }
        let heads = expression.names.map { $0.name }
        guard heads.contains(where: { isNamed(by: $0) }) else { throw FormatError(lacks(name)) }
        if case .path = expression { throw FormatError(lacks(name)) }
        if let unknown = heads.first(where: { !isNamed(by: $0) }) {
            throw FormatError("\(visible(name)): \(lacks(unknown))")
        }
        return rows.indices.map { (try? expression.value(names(ofRow: $0))) ?? .null }
    }

    /// Whether a column is called so, or begins with this name and a full stop.
    func isNamed(by head: String) -> Bool {
        columns.contains { $0 == head || $0.hasPrefix("\(head).") }
    }
}
