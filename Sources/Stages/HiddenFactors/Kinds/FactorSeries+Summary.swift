import Canon
import Workbench

/// What a reader sees beside the figure.
extension FactorSeries {
    /// A sentence on what stands for how many runs, and what bars and bands are.
    var caption: String {
        let counts = curves.flatMap { $0.points.map { $0.count } }
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let runs = least == most ? "\(most)" : "\(least) to \(most)"
        let spread = most > 1 ? "; bars and bands reach from the least to the largest" : ""
        return "Means of \(runs) \(most == 1 ? "run" : "runs") a point\(spread)."
    }

    /// A row for each curve: mean (geometric mean) at a few places, then local slopes where one bends.
    var summary: Table {
        let places = columns
        let hasSlopes = curves.contains { $0.bends != nil }
        var table = Table(
            columns: ["curve"] + places.map { FactorSeries.text($0) }
                + (hasSlopes ? ["local slopes"] : []))
        for curve in curves {
            table.append(
                [.string(curve.label.isEmpty ? "all" : curve.label)]
                    + places.map { curve.near($0).map(FactorSeries.cell) ?? "" }
                    + (hasSlopes ? [.string(FactorSeries.slopes(curve))] : []))
        }
        return table
    }

    /// The places of the summary: all, where there are at most six; of curves that share their places five,
    /// about equally far apart in logarithms; of others powers of ten, at most six.
    private var columns: [Double] {
        let all = Set(curves.flatMap { $0.points.map { $0.x } }).sorted()
        guard all.count > 6, let first = all.first, let last = all.last, first > 0 else {
            return all
        }
        let longest = curves.map { $0.points.count }.max() ?? 0
        if all.count > 2 * longest { return LogSteps.powersOfTen(first, last, most: 6) }
        let ratio = LogSteps.ratio(first, last, steps: 4)
        var chosen: [Double] = []
        var wanted = first
        for _ in 0...4 {
            let nearest = all.min { LogSteps.distance($0, wanted) < LogSteps.distance($1, wanted) }
            if let nearest, chosen.last != nearest { chosen.append(nearest) }
            wanted *= ratio
        }
        return chosen
    }

    private static func cell(_ point: Point) -> JSON {
        let mean = Markup.significant(point.mean, 2)
        guard point.count > 1 else { return .string(mean) }
        return .string("\(mean) (\(Markup.significant(point.geometric, 2)))")
    }

    /// One exponent only where the local slopes agree; else those of the thirds.
    private static func slopes(_ curve: Curve) -> String {
        guard let thirds = curve.thirds, let bends = curve.bends else { return "" }
        guard bends else { return "about \(Markup.significant(thirds.reduce(0, +) / 3, 2))" }
        return thirds.map { Markup.significant($0, 2) }.joined(separator: ", ")
    }
}
