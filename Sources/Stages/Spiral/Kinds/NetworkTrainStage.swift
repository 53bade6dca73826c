import Canon
package import Experiment
import Numerics
import Workbench

/// Trains a fully connected classifier of points in the plane.
package enum NetworkTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "mlp.train", version: 2,
        summary: "Trains a fully connected network to tell the two classes of points apart.",
        source:
            "Dzekman (2024): three layers, 1000 epochs; width, optimizer, rate, batch are our choice",
        parameters: [
            Parameter(
                "hidden", .list(.integer(1...8192), count: 0...16), default: [64, 64, 64],
                "Widths of the hidden layers; the article says 3 layers, not their width."),
            Parameter(
                "activation", .choice(Activation.allCases.map { $0.rawValue }), default: "relu",
                "The nonlinearity; our choice."),
            Parameter(
                "features", .choice(Features.names), default: "cartesian",
                "How points are presented; the article: (x, y), and (r, θ), without saying in which unit."
            ),
            Parameter(
                "layer_norm", .boolean, default: false, "Layer normalisation before activations."),
            Parameter(
                "focal_gamma", .number(from: 0, to: 10), default: 0,
                "0 is the logistic loss; above, the focal loss. The article gives no constant."),
            Parameter(
                "weight_decay", .number(from: 0, to: 1), default: 0,
                "Decoupled, of weights alone (AdamW). The article gives no constant."),
            Parameter(
                "rate", .number(from: 0, to: 10, openLow: true), default: 0.003,
                "Adam's learning rate; our choice."),
            Parameter(
                "schedule", .choice(Schedule.allCases.map { $0.rawValue }), default: "cosine",
                "How the rate falls; our choice."),
            Parameter(
                "batch", .integer(1...1_000_000), default: 200, "Examples in a step; our choice."),
            Parameter(
                "steps", .integer(1...100_000_000), default: 5000,
                "Steps; 5000 of 200 are 1000 epochs of 1000."),
        ],
        inputs: [InputPort("data", "points.npy: x, y, label")],
        outputs: [
            OutputPort(
                "weights", fileName: "weights.safetensors",
                "layers.N.weight [outputs, inputs] and layers.N.bias [outputs], as torch.nn.Linear loads "
                    + "them; of layer_norm norms.N.weight and norms.N.bias."),
            OutputPort("history", fileName: "history.csv", "Mean loss of each epoch."),
        ],
        isRandom: true, usesProfile: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let data = try NumpyArray(context.input("data"), columns: "x", "y", "label")
        guard let features = Features(rawValue: parameters.text("features")),
            let activation = Activation(rawValue: parameters.text("activation")),
            let schedule = Schedule(rawValue: parameters.text("schedule"))
        else { throw FormatError("a choice that the kind does not declare") }
        let specification = NetworkSpecification(
            inputs: features.width, hidden: parameters.integers("hidden"), outputs: 1,
            activation: activation, hasLayerNorm: parameters.boolean("layer_norm"))
        let gamma = parameters.number("focal_gamma")
        let decay = parameters.number("weight_decay")
        let plan = TrainingPlan(
            loss: gamma > 0 ? .focal(gamma: gamma) : .logistic,
            optimizer: decay > 0 ? .adamW(decay: decay) : .adam, rate: parameters.number("rate"),
            schedule: schedule, batch: parameters.integer("batch"),
            steps: parameters.integer("steps"))
        var examples: [Float] = []
        var targets: [Double] = []
        for row in 0..<data.rows {
            let point = features.of(data.elements[3 * row], data.elements[3 * row + 1])
            examples += point.map { Float($0) }
            targets.append(data.elements[3 * row + 2])
        }
        let arithmetic = try context.arithmetic
        let trained = TrainingRun(
            specification, plan, examples: examples, targets: targets, seed: context.seed,
            arithmetic: arithmetic)
        if let state = context.keptState(), trained.restore(state) {
            context.log("taken up at step \(trained.step) of \(plan.steps)")
        }
        while !trained.isDone {
            let epoch = trained.epoch
            let loss = trained.advance()
            if trained.step % trained.stepsBetweenReports != 0 { continue }
            context.progress(
                trained.step, of: plan.steps,
                note: "epoch \(epoch + 1), loss \((loss * 1e4).rounded() / 1e4)")
            context.keepState { trained.state }
        }
        guard trained.parameters.allSatisfy({ $0.isFinite }) else {
            throw FormatError("training diverged: the parameters are not finite; lower `rate`")
        }
        try context.write(
            "weights",
            TrainedNetwork(
                specification: specification, features: features, parameters: trained.parameters
            ).safetensors().bytes())
        var history = Table(columns: ["epoch", "loss"])
        for (epoch, loss) in trained.losses.enumerated() {
            history.append([.number(Double(epoch + 1)), .number(loss)])
        }
        try context.write("history", history.csv())
    }
}
