import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Trains layers of linear attention on prompts, and holds them against learners that are known.
package enum ContextTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "icl.train", version: 1,
        summary: """
            Trains k layers of linear attention, w ← w + A·Xᵀ(y − Xw)/n each, on fresh prompts with \
            Adam; its error and how far its predictions are from least squares and Bayes' ridge.
            """,
        source: """
            the question is arXiv 2211.15661's; merged linear attention as one step of gradient descent \
            is textbook, training and its loss are ours (docs/IN-CONTEXT.md)
            """,
        parameters: [
            Parameter("dimension", .integer(1...200), default: 8, "Dimension d."),
            Parameter("samples", .integer(1...10_000), "Examples n in the prompt."),
            Parameter(
                "noise", .number(from: 0, to: 1e6), default: 0,
                "Standard deviation σ of the label noise."),
            Parameter("layers", .integer(1...8), "Layers k of linear attention."),
            Parameter("steps", .integer(1...10_000_000), default: 4000, "Steps of Adam."),
            Parameter(
                "batch", .integer(16...65_536), default: 144,
                "Fresh prompts a step; a multiple of 16, fastest where it is an odd one."),
            Parameter(
                "rate", .number(from: 0, to: 1, openLow: true), default: 0.01,
                "Step size of Adam."),
            Parameter(
                "schedule", .choice(Schedule.allCases.map { $0.rawValue }), default: "cosine",
                "How the step size falls to 0."),
            Parameter(
                "spread", .number(from: 0, to: 10), default: 0.05,
                "Standard deviation of the elements of A at the start."),
            Parameter("records", .integer(1...1000), default: 20, "Tests, evenly over the steps."),
            Parameter("draws", .integer(64...200_000), default: 20_000, "Prompts of the tests."),
        ],
        outputs: [
            OutputPort(
                "learner", fileName: "learner.json",
                """
                error with se; floor: that of as many best steps of GD, ols, bayes on the same prompts; \
                spd_ols, spd_bayes: squared distance of predictions; diagonal, off_diagonal of each \
                layer's A.
                """),
            OutputPort("losses", fileName: "losses.csv", "step, error on the test prompts."),
        ], isRandom: true, usesProfile: true)

    /// Trains and compares.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (d, n) = (parameters.integer("dimension"), parameters.integer("samples"))
        let (noise, layers) = (parameters.number("noise"), parameters.integer("layers"))
        let (steps, batch) = (parameters.integer("steps"), parameters.integer("batch"))
        guard batch % 16 == 0 else {
            throw FormatError("batch: expected a multiple of 16, found \(batch)")
        }
        guard let schedule = Schedule(rawValue: parameters.text("schedule")) else {
            throw FormatError("schedule: no such schedule")
        }
        let arithmetic = try context.arithmetic
        var start = RandomStream(seed: context.seed, purpose: "weights")
        var network = LinearAttention<Float>(
            dimension: d, layers: layers, width: batch,
            parameters: (0..<(layers * d * d)).map { _ in
                Float(parameters.number("spread") * start.normal())
            }, arithmetic: arithmetic)
        let prompts = PromptBatch<Float>(
            dimension: d, examples: n, width: batch, arithmetic: arithmetic)
        let fresh = RandomStream(seed: context.seed, purpose: "prompts")
        let trial = AttentionTrial(
            dimension: d, examples: n, noise: noise, draws: parameters.integer("draws"),
            stream: RandomStream(seed: context.seed, purpose: "test"), arithmetic: arithmetic)
        let records = parameters.integer("records")
        var table = Table(columns: ["step", "error"])
        for step in 1...steps {
            prompts.draw(step - 1, of: fresh, noise: noise)
            network.step(
                prompts, rate: parameters.number("rate") * schedule.factor(step - 1, of: steps))
            guard step * records / steps > (step - 1) * records / steps else { continue }
            let error = trial.error(network).mean
            table.append([.number(Double(step)), .finite(error)])
            context.progress(step, of: steps, note: "k = \(layers), error \(error)")
        }
        try context.write("losses", table.csv())
        try context.write("learner", document(network, trial).pretty())
    }

    private static func document(_ network: LinearAttention<Float>, _ trial: AttentionTrial) -> JSON
    {
        let found = trial.comparison(network)
        let matrices = network.matrices
        return [
            "error": .finite(found.error.mean), "se": .finite(found.error.standardError),
            "floor": .finite(found.floor?.mean ?? .nan), "ols": .finite(found.leastSquares.mean),
            "bayes": .finite(found.bayes.mean), "spd_ols": .finite(found.fromLeastSquares.mean),
            "spd_bayes": .finite(found.fromBayes.mean),
            "diagonal": .array(matrices.map { .finite($0.diagonal) }),
            "off_diagonal": .array(matrices.map { .finite($0.offDiagonal) }),
        ]
    }
}
