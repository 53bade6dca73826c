import Canon
package import Experiment
import Numerics
import Workbench

/// Maximum likelihood of a flow on a known mixture of sources.
package enum FlowTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "flow.train", version: 1,
        summary: """
            Trains a flow by maximum likelihood on a known mixture of sources, by the ordinary or the \
            relative gradient: likelihood against the truth's, and how well sources are separated.
            """,
        source: """
            independent component analysis is textbook; relative gradients in deep flows: arXiv 2006.15090, \
            abstract and code; mixtures and tests are ours (docs/RELATIVE-GRADIENT.md)
            """,
        parameters: [
            Parameter(
                "dimension", .integer(2...512), default: 8, "Sources, and numbers of a datum."),
            FlowParameters.layers, FlowParameters.slope, FlowParameters.density,
            Parameter(
                "condition", .number(from: 1, to: 1e12), default: 10,
                "Condition number κ of each layer of the mixture."),
            Parameter("samples", .integer(2...10_000_000), default: 10_000, "Data of training."),
            Parameter(
                "batch", .integer(1...10_000_000), default: 100,
                "Data of a step, drawn anew; as many as samples or more: all of them, each step."),
            Parameter("steps", .integer(1...10_000_000), default: 2000, "Steps of ascent."),
            Parameter(
                "rate", .number(from: 0, to: 100, openLow: true), default: 0.1,
                "Step size at the start."),
            Parameter(
                "schedule", .choice(Schedule.allCases.map { $0.rawValue }), default: "linear",
                "How the step size falls to 0."),
            Parameter(
                "gradient", .choice(GradientForm.allCases.map { $0.rawValue }), default: "relative",
                "G or G·Wᵀ·W for the step of W."),
            Parameter("records", .integer(1...1000), default: 20, "Tests, evenly over the steps."),
            Parameter("tests", .integer(2...1_000_000), default: 10_000, "Data of the tests."),
        ],
        outputs: [
            OutputPort(
                "score", fileName: "score.json",
                """
                At the end, on data of the tests: likelihood, truth (that of the true flow), gap (truth less \
                likelihood), amari distance, operations; null where training diverged, and diverged its step \
                (0 where it did not).
                """),
            OutputPort(
                "trace", fileName: "trace.csv",
                "step, likelihood, gap, amari, operations of products and eliminations so far."),
        ], isRandom: true, usesProfile: true)

    /// Trains and tests.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        guard let form = GradientForm(rawValue: parameters.text("gradient")),
            let schedule = Schedule(rawValue: parameters.text("schedule"))
        else { throw FormatError("gradient, schedule: no such choice") }
        let mixture = KnownMixture(
            dimension: parameters.integer("dimension"), layers: parameters.integer("layers"),
            slope: parameters.number("slope"), condition: parameters.number("condition"),
            density: try FlowParameters.density(parameters), seed: context.seed,
            arithmetic: try context.arithmetic)
        let trial = try SeparationTrial(
            mixture, count: parameters.integer("tests"), seed: context.seed)
        var training = FlowTraining(
            mixture, samples: parameters.integer("samples"), batch: parameters.integer("batch"),
            form: form, seed: context.seed)
        let (last, diverged) = try train(&training, trial, schedule, context)
        let document: JSON = [
            "likelihood": .finite(last?.likelihood), "truth": .finite(trial.truth),
            "gap": .finite(last?.gap), "amari": .finite(last?.amari),
            "operations": .number(Double(training.operations)),
            "diverged": .number(Double(diverged)),
        ]
        try context.write("score", document.pretty())
    }

    /// Takes all steps, and tests in between: a W without an inverse and numbers that overflow end it early.
    private static func train(
        _ training: inout FlowTraining, _ trial: SeparationTrial, _ schedule: Schedule,
        _ context: StageContext
    ) throws -> (last: SeparationTrial.Score?, diverged: Int) {
        let parameters = context.parameters
        let (steps, records) = (parameters.integer("steps"), parameters.integer("records"))
        var table = Table(columns: ["step", "likelihood", "gap", "amari", "operations"])
        var (last, diverged): (SeparationTrial.Score?, Int) = (nil, 0)
        for step in 0...steps {
            let rate = parameters.number("rate") * schedule.factor(step - 1, of: steps)
            let isTaken = step == 0 || ((try? training.step(rate: rate)) ?? false)
            let isDue = step == 0 || step * records / steps > (step - 1) * records / steps
            if isTaken && !isDue { continue }
            last = isTaken ? try? trial.score(training.flow) : nil
            guard let score = last, score.likelihood.isFinite else {
                (last, diverged) = (nil, step)
                break
            }
            let numbers = [
                Double(step), score.likelihood, score.gap, score.amari, Double(training.operations),
            ]
            table.append(numbers.map { .finite($0) })
            context.progress(step, of: steps, note: "gap \(score.gap)")
        }
        try context.write("trace", table.csv())
        return (last, diverged)
    }
}
