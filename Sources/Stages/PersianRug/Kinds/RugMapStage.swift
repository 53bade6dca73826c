import Canon
package import Experiment
import System
import Workbench

/// The rug itself: W of Hadamard rows in order.
package enum RugMapStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "rug.map", version: 1,
        summary:
            "The matrix W = W_out·W_in of the first rows of the Hadamard matrix, in order: the rug.",
        source: "the authors' code, KfirD/PersianRug, for the construction",
        parameters: [
            Parameter("features", .integer(2...512), default: 32, "Features n, a power of 2."),
            Parameter(
                "from", .integer(0...511), default: 1, "The first row; 0 is the constant one."),
            Parameter("hidden", .integer(1...511), default: 12, "Rows n_d, from there on."),
        ],
        outputs: [
            OutputPort("weights", fileName: "weights.csv", "output, input, weight.")
        ])

    /// Writes every element.
    package static func run(_ context: StageContext) throws {
        let features = context.parameters.integer("features")
        guard features & (features - 1) == 0 else {
            throw FormatError("features: expected a power of 2, found \(features)")
        }
        let first = context.parameters.integer("from")
        let rows = first..<(first + context.parameters.integer("hidden"))
        guard rows.upperBound <= features else {
            throw FormatError(
                "hidden: expected at most \(features - first) rows from \(first) on, found \(rows.count)"
            )
        }
        var table = Table(columns: ["output", "input", "weight"])
        for (place, weight) in HadamardModel.weights(features: features, rows: rows).enumerated() {
            table.append(
                [Double(place / features), Double(place % features), weight].map { .number($0) })
        }
        try context.write("weights", table.csv())
    }
}
