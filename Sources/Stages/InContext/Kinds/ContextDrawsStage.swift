import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Learners of a linear model on drawn prompts.
package enum ContextDrawsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "icl.draws", version: 1,
        summary: """
            Least squares, Bayes' ridge, k steps of gradient descent with the best step sizes and one \
            pass of SGD on drawn prompts: errors, and how far predictions are apart.
            """,
        source: """
            prompts and learners after the authors' code of arXiv 2211.15661; the best k steps are ours \
            (docs/IN-CONTEXT.md)
            """,
        parameters: [
            Parameter("dimension", .integer(1...200), default: 8, "Dimension d."),
            Parameter(
                "samples", .list(.integer(1...10_000), count: 1...100), "Examples n in the prompt."),
            Parameter(
                "noise", .number(from: 0, to: 1e6), default: 0,
                "Standard deviation σ of the label noise."),
            Parameter(
                "depth", .integer(1...8), default: 5, "The most steps k of gradient descent."),
            Parameter(
                "rates", .list(.number(from: 0, to: 1, openLow: true), count: 0...50),
                default: [0.02], "Rates η of SGD, which steps by η·2x(y − ŵ·x)."),
            Parameter(
                "scale", .number(from: 0, to: 1e6), default: 1,
                "Scale of the weights w; ridge and step sizes stay those for 1."),
            Parameter("draws", .integer(64...200_000), default: 20_000, "Prompts for each n."),
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                """
                n, learner, depth, error |ŵ − w|² with se, expected with expected_se: its mean given X, over \
                X (for SGD its formula); spd_ols, spd_bayes: squared distance of predictions from those of \
                least squares and Bayes.
                """)
        ], isRandom: true)

    /// Draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (d, noise) = (parameters.integer("dimension"), parameters.number("noise"))
        let (rates, scale) = (parameters.numbers("rates"), parameters.number("scale"))
        var table = Table(columns: [
            "n", "learner", "depth", "error", "se", "expected", "expected_se", "spd_ols",
            "spd_bayes",
        ])
        let arithmetic = try Arithmetic.portable()
        let all = parameters.integers("samples")
        for (place, n) in all.enumerated() {
            let survey = LearnerSurvey(
                dimension: d, examples: n, noise: noise, scale: scale,
                draws: parameters.integer("draws"), rates: rates,
                stream: RandomStream(seed: context.seed, purpose: "prompts", index: UInt64(n)),
                arithmetic: arithmetic)
            func add(_ learner: String, _ depth: JSON, _ f: (Double) -> Double) {
                let found = survey.finding(f)
                let numbers = [
                    found.error.mean, found.error.standardError, found.expected.mean,
                    found.expected.standardError, found.fromLeastSquares.mean, found.fromBayes.mean,
                ]
                table.append(
                    [.number(Double(n)), .string(learner), depth] + numbers.map { .finite($0) })
            }
            add("least squares", .null, LinearLearner.leastSquares)
            add("Bayes", .null, LinearLearner.bayes(noise: noise, examples: n))
            let depth = parameters.integer("depth")
            let moments = survey.moments(2 * depth)
            for k in 1...depth {
                guard
                    let best = LinearLearner.bestDescent(
                        steps: k, moments: moments, dimension: d, noise: noise, examples: n)
                else {
                    throw FormatError(
                        "depth: the best \(k) steps at n = \(n) are lost in rounding; expected fewer"
                    )
                }
                add("GD \(k)", .number(Double(k)), LinearLearner.descent(best.steps))
            }
            for (rate, pass) in zip(rates, survey.passes) {
                let expected = LinearLearner.onePassError(
                    rate: rate, dimension: d, examples: n, noise: noise, scale: scale)
                table.append(
                    [
                        .number(Double(n)), .string("SGD \(JSON.number(rate).canonicalText)"),
                        .null,
                    ] + [pass.mean, pass.standardError, expected].map { .finite($0) }
                        + [.null, .null, .null])
            }
            context.progress(place + 1, of: all.count, note: "n = \(n)")
        }
        try context.write("errors", table.csv())
    }
}
