import Cache
import Numerics
package import Pipeline

/// Finds the plateau of a learning curve and its exponent after it.
package enum OnlinePlateau: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.plateau", version: 1,
        summary:
            "A learning curve's plateau (start, end, height, with uncertainty) and local exponents.",
        source: "our own rule; see PlateauDetection in docs/POWER-LAW-SPECTRA.md",
        parameters: [
            Parameter(
                "window_from", .optional(.number(from: 0, to: 1e15)), default: .null,
                "Where the exponent is fitted from, such as 10 times the theory's window_from; null: after the plateau."
            ),
            Parameter(
                "window_to", .optional(.number(from: 0, to: 1e15)), default: .null,
                "Where it is fitted to; null: to the end."),
        ],
        inputs: [InputPort("curve", "curve.csv with alpha and error")],
        outputs: [
            OutputPort(
                "plateau", fileName: "plateau.json",
                "found (1 or 0); start, end, length, height; length_uncertainty; slope, slope_deviation over the window; final error."
            ),
            OutputPort(
                "exponents", fileName: "exponents.csv",
                "alpha, slope of ln error against ln alpha within a factor 1.5."),
        ])

    /// Looks.
    package static func run(_ context: StageContext) throws {
        let curve = try OnlineCurve(context.input("curve"))
        let parameters = context.parameters
        let plateau = PlateauDetection(alpha: curve.alpha, error: curve.error)
        let from =
            parameters.isNull("window_from")
            ? plateau?.end ?? 0 : parameters.number("window_from")
        let to =
            parameters.isNull("window_to")
            ? curve.alpha.last ?? 0 : parameters.number("window_to")
        let fit = LocalExponents.exponent(
            alpha: curve.alpha, error: curve.error, from: max(from, 1e-300), to: to)
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        let result: JSON = [
            "found": plateau == nil ? 0 : 1, "start": number(plateau?.start),
            "end": number(plateau?.end), "length": number(plateau?.length),
            "height": number(plateau?.height),
            "length_uncertainty": number(plateau?.lengthUncertainty),
            "slope": number(fit?.slope), "slope_deviation": number(fit?.deviation),
            "final": number(curve.error.last),
        ]
        try context.write("plateau", result.pretty())
        let points = zip(curve.alpha, curve.error).filter { $0.0 > 0 && $0.1 > 0 }
        let slopes = LocalExponents.slopes(
            points.map { Elementary.log($0.0) }, points.map { Elementary.log($0.1) },
            halfWidth: Elementary.log(1.5))
        var table = Table(columns: ["alpha", "slope"])
        for (point, slope) in zip(points, slopes) {
            table.append([.number(point.0), number(slope)])
        }
        try context.write("exponents", table.csv())
    }
}

/// A learning curve of one action.
struct OnlineCurve {
    let input: StageInput
    let alpha, error: [Double]
    private let table: Table

    init(_ input: StageInput) throws {
        self.input = input
        table = try Table(csv: input.bytes())
        guard let alpha = table[column: "alpha"]?.compactMap({ $0.double }),
            let error = table[column: "error"]?.map({ $0.double ?? .nan }),
            alpha.count == error.count, !alpha.isEmpty
        else {
            throw FormatError(
                "\(input.producer): expected a table with numbers alpha and error, found "
                    + table.columns.joined(separator: ", "))
        }
        self.alpha = alpha
        self.error = error
    }

    /// Another column; NaN where it is empty.
    func column(_ name: String) -> [Double]? { table[column: name]?.map { $0.double ?? .nan } }

    /// The value on an axis.
    func coordinate(_ axis: String) -> JSON? {
        input.coordinates.first { $0.axis == axis }.map { $0.value["name"] ?? $0.value }
    }

    /// ε at α, between points along the straight line of logarithms; `nil` outside of them.
    func value(at time: Double, column name: String = "error") -> Double? {
        let values = name == "error" ? error : column(name) ?? []
        guard values.count == alpha.count else { return nil }
        if let place = alpha.firstIndex(of: time) { return values[place] }
        guard let next = alpha.firstIndex(where: { $0 > time }), next > 0 else { return nil }
        let (a, b, y, z) = (alpha[next - 1], alpha[next], values[next - 1], values[next])
        guard y > 0, z > 0 else { return nil }
        if a == 0 { return y + (z - y) * time / b }
        let part = Elementary.log(time / a) / Elementary.log(b / a)
        return y * Elementary.exp(part * Elementary.log(z / y))
    }
}
