import Cache
import Numerics
package import Pipeline

/// Fits a scaling law to a table of results.
package enum LawFit: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.fit", version: 2,
        summary:
            "Fits a power law, with or without a floor, to all the results that an input collects.",
        source:
            "forms M1 and M2 of Alabdulmohsin et al., arXiv 2209.06640; the objective is our choice",
        parameters: [
            Parameter("x", .text, "The column that grows: an axis, such as samples."),
            Parameter("y", .text, "The column that falls, such as mixture."),
            Parameter(
                "form", .choice(["power-law", "power-law-with-floor"]), default: "power-law",
                "A x^-α, or E + A x^-α with E ≥ 0."),
            Parameter(
                "group", .optional(.text), default: .null,
                "The column whose values are resampled together, such as replicate."),
            Parameter("bootstrap", .integer(0...100_000), default: 400, "Bootstrap samples."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95,
                "The percentile intervals' level."),
            Parameter(
                "x_max", .optional(.number(from: 0, to: .infinity, openLow: true)), default: .null,
                "Points beyond are held out, and scored."),
            Parameter(
                "x_unit", .text, default: "", "The unit of x, for the plot."),
            Parameter("title", .text, default: "", "The plot's title."),
        ],
        inputs: [
            InputPort("points", "JSON objects of numbers, one for each action", isCollection: true)
        ],
        outputs: [
            OutputPort(
                "law", fileName: "law.json", "Form, parameters with intervals, certificate."),
            OutputPort("plot", fileName: "plot.svg", "Points, law and band on logarithmic axes."),
        ],
        isRandom: true)

    /// Fits, resamples, draws.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let table = try Table(collecting: context.inputs("points"))
        let data = try LawData(
            table, x: parameters.text("x"), y: parameters.text("y"),
            group: parameters.isNull("group") ? nil : parameters.text("group"),
            limit: parameters.isNull("x_max") ? nil : parameters.number("x_max"))
        let hasFloor = parameters.text("form") == "power-law-with-floor"
        guard let fit = PowerLawFit.fit(x: data.x, y: data.y, hasFloor: hasFloor) else {
            throw FormatError(
                "too few points: expected at least \(hasFloor ? 3 : 2) different values of "
                    + "\(parameters.text("x")), found \(Set(data.x).count); widen the axis")
        }
        guard fit.scaledGradient < 1e-6 else {
            throw FormatError(
                "the fit did not converge: its scaled gradient is \(fit.scaledGradient), expected "
                    + "below 1e-6; try form: power-law, or more points")
        }
        guard fit.isWritable else {
            throw FormatError(
                "the law's numbers overflow: A is \(fit.prefactor) with α \(fit.exponent); expected "
                    + "points over a wider range of \(parameters.text("x"))")
        }
        let samples = resample(context, data, fit, hasFloor)
        let law = LawDocument.json(context, data, fit, samples, hasFloor)
        try context.write("law", law.pretty())
        try context.write("plot", LawPlot.svg(context, data, fit, samples))
    }

    /// Refits to groups drawn with replacement; a sample that cannot be fitted is left out.
    private static func resample(
        _ context: StageContext, _ data: LawData, _ fit: PowerLawFit, _ hasFloor: Bool
    ) -> [PowerLawFit] {
        var fits: [PowerLawFit] = []
        let count = context.parameters.integer("bootstrap")
        for sample in 0..<count {
            var stream = RandomStream(
                seed: context.seed, purpose: "bootstrap", index: UInt64(sample))
            var x: [Double] = []
            var y: [Double] = []
            for _ in data.groups.indices {
                for row in data.groups[stream.integer(below: data.groups.count)] {
                    x.append(data.x[row])
                    y.append(data.y[row])
                }
            }
            if let one = PowerLawFit.fit(x: x, y: y, hasFloor: hasFloor, from: fit),
                one.isWritable
            {
                fits.append(one)
            }
            context.progress(sample + 1, of: count, note: "bootstrap")
        }
        return fits
    }
}

extension PowerLawFit {
    /// Whether every number of the law is finite, as a JSON file needs it.
    fileprivate var isWritable: Bool {
        [prefactor, exponent, floor, objective, scaledGradient].allSatisfy { $0.isFinite }
    }
}

/// The points of a law: fitted, held out, grouped.
struct LawData {
    var x: [Double] = []
    var y: [Double] = []
    var heldOut: [(x: Double, y: Double)] = []
    /// Rows that are resampled together.
    var groups: [[Int]] = []

    init(_ table: Table, x xName: String, y yName: String, group: String?, limit: Double?) throws {
        guard let xs = table[column: xName], let ys = table[column: yName] else {
            let missing = table[column: xName] == nil ? xName : yName
            throw FormatError(
                "no column `\(missing)` in the points; expected one of "
                    + table.columns.joined(separator: ", "))
        }
        var byGroup: [JSON: [Int]] = [:]
        var order: [JSON] = []
        let keys = group.flatMap { table[column: $0] }
        if group != nil && keys == nil {
            throw FormatError(
                "no column `\(group ?? "")` in the points; expected one of "
                    + table.columns.joined(separator: ", "))
        }
        for row in xs.indices {
            guard let a = xs[row].double, let b = ys[row].double, a > 0, b > 0 else {
                throw FormatError(
                    "point \(row + 1): expected positive numbers, found \(xName) = "
                        + "\(xs[row].canonicalText) and \(yName) = \(ys[row].canonicalText)")
            }
            if let limit, a > limit {
                heldOut.append((a, b))
                continue
            }
            let key = keys.map { $0[row] } ?? .number(Double(row))
            if byGroup[key] == nil { order.append(key) }
            byGroup[key, default: []].append(x.count)
            x.append(a)
            y.append(b)
        }
        groups = order.compactMap { byGroup[$0] }
    }

    /// Root mean square of log(predicted) − log(held out); `nil` where nothing is held out, or where
    /// the law leaves the range of numbers there.
    func heldOutError(_ fit: PowerLawFit) -> Double? {
        if heldOut.isEmpty { return nil }
        let sum = heldOut.reduce(0.0) { sum, point in
            let r = Elementary.log(fit.value(point.x)) - Elementary.log(point.y)
            return sum + r * r
        }
        return sum.isFinite ? (sum / Double(heldOut.count)).squareRoot() : nil
    }
}
