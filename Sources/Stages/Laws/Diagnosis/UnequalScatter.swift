import Numerics
import Workbench

/// Noise that is larger at one end of an input than at the other.
struct UnequalScatter {
    /// What a reader should know; empty where the scatter is even.
    let warnings: [String]

    /// The score test of Breusch & Pagan (Econometrica 47 (1979)) for each input, with leverage allowed for.
    ///
    /// The bound 3.3 (1 − 2.2/n) lets chance pass in about one of two hundred sets of 6 to 50 points,
    /// measured on simulated data: the statistic of few points cannot be large.
    init(_ space: ResidualSpace, _ data: LawData) {
        let n = data.y.count
        guard n >= 6, space.degrees >= 3, space.isNoisy else {
            warnings = []
            return
        }
        let free = data.y.indices.map { point -> Double in
            let r = space.residuals[point]
            return r * r / max(1 - space.leverage(point), 1e-9)
        }
        let mean = free.reduce(0, +) / Double(n)
        let found = zip(data.columns, data.x).compactMap { name, values -> (String, grows: Bool)? in
            let axis = InputAxis(values).places
            let spread = axis.reduce(0) { $0 + $1 * $1 }
            guard spread > 0 else { return nil }
            let score =
                zip(free, axis).reduce(0) { $0 + ($1.0 / mean - 1) * $1.1 }
                / (2 * spread).squareRoot()
            guard score.magnitude > 3.3 * (1 - 2.2 / Double(n)) else { return nil }
            return (name, score > 0)
        }
        let words = found.map { "\($1 ? "grows" : "falls") with \($0)" }.joined(separator: ", ")
        warnings =
            found.isEmpty
            ? []
            : [
                "the scatter \(words): points count alike though "
                    + "their noise is not, so intervals may be wrong; say in `weight` how much a point "
                    + "counts: a column of 1/variance, or an expression that goes like it, such as "
                    + found.map { "`\($1 ? "1/\($0)" : $0)`" }.joined(separator: " or ")
            ]
    }
}
