import Canon
package import Experiment
import Numerics
import System
import Workbench

/// The rank of log p, which the width of a network that represents p exactly need not exceed.
package enum FactorRankStage: Stage {
    /// The largest matrix: that of the published sizes, N = M = 4,096.
    private static let largest = 1 << 24

    /// The contract.
    package static let kind = Kind(
        name: "factors.rank", version: 1,
        summary: "The rank of the matrix log p(y|x), against its bound and χ̄, in double precision.",
        source:
            "our derivation: χ̄ = Σ min(q_j, |pa_j|) is of the authors' code; log p = "
            + "Σ_j T_j[pa_j(x), y_j] has rank at most Σ min(q_j − 1, |pa_j| − 1) plus 1 or 2",
        parameters: [
            Parameter(
                "tolerance", .number(from: 1e-14, to: 0.1), default: 1e-9,
                "A remainder of at most this part of the longest row counts as none.")
        ],
        inputs: FactorTask.ports,
        outputs: [
            OutputPort(
                "rank", fileName: "rank.json",
                "rank; rank_modulo_rows: the least over constants added to rows, which leave softmax "
                    + "as it is; bound; chi, chibar, N, M; least_pivot, next_pivot: the last "
                    + "direction's length and the longest remainder, relative to the longest row.")
        ])

    /// Makes the matrix whole, and reduces it.
    package static func run(_ context: StageContext) throws {
        let task = try FactorTask(context)
        let (rows, columns) = (task.input.count, task.output.count)
        guard rows * columns <= largest else {
            throw FormatError(
                "expected N · M of at most \(largest), for the matrix is made whole; found "
                    + "\(rows) · \(columns)")
        }
        let tolerance = context.parameters.number("tolerance")
        var matrix = task.logarithms()
        let rank = PivotedRank(matrix, rows: rows, columns: columns, tolerance: tolerance)
        for row in 0..<rows {
            let range = row * columns..<(row + 1) * columns
            let mean = matrix[range].reduce(0, +) / Double(columns)
            for place in range { matrix[place] -= mean }
        }
        let centred = PivotedRank(matrix, rows: rows, columns: columns, tolerance: tolerance)
        let facts: JSON = [
            "N": .number(Double(rows)), "M": .number(Double(columns)),
            "chi": .number(Double(task.statisticalComplexity)),
            "chibar": .number(Double(task.widthComplexity)),
            "rank": .number(Double(rank.rank)),
            "rank_modulo_rows": .number(Double(centred.rank)),
            "bound": .number(Double(task.rankBound)),
            "least_pivot": .finite(rank.rank > 0 ? rank.pivots[rank.rank - 1] : nil),
            "next_pivot": .number(rank.pivots.count > rank.rank ? rank.pivots[rank.rank] : 0),
        ]
        try context.write("rank", facts.pretty())
    }
}
