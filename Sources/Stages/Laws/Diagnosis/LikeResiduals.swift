import Numerics
import Workbench

/// Neighbours along a run whose residuals are alike, as checkpoints of one run have them.
struct LikeResiduals {
    /// The input along which residuals are most alike, from point to point that agree in all others.
    private let along: String
    /// The correlation of residuals of neighbours, and how many pairs there are.
    private let correlation: Double
    private let pairs: Int

    /// Takes neighbours in each input.
    init(_ space: ResidualSpace, _ data: LawData) {
        let mean = space.squares / Double(max(1, space.residuals.count))
        var best: (name: String, correlation: Double, pairs: Int) = ("", 0, 0)
        for (place, name) in data.columns.enumerated() where space.isNoisy {
            let found = LikeResiduals.neighbours(data.x, along: place)
            guard found.count >= 8 else { continue }
            let sum = found.reduce(0) { $0 + space.residuals[$1.0] * space.residuals[$1.1] }
            let correlation = sum / Double(found.count) / mean
            let isBetter =
                correlation * Double(found.count).squareRoot()
                > best.correlation * Double(best.pairs).squareRoot()
            if isBetter { best = (name, correlation, found.count) }
        }
        (along, correlation, pairs) = best
    }

    /// Points next to one another in an input that agree in all others, and differ in this.
    private static func neighbours(_ x: [[Double]], along place: Int) -> [(Int, Int)] {
        let keys = x.indices.filter { $0 != place }
        var order = Array(x[place].indices)
        order.sort { a, b in
            for key in keys + [place] where x[key][a] != x[key][b] {
                return x[key][a] < x[key][b]
            }
            return a < b
        }
        return zip(order, order.dropFirst()).filter { a, b in
            keys.allSatisfy { x[$0][a] == x[$0][b] } && x[place][a] != x[place][b]
        }.map { ($0, $1) }
    }

    /// Whether chance gives this to one of two thousand sets of data, and it is not small.
    var isLikely: Bool {
        correlation > 0.25 && correlation * Double(pairs).squareRoot() > 3.3
    }

    /// What a reader should know.
    var warnings: [String] {
        guard isLikely else { return [] }
        return [
            "residuals of neighbours along \(along) are alike (correlation "
                + "\(Markup.significant(correlation, 2)) in \(pairs) pairs): checkpoints of one run are no "
                + "independent points, so intervals are too narrow; name the column of the run, such as "
                + "`group: run`, or choose a form that bends as they do"
        ]
    }
}
