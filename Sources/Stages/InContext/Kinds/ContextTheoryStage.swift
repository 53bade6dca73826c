import Canon
package import Experiment
import System
import Workbench

/// Errors of learners of a linear model that have a closed form.
package enum ContextTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "icl.theory", version: 1,
        summary: """
            Errors E|ŵ − w|² of least squares, of the best single step of gradient descent and of one \
            pass of SGD after n examples, in closed form.
            """,
        source: "textbook (docs/IN-CONTEXT.md); arXiv 2211.15661 compares such learners by drawing",
        parameters: [
            Parameter(
                "dimensions", .list(.integer(1...100_000), count: 1...100), "Dimensions d."),
            Parameter(
                "samples", .list(.integer(1...1_000_000), count: 1...500),
                "Examples n in the prompt."),
            Parameter(
                "noises", .list(.number(from: 0, to: 1e6), count: 1...100), default: [0],
                "Standard deviations σ of the label noise."),
            Parameter(
                "rates", .list(.number(from: 0, to: 1, openLow: true), count: 0...50),
                default: [0.02, 0.03], "Rates η of SGD, which steps by η·2x(y − ŵ·x)."),
            Parameter(
                "scale", .number(from: 0, to: 1e6), default: 1,
                "Scale of the weights w; the single step stays the one that is best for 1."),
        ],
        outputs: [
            OutputPort(
                "curves", fileName: "curves.csv",
                """
                d, n, sigma, learner, step, error: step is a of ŵ = a·Xᵀy/n, or η; no error where it is \
                infinite.
                """)
        ])

    /// Evaluates every setting.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let scale = parameters.number("scale")
        var table = Table(columns: ["d", "n", "sigma", "learner", "step", "error"])
        for d in parameters.integers("dimensions") {
            for noise in parameters.numbers("noises") {
                for n in parameters.integers("samples") {
                    func add(_ learner: String, _ step: JSON, _ error: Double) {
                        table.append([
                            .number(Double(d)), .number(Double(n)), .number(noise),
                            .string(learner),
                            step, .finite(error),
                        ])
                    }
                    add(
                        "least squares", .null,
                        LinearLearner.leastSquaresError(
                            dimension: d, examples: n, noise: noise, scale: scale))
                    let a = LinearLearner.bestStep(dimension: d, examples: n, noise: noise)
                    add(
                        "GD 1", .number(a),
                        LinearLearner.stepError(
                            a, dimension: d, examples: n, noise: noise, scale: scale))
                    for rate in parameters.numbers("rates") {
                        add(
                            "SGD \(JSON.number(rate).canonicalText)", .number(rate),
                            LinearLearner.onePassError(
                                rate: rate, dimension: d, examples: n, noise: noise, scale: scale))
                    }
                }
            }
        }
        try context.write("curves", table.csv())
    }
}
