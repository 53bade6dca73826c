import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Full-batch ridge regression on a generator's data beside its deterministic equivalent.
package enum GeneratorRidgeStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "generator.ridge", version: 2,
        summary: """
            The test error of ridge regression on a generator's outputs, of a teacher that is linear \
            in its latents: deterministic equivalent, and drawn.
            """,
        source: """
            full batches: claim of Goldt et al., arXiv 2006.14709; the equivalent is textbook, the \
            instance ours (docs/GAUSSIAN-EQUIVALENCE.md)
            """,
        parameters: EquivalenceParameters.generator + [
            Parameter(
                "examples", .list(.integer(1...10_000_000), count: 1...200),
                "Training examples n of each row."),
            Parameter(
                "penalties", .list(.number(from: 1e-9, to: 1e6), count: 1...50),
                default: [1e-3], "Penalties λ; the Gram matrix is divided by n."),
            Parameter(
                "noise", .number(from: 0, to: 100), default: 0.1,
                "Standard deviation σ of the labels' noise."),
            Parameter(
                "draws", .integer(0...10_000), default: 0,
                "Drawn trainings on signs and on the Gaussian model; 0 for the theory alone."),
            Parameter(
                "tests", .integer(1...1_000_000), default: 4000,
                "Test examples of a drawn training."),
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                """
                n, penalty, kappa, error: theory, on labels without noise; floor: the error as n → ∞ \
                without penalty; sign, gaussian: means over draws, with standard errors sign_se, \
                gaussian_se.
                """)
        ], isRandom: true, usesProfile: true)

    /// Evaluates, and draws where it is asked to.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (noise, draws) = (parameters.number("noise"), parameters.integer("draws"))
        guard draws != 1 else {
            throw FormatError("draws: expected 0 or at least 2 for a standard error, found 1")
        }
        let arithmetic = try context.arithmetic
        let instance = EquivalenceParameters.instance(parameters, committees: false)
        let theory = try RidgeTheory(instance, noise: noise, arithmetic: arithmetic)
        let trial = RidgeTrial(instance, arithmetic: arithmetic)
        let (sizes, penalties) = (
            parameters.integers("examples"), parameters.numbers("penalties")
        )
        let measures = GeneratedKind.allCases.flatMap { [$0.rawValue, "\($0.rawValue)_se"] }
        var table = Table(
            columns: ["n", "penalty", "kappa", "error", "floor"] + (draws > 0 ? measures : []))
        for penalty in penalties {
            for (place, n) in sizes.enumerated() {
                let kappa = theory.kappa(penalty: penalty, examples: Double(n))
                var row = [
                    Double(n), penalty, kappa, theory.error(kappa: kappa, examples: Double(n)),
                    theory.floor,
                ]
                for kind in GeneratedKind.allCases where draws > 0 {
                    let errors = try (0..<draws).map { draw in
                        try trial.error(
                            examples: n, tests: parameters.integer("tests"), penalty: penalty,
                            noise: noise, kind: kind, seed: context.seed, draw: UInt64(draw))
                    }
                    let sample = RunningMean(errors)
                    row += [sample.mean, sample.standardError]
                }
                table.append(row.map { .number($0) })
                context.progress(place + 1, of: sizes.count, note: "n = \(n)")
            }
        }
        try context.write("errors", table.csv())
    }
}
