import Numerics
import Workbench

/// Neighbours along a run whose residuals are alike, as checkpoints of one run have them.
struct LikeResiduals {
    /// The correlation of residuals of neighbours, and how many pairs there are.
    let correlation: Double
    let pairs: Int
    /// The input along which neighbours were taken; several where there are several runs of points.
    let along: [String]

    /// Takes neighbours in each input among points that agree in all others.
    init(_ space: ResidualSpace, _ data: LawData) {
        var sum = 0.0
        var pairs = 0
        var along: [String] = []
        for (place, name) in data.columns.enumerated() {
            let found = LikeResiduals.neighbours(data.x, along: place)
            if found.isEmpty { continue }
            along.append(name)
            pairs += found.count
            sum += found.reduce(0) { $0 + space.residuals[$1.0] * space.residuals[$1.1] }
        }
        let mean = space.squares / Double(max(1, space.residuals.count))
        self.pairs = pairs
        self.along = along
        correlation = pairs > 0 && space.isNoisy ? sum / Double(pairs) / mean : 0
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
        pairs >= 8 && correlation > 0.25 && correlation * Double(pairs).squareRoot() > 3.3
    }

    /// What a reader should know.
    var warnings: [String] {
        guard isLikely else { return [] }
        return [
            "residuals of neighbours along \(along.joined(separator: ", ")) are alike (correlation "
                + "\(Markup.significant(correlation, 2)) in \(pairs) pairs): checkpoints of one run are no "
                + "independent points, so intervals are too narrow; name the column of the run, such as "
                + "`group: run`, or choose a form that bends as they do"
        ]
    }
}
