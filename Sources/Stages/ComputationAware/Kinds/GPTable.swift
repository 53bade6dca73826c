import Canon
import Experiment
import Workbench

/// Points, observations and truth, as a table gives them.
struct GPTable {
    let count, dimensions: Int
    private let coordinates: [Double]
    let observations: [Double]
    /// `nil` where the table has no such column.
    let truth: [Double]?

    init(_ input: StageInput, wantsTruth: Bool) throws {
        let table = try Table(csv: input.bytes())
        func numbers(_ name: String) throws -> [Double]? {
            guard let column = table[column: name] else { return nil }
            return try column.enumerated().map { row, value in
                guard let number = value.double, number.isFinite else {
                    throw FormatError(
                        "\(input.producer): \(table.place(ofRow: row)): \(name): expected a number, "
                            + "found \(value.canonicalText)")
                }
                return number
            }
        }
        var axes: [[Double]] = []
        while let axis = try numbers("x\(axes.count + 1)") { axes.append(axis) }
        guard !axes.isEmpty, !table.rows.isEmpty, let y = try numbers("y") else {
            throw FormatError(
                "\(input.producer): expected rows with columns x1, x2, …, y, found \(table.columns)"
            )
        }
        truth = try numbers("truth")
        guard truth != nil || !wantsTruth else {
            throw FormatError("\(input.producer): expected a column truth, found \(table.columns)")
        }
        (count, dimensions, observations) = (y.count, axes.count, y)
        coordinates = y.indices.flatMap { row in axes.map { $0[row] } }
    }

    func points(lengthscale: Double) -> PointCloud {
        PointCloud(coordinates, dimensions: dimensions, lengthscale: lengthscale)
    }
}
