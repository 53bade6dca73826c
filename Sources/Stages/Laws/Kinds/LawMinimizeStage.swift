import Canon
package import Experiment
import Numerics
import Workbench

/// The inputs at which a law, or a weighted sum of laws, is least: such as the best mixture of data.
package enum LawMinimizeStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.minimize", version: 3,
        summary: """
            The inputs between bounds, and with a given sum, at which a weighted sum of fitted laws is \
            least; says where that extrapolates.
            """,
        source: """
            mixtures: Ye et al., arXiv 2403.16952; descent: Birgin, Martínez & Raydan, SIAM J. Optim. 10 \
            (2000)
            """,
        parameters: [
            Parameter(
                "weights", .optional(.list(.number(from: 0, to: .infinity), count: 1...1000)),
                default: .null, "The weight of each law, in the order of the input; 1 where null."),
            Parameter(
                "sum", .optional(.number(from: 0, to: .infinity, openLow: true)), default: 1,
                "What the inputs add up to, as shares do; null for anything."),
            Parameter(
                "bounds", .any, default: [:],
                "Where inputs may lie, such as {r_code: [0, 0.4]}; from 0 to the sum where left out."
            ),
            Parameter(
                "within", .choice(["bounds", "fitted"]), default: "fitted",
                "Whether inputs also stay in the range that the laws were fitted in."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort(
                "laws", "law.json of laws of the same inputs", isCollection: true,
                takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "minimum", fileName: "minimum.json", role: .law,
                "The inputs, each with its interval, the value, warnings.")
        ])

    /// Reads the laws, searches, repeats for each sample.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let documents = try context.inputs("laws").map {
            (producer: $0.producer, json: try JSON(parsing: $0.bytes()))
        }
        let laws = try WeightedLaws(
            documents, weights: parameters.isNull("weights") ? nil : parameters.numbers("weights"))
        let region = try region(laws, parameters)
        let natural = laws.laws.map { $0.natural }
        let found = laws.minimum(region, natural, starts: region.starts)
        let samples = laws.samples
        var moved: [RegionMinimum] = []
        for (done, sample) in samples.enumerated() {
            moved.append(laws.minimum(region, sample, starts: [found.best.place]).best)
            context.progress(done + 1, of: samples.count, note: "samples")
        }
        let document = MinimumDocument(
            laws: laws, region: region, best: found.best, agreeing: found.agreeing,
            samples: moved, level: parameters.number("confidence"))
        try context.write("minimum", document.json().pretty())
    }

    /// The bounds, narrowed to what was fitted where asked.
    private static func region(_ laws: WeightedLaws, _ parameters: Parameters) throws -> InputRegion
    {
        let sum = parameters.isNull("sum") ? nil : parameters.number("sum")
        let bounds = parameters.value("bounds").members ?? [:]
        for name in JSON.sorted(bounds.keys) where !laws.columns.contains(name) {
            throw FormatError(
                "bounds: the laws have no input `\(name)`; "
                    + notes(forUnknown: name, allowed: laws.columns).joined(separator: "; "))
        }
        let isNarrow = parameters.text("within") == "fitted"
        var lower: [Double] = []
        var upper: [Double] = []
        for (name, fitted) in zip(laws.columns, laws.fitted) {
            var (low, high) = (sum == nil ? -Double.infinity : 0, sum ?? .infinity)
            if let given = bounds[name] {
                guard let pair = given.elements?.compactMap({ $0.double }), pair.count == 2,
                    pair[0] <= pair[1]
                else {
                    throw FormatError(
                        "bounds: \(name): expected [least, most], found \(given.canonicalText)")
                }
                (low, high) = (pair[0], pair[1])
            }
            if isNarrow { (low, high) = (max(low, fitted.low), min(high, fitted.high)) }
            guard low.isFinite, high.isFinite else {
                throw FormatError(
                    "bounds: expected [least, most] of `\(name)`, found none; or give `sum`, or stay "
                        + "`within: fitted`")
            }
            lower.append(low)
            upper.append(high)
        }
        guard let region = InputRegion(lower: lower, upper: upper, sum: sum) else {
            throw FormatError(
                "bounds: expected a point between them that adds up to \(sum ?? 0), found none: "
                    + "the least add up to \(lower.reduce(0, +)), the most to \(upper.reduce(0, +))"
            )
        }
        return region
    }
}
