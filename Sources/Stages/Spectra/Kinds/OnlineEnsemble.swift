import Canon
import System

/// Learning curves of one setting from several seeds, on one grid of times.
struct OnlineEnsemble {
    /// What the settings differ in: the value on the axis of the series.
    let label: JSON
    let curves: [OnlineCurve]

    /// Curves by their value on an axis, in the order of the values; all together without an axis.
    static func groups(_ curves: [OnlineCurve], by axis: String) -> [OnlineEnsemble] {
        var labels: [JSON] = []
        var members: [JSON: [OnlineCurve]] = [:]
        for curve in curves {
            let label = curve.coordinate(axis) ?? .null
            if members[label] == nil { labels.append(label) }
            members[label, default: []].append(curve)
        }
        if labels.allSatisfy({ $0.double != nil }) {
            labels.sort { ($0.double ?? 0) < ($1.double ?? 0) }
        }
        return labels.map { OnlineEnsemble(label: $0, curves: members[$0] ?? []) }
    }

    /// The times that all curves have.
    var alpha: [Double] {
        let first = curves.first?.alpha ?? []
        return curves.allSatisfy { $0.alpha == first } ? first : []
    }

    /// Mean, standard error, least and largest.
    static func moments(_ values: [Double]) -> (
        mean: Double, error: Double, low: Double, high: Double
    ) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (
            mean, n > 1 ? (squares / (n - 1) / n).squareRoot() : 0, values.min() ?? mean,
            values.max() ?? mean
        )
    }

    /// Places of the grid that a chart shows: at most 28, positive, not before a time.
    func shown(from least: Double = 0) -> [Int] {
        let alpha = self.alpha
        let all = alpha.indices.filter { alpha[$0] > 0 && alpha[$0] >= least }
        let stride = max(1, (all.count + 27) / 28)
        return all.indices.filter { $0 % stride == 0 }.map { all[$0] }
    }

    /// The mean of a column as points with bars from the least to the largest.
    func points(_ column: String, from least: Double = 0) -> (
        points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]
    ) {
        var result: (points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]) = (
            [], []
        )
        let columns = curves.compactMap { $0.column(column) }
        guard columns.count == curves.count, !columns.isEmpty else { return result }
        for place in shown(from: least) {
            let moments = OnlineEnsemble.moments(columns.map { $0[place] })
            result.points.append((alpha[place], moments.mean))
            result.bars.append((moments.low, moments.high))
        }
        return result
    }
}
