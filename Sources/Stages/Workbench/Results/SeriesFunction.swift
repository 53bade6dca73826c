import Canon
import Numerics

/// The functions of expressions over results.
///
/// Those of one value work value by value.
/// The others take values together: over the axes that are named after them, or else over all.
enum SeriesFunction: String, CaseIterable {
    case round, floor, ceil, abs, log, log2, log10, exp, sqrt
    case min, max, median, mean, sum, sd, margin, count, first, last, all, any, share
    case `where`
    case slope, slopeerror, rankcorrelation, crossing, interpolate, argmin, argmax, rises, falls

    /// How many arguments each takes.
    static let arguments: [String: ClosedRange<Int>] = {
        var counts: [String: ClosedRange<Int>] = [:]
        for function in allCases {
            switch function {
            case .where, .argmin, .argmax, .rises, .falls: counts[function.rawValue] = 2...2
            case .slopeerror: counts[function.rawValue] = 3...3
            case .slope, .rankcorrelation, .margin: counts[function.rawValue] = 2...64
            case .crossing, .interpolate: counts[function.rawValue] = 3...64
            default: counts[function.rawValue] = function.isElementwise ? 1...1 : 1...64
            }
        }
        return counts
    }()

    /// Whether it works value by value.
    var isElementwise: Bool {
        switch self {
        case .round, .floor, .ceil, .abs, .log, .log2, .log10, .exp, .sqrt: true
        default: false
        }
    }

    /// What a function of one value gives; `nil` where it has none, as the logarithm of −1.
    func value(of value: JSON, _ offset: Int) throws(ResultError) -> JSON? {
        if value == .null { return nil }
        let x = try Operator.number(value, offset)
        switch self {
        case .round: return Operator.finite(x.rounded())
        case .floor: return Operator.finite(x.rounded(.down))
        case .ceil: return Operator.finite(x.rounded(.up))
        case .abs: return Operator.finite(x.magnitude)
        case .sqrt: return Operator.finite(x.squareRoot())
        case .exp: return Operator.finite(Elementary.exp(x))
        case .log2: return x > 0 ? Operator.finite(Elementary.log(x) / Elementary.log(2)) : nil
        case .log10: return x > 0 ? Operator.finite(Elementary.log(x) / Elementary.log(10)) : nil
        default: return x > 0 ? Operator.finite(Elementary.log(x)) : nil
        }
    }

    /// What a function of many values gives.
    ///
    /// - Parameters:
    ///   - series: the values.
    ///   - axes: the axes over which they are taken together; none for all.
    ///   - others: arguments that are no axes.
    ///   - offset: where the function stands.
    /// - Returns: One value for each point of the axes that remain; nothing where there is nothing.
    /// - Throws: ``ResultError`` for an axis that the values lack, and for values that do not fit.
    func reduce(_ series: Series, over axes: [String], _ others: [Series], _ offset: Int)
        throws(ResultError) -> Series
    {
        for axis in axes where !series.rows.isEmpty && !series.axes.contains(axis) {
            throw ResultError(
                "\(rawValue)(…) over `\(axis)`: the values do not vary over it", at: offset,
                series.axes.isEmpty
                    ? ["they vary over no axis"]
                    : ["expected: \(series.axes.joined(separator: ", "))"]
                        + nearest(axis, among: series.axes))
        }
        switch self {
        case .slope where axes.isEmpty || others.count == 1,
            .rankcorrelation where axes.isEmpty || others.count == 1,
            .crossing where axes.isEmpty || others.count == 2,
            .interpolate where axes.isEmpty || others.count == 2:
            return try pairs(series, others, over: axes, offset)
        case .slopeerror: return try slopeError(series, others, offset)
        case .where:
            guard let condition = others.first else {
                throw ResultError("where(…) needs a condition as its second argument", at: offset)
            }
            return try series.joined(condition, at: offset) { value, holds throws(ResultError) in
                try Operator.truth(holds, offset) ? value : nil
            }
        case .slope, .rankcorrelation, .crossing, .interpolate, .argmin, .argmax, .rises, .falls:
            guard let axis = axes.first, axes.count == 1 else {
                throw ResultError(
                    "\(rawValue)(…) needs one axis as its second argument, found \(axes.count)",
                    at: offset)
            }
            return try along(axis, series, others.first?.single?.double, offset)
        case .min, .max:
            guard !others.isEmpty else { return try together(series, axes, offset) }
            var result = series
            for other in others {
                result = try result.joined(other, at: offset) { a, b throws(ResultError) in
                    let (x, y) = (try Operator.number(a, offset), try Operator.number(b, offset))
                    return .number(self == .min ? Swift.min(x, y) : Swift.max(x, y))
                }
            }
            return result
        case .margin:
            guard others.count == 1, let level = others[0].single?.double, level > 0, level < 1
            else {
                throw ResultError(
                    "margin(…) takes values, a level between 0 and 1, then axes", at: offset,
                    ["such as margin(errors.loss, 0.95, replicate)"])
            }
            return try together(series, axes, offset, level: level)
        default:
            guard others.isEmpty else {
                throw ResultError("\(rawValue)(…) takes values, then axes", at: offset)
            }
            return try together(series, axes, offset)
        }
    }

    // MARK: Many values, one

    private func together(_ series: Series, _ axes: [String], _ offset: Int, level: Double = 0)
        throws(ResultError) -> Series
    {
        if self == .count, series.rows.isEmpty { return Series(0) }
        let (kept, groups) = series.grouped(over: Set(axes.isEmpty ? series.axes : axes))
        var rows: [Series.Row] = []
        for group in groups {
            let values = group.map { $0.value }.filter { $0 != .null }
            guard let value = try SeriesFunction.value(self, values, offset, level) else {
                continue
            }
            rows.append(SeriesFunction.row(of: group, kept, value))
        }
        return Series(axes: kept, rows: rows, absence: series.absence).fixing(series.fixed)
    }

    private static func row(of group: [Series.Row], _ kept: [String], _ value: JSON) -> Series.Row {
        let labels = group.first?.labels ?? [:]
        return Series.Row(
            labels: labels.filter { kept.contains($0.key) }, value: value,
            sources: group.reduce(into: []) { $0.formUnion($1.sources) })
    }

    private static func value(
        _ function: SeriesFunction, _ values: [JSON], _ offset: Int, _ level: Double
    ) throws(ResultError) -> JSON? {
        switch function {
        case .count: return .number(Double(values.count { $0.bool ?? true }))
        case .first: return values.first
        case .last: return values.last
        default: break
        }
        if values.isEmpty { return nil }
        switch function {
        case .all, .any, .share:
            var count = 0
            for value in values where try Operator.truth(value, offset) { count += 1 }
            if function == .share { return .number(Double(count) / Double(values.count)) }
            return .bool(function == .all ? count == values.count : count > 0)
        default: break
        }
        var numbers: [Double] = []
        for value in values { numbers.append(try Operator.number(value, offset)) }
        let sum = numbers.reduce(0, +)
        switch function {
        case .min: return numbers.min().map { .number($0) }
        case .max: return numbers.max().map { .number($0) }
        case .median: return .number(Quantiles.median(numbers))
        case .sum: return Operator.finite(sum)
        case .sd, .margin:
            guard numbers.count > 1 else { return nil }
            let (count, degrees) = (Double(numbers.count), numbers.count - 1)
            let squares = numbers.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) }
            let deviation = (squares / Double(degrees)).squareRoot()
            if function == .sd { return Operator.finite(deviation) }
            let t = Distributions.studentQuantile(central: level, degrees: degrees)
            return Operator.finite(t * deviation / count.squareRoot())
        default: return Operator.finite(sum / Double(numbers.count))
        }
    }
}

// MARK: Along an axis

extension SeriesFunction {
    /// A function of a curve: values along an axis, one curve for each point of the other axes.
    private func along(_ axis: String, _ series: Series, _ level: Double?, _ offset: Int)
        throws(ResultError) -> Series
    {
        let (kept, groups) = series.grouped(over: [axis])
        var rows: [Series.Row] = []
        for group in groups {
            var points: [(x: Double, y: Double, label: JSON)] = []
            for row in group where row.value != .null {
                let label = row.labels[axis] ?? .null
                points.append(
                    (
                        label.double ?? Double(points.count),
                        try Operator.number(row.value, offset), label
                    ))
            }
            points.sort { $0.x < $1.x }
            guard let value = of(points, level) else { continue }
            rows.append(SeriesFunction.row(of: group, kept, value))
        }
        return Series(axes: kept, rows: rows, absence: series.absence).fixing(series.fixed)
    }

    /// A function of values against other values that they are joined with: of all, or over some axes.
    private func pairs(_ series: Series, _ others: [Series], over axes: [String], _ offset: Int)
        throws(ResultError) -> Series
    {
        guard let abscissa = others.first else {
            throw ResultError("\(rawValue)(…) needs an axis or values to stand against", at: offset)
        }
        let level = others.count > 1 ? others[1].single?.double : nil
        let joined = try series.joined(abscissa, at: offset) { y, x throws(ResultError) in
            .array([x, y])
        }
        let (kept, groups) = joined.grouped(over: Set(axes.isEmpty ? joined.axes : axes))
        var rows: [Series.Row] = []
        for group in groups {
            var points: [(x: Double, y: Double, label: JSON)] = []
            for row in group {
                guard let pair = row.value.elements, pair[0] != .null, pair[1] != .null else {
                    continue
                }
                points.append(
                    (
                        try Operator.number(pair[0], offset),
                        try Operator.number(pair[1], offset), pair[0]
                    ))
            }
            points.sort { $0.x < $1.x }
            guard let value = of(points, level) else { continue }
            rows.append(SeriesFunction.row(of: group, kept, value))
        }
        return Series(axes: kept, rows: rows, absence: joined.absence ?? series.absence)
            .fixing(joined.fixed)
    }

    private func of(_ points: [(x: Double, y: Double, label: JSON)], _ level: Double?) -> JSON? {
        switch self {
        case .slope: return SeriesFunction.slope(points.map { ($0.x, $0.y) })
        case .rankcorrelation:
            guard points.count > 1 else { return nil }
            return Operator.finite(rankCorrelation(points.map { $0.x }, points.map { $0.y }))
        case .crossing:
            return level.flatMap { SeriesFunction.crossing(points.map { ($0.x, $0.y) }, $0) }
        case .interpolate:
            return level.flatMap { SeriesFunction.interpolated(points.map { ($0.x, $0.y) }, $0) }
        case .argmin: return points.min { $0.y < $1.y }?.label
        case .argmax: return points.max { $0.y < $1.y }?.label
        default:
            guard points.count > 1 else { return nil }
            return .bool(
                zip(points, points.dropFirst()).allSatisfy { a, b in
                    self == .rises ? b.y > a.y : b.y < a.y
                })
        }
    }

    /// The least-squares slope of log y on log x; `nil` below two different x, or for what is not positive.
    private static func slope(_ points: [(x: Double, y: Double)]) -> JSON? {
        guard points.allSatisfy({ $0.x > 0 && $0.y > 0 }), !points.isEmpty else { return nil }
        return StraightLine(
            points.map { Elementary.log($0.x) }, points.map { Elementary.log($0.y) }
        ).flatMap { Operator.finite($0.slope) }
    }

    /// The least x at which a curve has fallen to a level, between two points by their logarithms.
    private static func crossing(_ points: [(x: Double, y: Double)], _ level: Double) -> JSON? {
        guard let place = points.firstIndex(where: { $0.y <= level }) else { return nil }
        if place == 0 { return .number(points[0].x) }
        let (a, b) = (points[place - 1], points[place])
        guard b.y > 0, a.x > 0, level > 0 else { return .number(b.x) }
        let t =
            (Elementary.log(a.y) - Elementary.log(level))
            / (Elementary.log(a.y) - Elementary.log(b.y))
        return Operator.finite(
            Elementary.exp((1 - t) * Elementary.log(a.x) + t * Elementary.log(b.x)))
    }

    /// The value of a curve at an x, between two points by their logarithms; `nil` outside of them.
    private static func interpolated(_ points: [(x: Double, y: Double)], _ x: Double) -> JSON? {
        for (a, b) in zip(points, points.dropFirst())
        where x >= a.x * (1 - 1e-12) && x <= b.x * (1 + 1e-12) {
            // A curve that begins at 0 has no logarithm there; its next point has.
            if a.x == 0, x >= b.x * (1 - 1e-12) { continue }
            guard a.x > 0, b.x > a.x, a.y > 0, b.y > 0 else { return nil }
            let t =
                (Elementary.log(x) - Elementary.log(a.x))
                / (Elementary.log(b.x) - Elementary.log(a.x))
            return Operator.finite(
                Elementary.exp((1 - t) * Elementary.log(a.y) + t * Elementary.log(b.y)))
        }
        return nil
    }

    /// The standard error of the slope of log y on log x, from the standard errors of y and from x.
    private func slopeError(_ series: Series, _ others: [Series], _ offset: Int)
        throws(ResultError) -> Series
    {
        guard others.count == 2 else {
            throw ResultError(
                "slopeerror(…) needs values, their standard errors and what they stand against",
                at: offset, ["such as slopeerror(flow.mean, flow.se, flow.size)"])
        }
        let relative = try others[0].joined(series, at: offset) { error, y throws(ResultError) in
            try Operator.apply("/", error, y, offset)
        }
        let joined = try relative.joined(others[1], at: offset) { error, x throws(ResultError) in
            .array([error, x])
        }
        var points: [(error: Double, x: Double)] = []
        for row in joined.rows {
            guard let pair = row.value.elements, pair[0] != .null, pair[1] != .null else {
                continue
            }
            let x = try Operator.number(pair[1], offset)
            guard x > 0 else { return .nothing(series.absence) }
            points.append((try Operator.number(pair[0], offset), Elementary.log(x)))
        }
        let mean = points.reduce(0) { $0 + $1.x } / Double(Swift.max(1, points.count))
        let spread = points.reduce(0) { $0 + ($1.x - mean) * ($1.x - mean) }
        guard spread > 0 else { return .nothing(series.absence) }
        let variance = points.reduce(0) { sum, point in
            let weight = (point.x - mean) / spread
            return sum + weight * weight * point.error * point.error
        }
        return Series(.number(variance.squareRoot()), from: Set(joined.sources))
    }
}
