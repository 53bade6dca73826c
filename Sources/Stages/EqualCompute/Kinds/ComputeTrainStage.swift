import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Trains a network of characters for the steps that a compute class allows.
package enum ComputeTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.train", version: 1,
        summary:
            "Trains a character model for so many steps and scores it by normalised perplexity.",
        source:
            "the protocol of Stanić et al. (2023), arXiv 2309.11197; networks, text and sizes are ours",
        parameters: TextParameters.shape + [
            Parameter(
                "rate", .number(from: 0, to: 1, openLow: true), default: 0.003,
                "Adam's learning rate."),
            Parameter(
                "warmup", .integer(0...1_000_000), default: 50, "Steps over which the rate rises."),
        ],
        inputs: [
            InputPort("steps", "steps.json of compute.steps"),
            InputPort("train", "train.txt of compute.text"),
            InputPort("test", "test.txt of compute.text"),
        ],
        outputs: [
            OutputPort(
                "score", fileName: "score.json",
                """
                perplexity = exp(total NLL/characters) of the test text, nll, characters, steps, \
                hours, tokens, parameters, architecture.
                """),
            OutputPort(
                "history", fileName: "history.csv",
                "Mean training loss of each hundredth of the run."),
        ], isRandom: true, usesProfile: true)

    /// Trains and scores.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let plan = try JSON(parsing: context.input("steps").bytes())
        let (batch, length) = (parameters.integer("batch"), parameters.integer("length"))
        guard let steps = plan["steps"]?.integer, steps > 0, let hours = plan["hours"]?.double
        else {
            throw FormatError("steps: expected steps.json of compute.steps")
        }
        guard plan["batch"]?.integer == batch, plan["length"]?.integer == length else {
            throw FormatError(
                """
                steps: expected steps of batch \(batch) and length \(length), found \
                \(plan["batch"]?.canonicalText ?? "none") and \
                \(plan["length"]?.canonicalText ?? "none")
                """)
        }
        let (text, test) = (
            try streams(context.input("train"), batch, length),
            try streams(context.input("test"), batch, length)
        )
        let shape = TextParameters.shape(parameters)
        let training = TextTraining(
            shape, streams: batch, length: length, steps: steps, rate: parameters.number("rate"),
            warmup: parameters.integer("warmup"), seed: context.seed,
            arithmetic: try context.arithmetic)
        var losses = MeanLosses(steps: steps)
        if let state = context.keptState(), losses.restore(state, training) {
            context.log("taken up at step \(training.step) of \(steps)")
        }
        while training.step < steps {
            let loss = training.advance(text)
            losses.add(loss, at: training.step - 1)
            if training.step % 20 != 0 { continue }
            context.progress(
                training.step, of: steps,
                note: "step \(training.step), loss \((loss * 1e4).rounded() / 1e4)")
            context.keepState { losses.state(training) }
        }
        let score = TextTraining.loss(training.parameters, training.model, test)
        guard score.sum.isFinite else {
            throw FormatError("training diverged: the test loss is not finite; lower `rate`")
        }
        let nll = score.sum / Double(score.characters)
        let document: JSON = [
            "architecture": .string(shape.architecture.rawValue),
            "perplexity": .number(Elementary.exp(nll)),
            "nll": .number(nll), "characters": .number(Double(score.characters)),
            "steps": .number(Double(steps)), "hours": .number(hours),
            "tokens": .number(Double(steps * batch * length)),
            "tokens_per_second": plan["tokens_per_second"] ?? .null,
            "parameters": .number(Double(shape.layout.count)),
        ]
        try context.write("score", document.pretty())
        var history = Table(columns: ["step", "loss"])
        for (place, loss) in losses.means.enumerated() {
            history.append([.number(Double((place + 1) * losses.stride)), .number(loss)])
        }
        try context.write("history", history.csv())
    }

    private static func streams(_ input: StageInput, _ batch: Int, _ length: Int) throws
        -> TextStreams
    {
        let tokens = try ComputeTextStage.tokens(input)
        guard tokens.count / batch > length else {
            throw FormatError(
                """
                \(input.producer): expected more than \(batch * (length + 1)) characters, found \
                \(tokens.count)
                """)
        }
        return TextStreams(tokens, streams: batch)
    }
}

/// Mean losses of a hundred parts of a run.
package struct MeanLosses {
    /// Steps of a part.
    package let stride: Int
    private var sums: [Double]
    private var counts: [Double]

    /// None yet, of a run of so many steps.
    package init(steps: Int) {
        stride = max(1, (steps + 99) / 100)
        sums = Array(repeating: 0, count: (steps + stride - 1) / stride)
        counts = sums
    }

    /// Adds the loss at a step.
    package mutating func add(_ loss: Double, at step: Int) {
        sums[step / stride] += loss
        counts[step / stride] += 1
    }

    /// The mean of each part.
    package var means: [Double] { zip(sums, counts).map { $0 / max(1, $1) } }

    private static let stateName = "compute2"

    /// Everything that a later process needs to go on.
    package func state(_ training: TextTraining) -> [UInt8] {
        let part = training.state
        var writer = StateWriter(name: Self.stateName, size: part.count + 16 * sums.count + 128)
        writer.add(sums)
        writer.add(counts)
        writer.add(part)
        return writer.finish()
    }

    /// Takes up both; nothing has changed where the state is of another run.
    package mutating func restore(_ state: [UInt8], _ training: TextTraining) -> Bool {
        let size = sums.count
        let kept = StateReader.read(state, name: Self.stateName) {
            reader throws(NotThisState) in
            (
                sums: try reader.numbers(size), counts: try reader.numbers(size),
                part: try reader.part()
            )
        }
        guard let kept, training.restore(kept.part) else { return false }
        (sums, counts) = (kept.sums, kept.counts)
        return true
    }
}
