import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Trains the network that has to find the hidden factors.
package enum FactorTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.train", version: 2,
        summary: "Trains a network on a task with hidden factors; losses are mean KL divergences.",
        source:
            "the authors' public code for Arnal et al. (2024), arXiv 2411.01375: network, loss, modes",
        parameters: [
            Parameter(
                "mode", .choice(FactorMode.allCases.map { $0.rawValue }),
                default: "generalisation",
                "single-pass: fresh uniform inputs every step; compression: all inputs every step; "
                    + "generalisation: a fixed part of them every step, the others for the test."),
            Parameter(
                "embedding", .optional(.choice(FactorEmbedding.allCases.map { $0.rawValue })),
                default: .null,
                "learned: one row for each input; fixed: the sum of a frozen random row for each factor's "
                    + "value; trained-factors: that sum, trained (ours). null: fixed in "
                    + "generalisation, learned elsewhere."),
            Parameter(
                "profile", .choice(["code", "paper"]), default: "code",
                "Width where `width` is null: 64 in the authors' code, 32 by a summary of version 1."
            ),
            Parameter(
                "width", .optional(.integer(1...4096)), default: .null,
                "d, of embedding and residual stream."),
            Parameter(
                "hidden", .optional(.integer(1...16_384)), default: .null,
                "h, inside a block; null: twice the width, as in both profiles."),
            Parameter("layers", .integer(0...5), default: 1, "Blocks of the network."),
            Parameter("steps", .integer(1...100_000_000), default: 1000, "Steps of Adam."),
            Parameter(
                "rate", .number(from: 0, to: 10, openLow: true), default: 0.03,
                "Adam's learning rate at its highest."),
            Parameter(
                "schedule", .choice(FactorSchedule.allCases.map { $0.rawValue }),
                default: "cosine",
                "cosine: to 0 at the last step; log-cosine: in logarithms of step and rate, to "
                    + "0.0003 at step 1,000,000 whatever `steps` is; constant."),
            Parameter(
                "batch", .optional(.integer(1...10_000_000)), default: .null,
                "single-pass: inputs in a step; null: 2 N, as in the authors' code."),
            Parameter(
                "observed", .number(from: 0, to: 1, openLow: true, openHigh: true), default: 0.9,
                "generalisation: the part of the inputs that is trained on."),
            Parameter(
                "labels", .optional(.choice(["soft", "sampled"])), default: .null,
                "soft: cross-entropy to p(·|x); sampled: to one y drawn for each input in each "
                    + "step. null: sampled in single-pass, soft elsewhere."),
            Parameter(
                "points_per_decade", .integer(1...1000), default: 10,
                "Records of the curve: steps round(10^(i/points)) and the last."),
        ],
        inputs: FactorTask.ports,
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                "step (from 1), epochs (samples so far over the inputs trained on), samples, flops, "
                    + "rate; in nats: train, over what the step was computed from, before it; test, "
                    + "exact, after it, over unobserved inputs in generalisation, else over all. "
                    + "Cross-entropy less H(Y|X) of the same inputs: a mean KL divergence, but for "
                    + "train with sampled labels, which scatters around it."),
            OutputPort(
                "summary", fileName: "summary.json",
                "mode, embedding, labels; N, M, chi, chibar, uniform_excess; width, hidden, layers, "
                    + "parameters; observed_inputs, test_inputs; steps, epochs, samples, "
                    + "flop_per_sample, flops; train, test of the last step; best_test, best_step "
                    + "of the recorded ones."),
            OutputPort(
                "weights", fileName: "weights.safetensors",
                "embedding.weight [tokens or Σ sizes, d], blocks.N.gate.weight and .up.weight [h, d], "
                    + "blocks.N.down.weight [d, h], unembedding.weight [M, d]: as torch.nn.Linear and "
                    + "Embedding load them."),
        ],
        isRandom: true, usesProfile: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let task = try FactorTask(context)
        let plan = try plan(context.parameters, task)
        let training = FactorTraining(
            task, plan, seed: context.seed, arithmetic: try context.arithmetic)
        if let state = context.keptState(), training.restore(state) {
            context.log("taken up at step \(training.step) of \(plan.steps)")
        }
        while !training.isDone {
            training.advance()
            if training.step % training.stepsBetweenReports != 0 { continue }
            context.progress(
                training.step, of: plan.steps,
                note: training.curve.last.map { "KL \($0.test)" } ?? "")
            context.keepState { training.state }
        }
        guard training.parameters.allSatisfy({ $0.isFinite }) else {
            throw FormatError("training diverged: the parameters are not finite; lower `rate`")
        }
        try context.write("curve", curve(training).csv())
        try context.write("summary", summary(training, task).pretty())
        try context.write("weights", weights(training, task).bytes())
    }

    /// What parameters mean for a task: defaults that depend on it, and what cannot be.
    private static func plan(_ parameters: Parameters, _ task: FactorTask) throws -> FactorPlan {
        guard let mode = FactorMode(rawValue: parameters.text("mode")),
            let schedule = FactorSchedule(rawValue: parameters.text("schedule"))
        else { throw FormatError("a choice that the kind does not declare") }
        let classes = task.output.count
        let profile: FactorNetworkShape =
            parameters.text("profile") == "paper"
            ? .paper(classes: classes) : .code(classes: classes)
        let width = parameters.isNull("width") ? profile.width : parameters.integer("width")
        let hidden = parameters.isNull("hidden") ? 2 * width : parameters.integer("hidden")
        var plan = FactorPlan(
            mode: mode,
            shape: FactorNetworkShape(
                width: width, hidden: hidden, blocks: parameters.integer("layers"), classes: classes
            ),
            steps: parameters.integer("steps"),
            batch: parameters.isNull("batch")
                ? 2 * task.input.count : parameters.integer("batch"))
        plan.rate = parameters.number("rate")
        plan.schedule = schedule
        plan.observed = parameters.number("observed")
        plan.pointsPerDecade = parameters.integer("points_per_decade")
        if !parameters.isNull("embedding"),
            let embedding = FactorEmbedding(rawValue: parameters.text("embedding"))
        {
            plan.embedding = embedding
        }
        if !parameters.isNull("labels") {
            plan.samplesLabels = parameters.text("labels") == "sampled"
        }
        let observed = Int(plan.observed * Double(task.input.count))
        guard mode != .generalisation || (observed > 0 && observed < task.input.count) else {
            throw FormatError(
                "observed: expected some inputs to train on and some to test, found \(observed) of "
                    + "\(task.input.count); take a fraction in between, or mode: compression")
        }
        let entries = width * (task.input.count + classes + 3 * hidden * plan.shape.blocks)
        guard entries <= largestNetwork else {
            throw FormatError(
                "expected a network of at most \(largestNetwork) numbers, found \(entries); lower "
                    + "`width` or take a task with fewer tokens")
        }
        return plan
    }

    /// Networks larger than this are refused: 4 GB with gradients and Adam's averages.
    private static let largestNetwork = 1 << 28

    private static func curve(_ training: FactorTraining) -> Table {
        var table = Table(
            columns: ["step", "epochs", "samples", "flops", "rate", "train", "test"])
        let flop = Double(training.plan.shape.flopPerSample)
        for record in training.curve {
            let samples = Double(record.step * training.samplesPerStep)
            table.append(
                [
                    Double(record.step), samples / Double(training.trainTokens.count), samples,
                    samples * flop, record.rate, record.train, record.test,
                ].map { .number($0) })
        }
        return table
    }

    private static func summary(_ training: FactorTraining, _ task: FactorTask) -> JSON {
        let plan = training.plan
        let shape = plan.shape
        let last = training.curve[training.curve.count - 1]
        let best = training.curve.min { $0.test < $1.test } ?? last
        let samples = Double(plan.steps * training.samplesPerStep)
        var members: [String: JSON] = [
            "mode": .string(plan.mode.rawValue), "embedding": .string(plan.embedding.rawValue),
            "labels": .string(plan.samplesLabels ? "sampled" : "soft"),
        ]
        let numbers: [String: Double] = [
            "N": Double(task.input.count), "M": Double(task.output.count),
            "chi": Double(task.statisticalComplexity), "chibar": Double(task.widthComplexity),
            "uniform_excess": task.uniformExcess, "width": Double(shape.width),
            "hidden": Double(shape.hidden), "layers": Double(shape.blocks),
            "parameters": Double(training.network.layout.count),
            "observed_inputs": Double(training.trainTokens.count),
            "test_inputs": Double(training.testTokens.count), "steps": Double(plan.steps),
            "epochs": samples / Double(training.trainTokens.count), "samples": samples,
            "flop_per_sample": Double(shape.flopPerSample),
            "flops": samples * Double(shape.flopPerSample), "train": last.train, "test": last.test,
            "best_test": best.test, "best_step": Double(best.step),
        ]
        for (name, number) in numbers { members[name] = .number(number) }
        return .object(members)
    }

    private static func weights(_ training: FactorTraining, _ task: FactorTask) -> Safetensors {
        let (network, parameters) = (training.network, training.parameters)
        let (width, hidden) = (network.shape.width, network.shape.hidden)
        var tensors: [String: Safetensors.Tensor] = [
            "embedding.weight": Safetensors.Tensor(
                shape: [network.embeddingRows, width], elements: training.embedding),
            "unembedding.weight": Safetensors.Tensor(
                shape: [width, task.output.count],
                elements: Array(parameters[network.layout.unembedding...])
            ).transposed,
        ]
        for block in 0..<network.shape.blocks {
            let start = network.layout.blocks + block * 3 * width * hidden
            let down = start + 2 * width * hidden
            // Gate and up lie side by side, row by row.
            func half(_ offset: Int) -> [Float] {
                (0..<width).flatMap { row -> ArraySlice<Float> in
                    let place = start + row * 2 * hidden + offset
                    return parameters[place..<place + hidden]
                }
            }
            tensors["blocks.\(block).gate.weight"] =
                Safetensors.Tensor(
                    shape: [width, hidden], elements: half(0)
                ).transposed
            tensors["blocks.\(block).up.weight"] =
                Safetensors.Tensor(
                    shape: [width, hidden], elements: half(hidden)
                ).transposed
            tensors["blocks.\(block).down.weight"] =
                Safetensors.Tensor(
                    shape: [hidden, width],
                    elements: Array(parameters[down..<down + hidden * width])
                ).transposed
        }
        return Safetensors(
            tensors: tensors, metadata: ["embedding": training.plan.embedding.rawValue])
    }
}
