import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Finds the plateau of a learning curve and its exponent after it.
package enum OnlinePlateauStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.plateau", version: 3,
        summary:
            "A learning curve's plateau (start, end, height, with uncertainty) and local exponents.",
        source: "our own rule; see PlateauDetection in docs/POWER-LAW-SPECTRA.md",
        parameters: [
            Parameter("column", .text, default: "error", "The curve's column."),
            Parameter(
                "window_from", .optional(.number(from: 0, to: 1e15)), default: .null,
                """
                Where the exponent is fitted from; null: `margin` times the theory's window_from \
                where facts are given, and after the plateau.
                """),
            Parameter(
                "window_to", .optional(.number(from: 0, to: 1e15)), default: .null,
                """
                Where it is fitted to; null: the theory's window_to over `margin` where facts are \
                given, and no further than the curve.
                """),
            Parameter(
                "margin", .number(from: 1, to: 1e6), default: 10,
                "How far inside both ends of the theory's window the exponent is fitted."),
        ],
        inputs: [
            InputPort("curve", "curve.csv with alpha and the column"),
            InputPort(
                "facts", "facts.json of theory.linear or theory.order-parameters: the window",
                isOptional: true),
        ],
        outputs: [
            OutputPort(
                "plateau", fileName: "plateau.json",
                """
                found (1 or 0); start, end, length, height; length_uncertainty; flattest: the error \
                where the exponent is least after the error first halved; slope, \
                slope_deviation from window_from to window_to, with so many points; bare_exponent \
                of the theory; final error.
                """),
            OutputPort(
                "exponents", fileName: "exponents.csv",
                """
                alpha; exponent: less the slope of ln error against ln alpha within a factor 1.5, \
                for errors above 1e-13.
                """),
        ])

    /// Looks.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let curve = try OnlineCurve(context.input("curve"), needs: parameters.text("column"))
        let error = curve.column(parameters.text("column")) ?? []
        let plateau = PlateauDetection(alpha: curve.alpha, error: error)
        let facts = try context.inputs("facts").first.map { try JSON(parsing: $0.bytes()) }
        let margin = parameters.number("margin")
        let last = curve.alpha.last ?? 0
        let from =
            parameters.isNull("window_from")
            ? max(plateau?.end ?? 0, margin * (facts?["window_from"]?.double ?? 0))
            : parameters.number("window_from")
        let to =
            parameters.isNull("window_to")
            ? min(last, (facts?["window_to"]?.double ?? .infinity) / margin)
            : parameters.number("window_to")
        let fit = LocalExponents.exponent(
            alpha: curve.alpha, error: error, from: max(from, 1e-300), to: to)
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        let points = zip(curve.alpha, error).filter { $0.0 > 0 && $0.1 > 1e-13 }
        let slopes = LocalExponents.slopes(
            points.map { Elementary.log($0.0) }, points.map { Elementary.log($0.1) },
            halfWidth: Elementary.log(1.5))
        let halved = points.firstIndex { $0.1 < 0.5 * points[0].1 } ?? points.count
        let flattest = points.indices[halved...].filter { slopes[$0] != nil }
            .max { (slopes[$0] ?? 0) < (slopes[$1] ?? 0) }
        let result: JSON = [
            "found": plateau == nil ? 0 : 1, "start": number(plateau?.start),
            "end": number(plateau?.end), "length": number(plateau?.length),
            "height": number(plateau?.height),
            "length_uncertainty": number(plateau?.lengthUncertainty),
            "flattest": number(flattest.map { points[$0].1 }),
            "window_from": number(from), "window_to": number(to),
            "points": .number(Double(fit?.points ?? 0)),
            "slope": number(fit?.slope), "slope_deviation": number(fit?.deviation),
            "bare_exponent": facts?["exponent"]?.double.map { .number($0) } ?? .null,
            "final": number(error.last),
        ]
        try context.write("plateau", result.pretty())
        var table = Table(columns: ["alpha", "exponent"])
        for (point, slope) in zip(points, slopes) {
            table.append([.number(point.0), number(slope.map { -$0 })])
        }
        try context.write("exponents", table.csv())
    }
}

/// A learning curve of one action.
struct OnlineCurve {
    let input: StageInput
    let alpha: [Double]
    private let table: Table

    /// Reads a table with `alpha` and the column that is needed.
    init(_ input: StageInput, needs column: String? = nil) throws {
        self.input = input
        table = try Table(csv: input.bytes())
        guard let times = table[column: "alpha"], column.map(table.columns.contains) ?? true else {
            throw FormatError(
                "\(input.producer): expected a table with alpha"
                    + (column.map { " and \($0)" } ?? "") + ", found "
                    + table.columns.joined(separator: ", "))
        }
        alpha = times.compactMap { $0.double }
        guard alpha.count == times.count, !alpha.isEmpty else {
            throw FormatError("\(input.producer): expected numbers in the column alpha")
        }
    }

    /// A column; NaN where it is empty.
    func column(_ name: String) -> [Double]? { table[column: name]?.map { $0.double ?? .nan } }

    /// The value on an axis.
    func coordinate(_ axis: String) -> JSON? {
        input.coordinates.first { $0.axis == axis }.map { $0.value["name"] ?? $0.value }
    }

    /// A column's value at α, between points along the straight line of logarithms; `nil` outside of them.
    func value(at time: Double, column name: String) -> Double? {
        guard let values = column(name) else { return nil }
        if let place = alpha.firstIndex(of: time) { return values[place] }
        guard let next = alpha.firstIndex(where: { $0 > time }), next > 0 else { return nil }
        let (a, b, y, z) = (alpha[next - 1], alpha[next], values[next - 1], values[next])
        guard y > 0, z > 0 else { return nil }
        if a == 0 { return y + (z - y) * time / b }
        let part = Elementary.log(time / a) / Elementary.log(b / a)
        return y * Elementary.exp(part * Elementary.log(z / y))
    }
}
