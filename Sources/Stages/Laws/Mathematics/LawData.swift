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
    /// Rows that are resampled together, and what they are called.
    var groups: [[Int]] = []
    var groupNames: [String] = []
    /// Rows that the filter left out.
    var excluded = 0
    /// The digest of the fitted rows as CSV.
    let digest: Digest

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
    }

    /// Reads points.
    init(
        _ table: Table, columns: [String], y yName: String, _ selection: Selection = Selection()
    ) throws {
        self.columns = columns
        self.yName = yName
        let xs = try columns.map(table.points)
        let ys = try table.points(of: yName)
        let keys = try selection.group.map(table.points)
        let factors = try selection.weight.map(table.points)
        let bounds = try selection.limited.map(table.points)
        let marks = try selection.train.map(table.points)
        x = columns.map { _ in [] }
        heldOutX = x
        var byGroup: [JSON: Int] = [:]
        var used = Table(columns: columns + [yName])
        for row in ys.indices {
            if let filter = selection.filter {
                guard try filter.value(table.names(ofRow: row)).bool == true else {
                    excluded += 1
                    continue
                }
            }
            let numbers = try LawData.positive(row, xs + [ys], of: columns + [yName])
            let (point, b) = (Array(numbers.dropLast()), numbers[columns.count])
            let isBeyond = selection.limit.map { (bounds?[row].double ?? point[0]) > $0 } ?? false
            let isMarked = marks.map { $0[row] == 0 || $0[row] == false } ?? false
            if isBeyond || isMarked {
                for (place, value) in point.enumerated() { heldOutX[place].append(value) }
                heldOutY.append(b)
                continue
            }
            var factor = 1.0
            if let factors {
                guard let value = factors[row].double, value > 0 else {
                    throw FormatError(
                        "point \(row + 1): expected a positive weight, found "
                            + "\(factors[row].canonicalText)")
                }
                factor = value
            }
            let key = keys.map { $0[row] } ?? .number(Double(row))
            if let known = byGroup[key] {
                groups[known].append(y.count)
            } else {
                byGroup[key] = groups.count
                groups.append([y.count])
                groupNames.append(keys == nil ? "point \(row + 1)" : key.text ?? key.canonicalText)
            }
            for (place, value) in point.enumerated() { x[place].append(value) }
            y.append(b)
            weights.append(factor)
            used.append(point.map { .number($0) } + [.number(b)])
        }
        digest = Digest(of: Array(used.csv().utf8).span)
    }

    /// The numbers of a row: the inputs, then y.
    ///
    /// - Throws: ``FormatError`` where one is not positive.
    private static func positive(
        _ row: Int, _ values: [[JSON]], of names: [String]
    ) throws -> [Double] {
        let numbers = values.map { $0[row].double ?? -1 }
        guard numbers.allSatisfy({ $0 > 0 }) else {
            let found = zip(names, values).map {
                "\($0) = \($1[row].canonicalText)"
            }
            throw FormatError(
                "point \(row + 1): expected positive numbers, found "
                    + found.joined(separator: " and "))
        }
        return numbers
    }

    /// How far the held-out points lie beyond the fitted ones, input by input; the largest factor.
    var extrapolation: Double {
        zip(x, heldOutX).map { fitted, held in
            max(1, (held.max() ?? 0) / (fitted.max() ?? .infinity))
        }.max() ?? 1
    }
}

extension Table {
    /// The values of a column that a law needs.
    ///
    /// - Throws: ``FormatError`` naming the columns that there are.
    func points(of name: String) throws -> [JSON] {
        guard let values = self[column: name] else { throw FormatError(lacks(name)) }
        return values
    }
}
