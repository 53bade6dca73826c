import Canon
package import Experiment
import System
import Workbench

/// The loss of the symmetric model over probabilities and ratios, beside its baselines.
package enum RugTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "rug.theory", version: 1,
        summary: """
            The least loss of the symmetric model of superposition by integrals, with the scale and \
            the shift that reach it, and its baselines.
            """,
        source: """
            the picture of Cowsik et al. (2024), arXiv 2410.12101, as reviewers describe it; the \
            formula is ours (docs/PERSIAN-RUG.md)
            """,
        parameters: [
            Parameter(
                "probabilities", .list(.number(from: 1e-7, to: 0.99), count: 1...200),
                "Probabilities p that a feature is active."),
            Parameter(
                "ratios", .list(.number(from: 1e-4, to: 0.999), count: 1...200),
                "Ratios r of hidden units to features."),
            Parameter(
                "points", .optional(.integer(2...512)), default: .null,
                "Points of one Gauss–Legendre rule over a feature's values; null for panels, exact."
            ),
        ],
        outputs: [
            OutputPort(
                "losses", fileName: "losses.csv",
                """
                p, r, loss, A, m, noise (s²); zero, linear, elementwise: losses of no output, of the \
                best affine map, of the best function of one input; digons (r = 1/2).
                """)
        ])

    /// Evaluates every pair.
    package static func run(_ context: StageContext) throws {
        var table = Table(columns: [
            "p", "r", "loss", "A", "m", "noise", "zero", "linear", "elementwise", "digons",
        ])
        let points =
            context.parameters.isNull("points") ? nil : context.parameters.integer("points")
        let ratios = context.parameters.numbers("ratios")
        for p in context.parameters.numbers("probabilities") {
            for r in ratios {
                let model = SymmetricLoss(probability: p, ratio: r, points: points)
                let least = model.minimum()
                let noise = model.deviation * model.deviation
                table.append(
                    [
                        p, r, least.loss, least.scale, least.shift, noise, model.zero,
                        model.linear, model.elementwise(), model.digons ?? .nan,
                    ].map { .finite($0) })
            }
        }
        try context.write("losses", table.csv())
    }
}
