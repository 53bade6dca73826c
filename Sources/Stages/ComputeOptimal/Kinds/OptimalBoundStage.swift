import Canon
package import Experiment
import Numerics
import Workbench

/// The optima of upper bounds on the error at fixed compute.
package enum OptimalBoundStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.bound", version: 3,
        summary: "Minimises bounds on the error over model size and examples at fixed compute.",
        source: """
            our own bound with its proof, docs/COMPUTE-OPTIMAL.md; `recalled` is unverified memory \
            and supports no claim about a paper
            """,
        parameters: [
            Parameter(
                "variants",
                .list(.choice(RiskBound.Variant.allCases.map { $0.rawValue }), count: 1...4),
                default: .array(RiskBound.Variant.allCases.map { .string($0.rawValue) }),
                "The bounds; docs/COMPUTE-OPTIMAL.md has each."),
            Parameter(
                "dimensions", .list(.number(from: 1, to: 1e6), count: 1...20), default: [8, 64],
                "Input dimensions d."),
            Parameter(
                "complexities", .list(.number(from: 0, to: 1e9, openLow: true), count: 1...20),
                default: [8, 64], "Complexities K of the teacher."),
            Parameter(
                "from", .number(from: 1e3, to: 1e30), default: 1e4, unit: "parameters × examples",
                "The least compute."),
            Parameter(
                "to", .number(from: 1e3, to: 1e30), default: 1e26, unit: "parameters × examples",
                "The greatest compute."),
            Parameter("per_decade", .integer(1...20), default: 2, "Values of compute in a decade."),
        ],
        outputs: [
            OutputPort(
                "optima", fileName: "optima.csv",
                "Where each bound is least: p, T, n, both terms in nats, d ln p*/d ln C, p*/T*.")
        ])

    /// Minimises.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (from, to) = (parameters.number("from"), parameters.number("to"))
        guard from < to else {
            throw FormatError("from: expected less than `to`, found \(from) and \(to)")
        }
        let perDecade = Double(parameters.integer("per_decade"))
        let (low, high) = (DecimalLogarithm.of(from), DecimalLogarithm.of(to))
        let count = Int(((high - low) * perDecade + 1e-9).rounded(.down))
        let computes = (0...count).map { DecimalLogarithm.power(low + Double($0) / perDecade) }
        var table = Table(columns: OptimalBoundStage.columns)
        for name in parameters.texts("variants") {
            guard let variant = RiskBound.Variant(rawValue: name) else { continue }
            for d in parameters.numbers("dimensions") {
                for k in parameters.numbers("complexities") {
                    let bound = RiskBound(variant, dimension: d, complexity: k)
                    for compute in computes {
                        table.append(row(variant, d, k, bound.optimum(compute: compute)))
                    }
                }
            }
        }
        try context.write("optima", table.csv())
    }

    static let columns = [
        "variant", "d", "K", "C", "p", "T", "n", "estimation", "misspecification", "error", "slope",
        "ratio",
    ]

    private static func row(
        _ variant: RiskBound.Variant, _ d: Double, _ k: Double, _ optimum: RiskOptimum
    ) -> [JSON] {
        let numbers = [
            d, k, optimum.compute, optimum.parameters, optimum.samples, optimum.units,
            optimum.estimation, optimum.misspecification, optimum.error, optimum.slope,
            optimum.parameters / optimum.samples,
        ]
        return [.string(variant.rawValue)] + numbers.map { .number($0) }
    }
}
