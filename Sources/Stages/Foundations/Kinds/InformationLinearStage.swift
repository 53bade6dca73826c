import Canon
package import Experiment
import System
import Workbench

/// Estimation and misspecification of the linear-Gaussian instance, and its best sizes.
package enum InformationLinearStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "information.linear", version: 1,
        summary: """
            Error = estimation + misspecification of a linear-Gaussian instance over features and \
            examples, at equal compute, and where it is least.
            """,
        source: """
            the two terms are Jeon & Van Roy's (2024), arXiv 2407.01456, in words; the instance and \
            its exponents are ours, the deterministic equivalent is textbook (docs/FOUNDATIONS.md)
            """,
        parameters: [
            Parameter(
                "betas", .list(.number(from: 0.01, to: 10), count: 1...50),
                "Exponents β: the prior variance of feature i is i^-(1+β)."),
            Parameter(
                "noise", .number(from: 1e-9, to: 1e9), default: 1, "Variance σ² of the labels."),
            Parameter(
                "sizes", .list(.integer(1...1_000_000), count: 0...500), default: [],
                "Features n of the restricted model."),
            Parameter(
                "samples", .list(.number(from: 0.01, to: 1e12), count: 0...500), default: [],
                "Examples T; each with each size in `errors`."),
            Parameter(
                "computes", .list(.number(from: 1, to: 1e12), count: 0...500), default: [],
                unit: "features × examples",
                "Computes C = nT; each with each size in `slices`, and its best size in `optima`."),
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                "beta, n, T, C, estimation, misspecification, error: sizes by samples, nats."),
            OutputPort(
                "slices", fileName: "slices.csv", "The same: sizes by computes, T = C/n."),
            OutputPort(
                "optima", fileName: "optima.csv",
                "The same where the error at each compute is least over whole n."),
        ])

    private static let columns = [
        "beta", "n", "T", "C", "estimation", "misspecification", "error",
    ]

    /// Evaluates every point.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        var (errors, slices, optima) = (
            Table(columns: columns), Table(columns: columns), Table(columns: columns)
        )
        for beta in parameters.numbers("betas") {
            var instance = LinearInstance(beta: beta, noise: parameters.number("noise"))
            for n in parameters.integers("sizes") {
                for t in parameters.numbers("samples") {
                    errors.append(row(beta, Double(n) * t, instance.error(n, examples: t)))
                }
            }
            for compute in parameters.numbers("computes") {
                for n in parameters.integers("sizes") {
                    let here = instance.error(n, examples: compute / Double(n))
                    slices.append(row(beta, compute, here))
                }
                optima.append(row(beta, compute, instance.optimum(compute: compute)))
            }
        }
        try context.write("errors", errors.csv())
        try context.write("slices", slices.csv())
        try context.write("optima", optima.csv())
    }

    private static func row(_ beta: Double, _ compute: Double, _ found: InstanceError) -> [JSON] {
        [
            beta, Double(found.size), found.examples, compute, found.estimation,
            found.misspecification, found.total,
        ].map { .finite($0) }
    }
}
