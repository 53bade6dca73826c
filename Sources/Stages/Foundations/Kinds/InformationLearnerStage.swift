import Canon
package import Experiment
import Numerics
import System
import Workbench

/// The restricted Bayes learner, run example by example against known truths.
package enum InformationLearnerStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "information.learner", version: 1,
        summary: """
            Runs the Bayes learner of the first n features example by example and holds its mean error \
            against estimation + misspecification; its prior may be wrong.
            """,
        source: "ours; the chain rule that makes the identity is textbook (docs/FOUNDATIONS.md)",
        parameters: [
            Parameter(
                "beta", .number(from: 0.01, to: 10),
                "Exponent β: the prior variance of feature i is i^-(1+β)."),
            Parameter(
                "noise", .number(from: 1e-9, to: 1e9), default: 1, "Variance σ² of the labels."),
            Parameter("size", .integer(1...2000), "Features n of the restricted model."),
            Parameter("samples", .integer(1...1_000_000), "Examples T of a run."),
            Parameter("runs", .integer(2...10_000_000), default: 4000, "Runs, each with a truth."),
            Parameter(
                "tail", .integer(0...1_000_000), default: 2000,
                "Features beyond n whose weights are drawn; what is beyond them has its mean."),
            Parameter(
                "prior_exponent", .optional(.number(from: 0, to: 11)), default: .null,
                "The learner takes the variances i^-this for its prior; null for 1 + β, the truth."),
            Parameter(
                "prior_scale", .number(from: 1e-9, to: 1e9), default: 1,
                "What the learner multiplies its prior variances by."),
        ],
        outputs: [
            OutputPort(
                "error", fileName: "error.json",
                """
                error, estimation (½ ln det, of the runs), each with se; misspecification; gap = error \
                − both, with se, whose mean is 0 for the true prior; equivalent of the estimation; nats.
                """)
        ], isRandom: true)

    /// Runs and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (size, samples) = (parameters.integer("size"), parameters.integer("samples"))
        let beta = parameters.number("beta")
        var instance = LinearInstance(beta: beta, noise: parameters.number("noise"))
        let exponent =
            parameters.isNull("prior_exponent")
            ? 1 + beta : parameters.number("prior_exponent")
        let scale = parameters.number("prior_scale")
        let learner = SequentialLearner(
            instance, size: size, examples: samples, tailFeatures: parameters.integer("tail"),
            prior: (1...size).map { scale * Elementary.power(Double($0), -exponent) },
            arithmetic: try Arithmetic.portable())
        let least = instance.error(size, examples: Double(samples))
        let runs = parameters.integer("runs")
        var (errors, informations, gaps) = (
            RunningMean(), RunningMean(), RunningMean()
        )
        for run in 0..<runs {
            let made = learner.run(
                RandomStream(seed: context.seed, purpose: "run", index: UInt64(run)))
            errors.add(made.divergence)
            informations.add(made.information)
            gaps.add(made.divergence - made.information - least.misspecification)
            if run % 200 == 199 { context.progress(run + 1, of: runs, note: "n = \(size)") }
        }
        let document: JSON = [
            "error": .finite(errors.mean), "error_se": .finite(errors.standardError),
            "estimation": .finite(informations.mean),
            "estimation_se": .finite(informations.standardError),
            "misspecification": .finite(least.misspecification), "gap": .finite(gaps.mean),
            "gap_se": .finite(gaps.standardError), "equivalent": .finite(least.estimation),
        ]
        try context.write("error", document.pretty())
    }
}
