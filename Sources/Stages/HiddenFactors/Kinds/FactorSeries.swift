import Canon
import Numerics
import System
import Workbench

/// What a figure shows: curves of a loss over something, each the mean over seeds with its spread.
struct FactorSeries: Equatable {
    /// The values at one place of a curve.
    struct Point: Equatable {
        let x: Double
        /// How many runs.
        let count: Int
        /// Arithmetic and geometric mean, least and largest over the runs.
        let mean, geometric, low, high: Double
        /// d log mean / d log x between the neighbours; at an end, to the only one.
        var slope: Double?
    }

    /// One curve.
    struct Curve: Equatable {
        let value: JSON
        /// The value as people write it, and a complexity that stands beside it; empty for none.
        let name: String
        var note = ""
        /// Means of the tasks' numbers, such as chi, over the curve's runs.
        let facts: [String: Double]
        var points: [Point]

        /// Name and note.
        var label: String {
            note.isEmpty ? name : name.isEmpty ? note : "\(name), \(note)"
        }

        /// The point at a place.
        func at(_ x: Double) -> Point? {
            points.first { ($0.x - x).magnitude <= 1e-9 * x.magnitude }
        }

        /// The point at a place, or between its neighbours on straight lines in logarithms; `nil`
        /// beyond the ends.
        func near(_ x: Double) -> Point? {
            if let point = at(x) { return point }
            guard let upper = points.firstIndex(where: { $0.x > x }), upper > 0, x > 0 else {
                return nil
            }
            let (a, b) = (points[upper - 1], points[upper])
            guard a.x > 0, min(a.geometric, b.geometric) > 0 else { return nil }
            let t = LogSteps.distance(x, a.x) / LogSteps.distance(b.x, a.x)
            func between(_ low: Double, _ high: Double) -> Double {
                Elementary.exp(
                    Elementary.log(low) + t * (Elementary.log(high) - Elementary.log(low)))
            }
            return Point(
                x: x, count: min(a.count, b.count), mean: between(a.mean, b.mean),
                geometric: between(a.geometric, b.geometric), low: a.low, high: b.high)
        }

        /// The local slopes over the first, the middle and the last third of log x; `nil` with
        /// fewer than four points, or where a mean or a place is not positive.
        var thirds: [Double]? {
            let usable = points.filter { $0.x > 0 && $0.mean > 0 }
            guard usable.count >= 4 else { return nil }
            let x = usable.map { Elementary.log($0.x) }
            let y = usable.map { Elementary.log($0.mean) }
            let width = (x[x.count - 1] - x[0]) / 3
            return (0..<3).map { third in
                let start = x[0] + Double(third) * width
                let low = FactorSeries.line(x, y, at: start)
                let high = FactorSeries.line(x, y, at: start + width)
                return (high - low) / width
            }
        }

        /// Whether the local slopes of the thirds differ by more than a quarter of the largest:
        /// then one exponent would be a lie.
        ///
        /// The rule is ours.
        var bends: Bool? {
            thirds.map { slopes in
                let most = slopes.map { $0.magnitude }.max() ?? 0
                return (slopes.max() ?? 0) - (slopes.min() ?? 0) > 0.25 * most
            }
        }
    }

    /// The expressions of the axes, and what tells curves from each other, in words.
    let x, y, family: String
    /// A level to mark, and what it is.
    var level: Double?
    var levelName = ""
    /// The fact of a curve that marks a place on the x axis, such as chibar; empty for none.
    var mark = ""
    var curves: [Curve]

    /// The facts that a curve keeps.
    static let factNames = [
        "N", "M", "chi", "chibar", "uniform_excess", "input_free_excess", "width", "hidden",
    ]

    /// The value of a broken line at a place between its ends.
    private static func line(_ x: [Double], _ y: [Double], at place: Double) -> Double {
        let upper = max(1, x.firstIndex { $0 >= place } ?? (x.count - 1))
        let t = (place - x[upper - 1]) / (x[upper] - x[upper - 1])
        return y[upper - 1] + t * (y[upper] - y[upper - 1])
    }

    /// A value on an axis as people write it: whole numbers whole, others with three digits.
    static func text(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e6 { return "\(Int(value))" }
        var text = Markup.significant(value)
        guard text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }

    private static func name(_ value: JSON) -> String {
        value.text ?? value.double.map(text) ?? value.canonicalText
    }

    /// The symbol of a complexity; empty for none.
    static func symbol(of fact: String) -> String {
        ["chi": "χ", "chibar": "χ̄"][fact] ?? ""
    }

    /// Groups values into curves: by series, then by x, over everything else, which is the seeds.
    static func curves(
        _ values: [(series: JSON, x: Double, y: Double, facts: [String: Double])]
    ) -> [Curve] {
        var order: [JSON] = []
        var groups: [JSON: [(series: JSON, x: Double, y: Double, facts: [String: Double])]] = [:]
        for value in values {
            if groups[value.series] == nil { order.append(value.series) }
            groups[value.series, default: []].append(value)
        }
        if order.allSatisfy({ $0.double != nil }) {
            order.sort { ($0.double ?? 0) < ($1.double ?? 0) }
        }
        return order.map { series in
            let group = groups[series] ?? []
            var byX: [Double: [Double]] = [:]
            for value in group { byX[value.x, default: []].append(value.y) }
            var points = byX.keys.sorted().map { x in
                let ys = byX[x] ?? []
                let count = Double(ys.count)
                let logs = ys.reduce(0.0) { $0 + ($1 > 0 ? Elementary.log($1) : -745) }
                return Point(
                    x: x, count: ys.count, mean: ys.reduce(0, +) / count,
                    geometric: Elementary.exp(logs / count), low: ys.min() ?? 0,
                    high: ys.max() ?? 0)
            }
            for place in points.indices {
                let (a, b) = (points[max(0, place - 1)], points[min(points.count - 1, place + 1)])
                guard b.x > a.x, a.x > 0, a.mean > 0, b.mean > 0 else { continue }
                points[place].slope =
                    (Elementary.log(b.mean) - Elementary.log(a.mean))
                    / (Elementary.log(b.x) - Elementary.log(a.x))
            }
            var facts: [String: Double] = [:]
            for name in factNames {
                let known = group.compactMap { $0.facts[name] }
                if !known.isEmpty { facts[name] = known.reduce(0, +) / Double(known.count) }
            }
            return Curve(value: series, name: name(series), facts: facts, points: points)
        }
    }
}
