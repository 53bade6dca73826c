import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Trains a model of superposition, and looks at its symmetry.
package enum RugTrainStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "rug.train", version: 1,
        summary: """
            Trains ReLU(x·W_in·W_out + b) on fresh sparse features with Adam; its loss beside the \
            symmetric theory, and how even its diagonal is.
            """,
        source: """
            model and loss: Cowsik et al. (2024), arXiv 2410.12101, and the authors' code; schedule, \
            Adam's ε = 1e-8 and the initial draw are ours (docs/PERSIAN-RUG.md)
            """,
        parameters: [
            Parameter("features", .integer(2...8192), "Features n."),
            Parameter(
                "ratio", .number(from: 1e-4, to: 0.999), "Ratio r of hidden units to features."),
            Parameter("p", .number(from: 1e-6, to: 0.99), "Probability that a feature is active."),
            Parameter("steps", .integer(1...10_000_000), default: 6000, "Steps of Adam."),
            Parameter("batch", .integer(1...65_536), default: 512, "Fresh examples a step."),
            Parameter("rate", .number(from: 0, to: 1, openLow: true), default: 3e-3, "Step size."),
            Parameter(
                "schedule", .choice(Schedule.allCases.map { $0.rawValue }), default: "cosine",
                "How the step size falls to 0."),
            Parameter("records", .integer(1...1000), default: 12, "Tests, evenly over the steps."),
            Parameter(
                "test_batches", .integer(1...100_000), default: 32,
                "Batches of one test; the same examples each time."),
        ],
        outputs: [
            OutputPort(
                "losses", fileName: "losses.csv",
                """
                step, loss, theory, ratio = loss/theory, diagonal and spread: mean and standard \
                deviation of the diagonal of W; digons: p²/6 at r = 1/2.
                """)
        ], isRandom: true, usesProfile: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (features, p) = (parameters.integer("features"), parameters.number("p"))
        let (steps, batch) = (parameters.integer("steps"), parameters.integer("batch"))
        let hidden = Int((parameters.number("ratio") * Double(features)).rounded())
        guard hidden >= 1, hidden < features else {
            throw FormatError(
                "ratio: expected from 1 to \(features - 1) hidden units, found \(hidden)")
        }
        guard let schedule = Schedule(rawValue: parameters.text("schedule")) else {
            throw FormatError("schedule: no such schedule")
        }
        let theory = SymmetricLoss(probability: p, ratio: Double(hidden) / Double(features))
        let least = theory.minimum().loss
        func examples(_ purpose: String) -> SparseFeatures {
            SparseFeatures(
                probability: p, stream: RandomStream(seed: context.seed, purpose: purpose))
        }
        var start = RandomStream(seed: context.seed, purpose: "weights")
        var network = RugAutoencoder(
            features: features, hidden: hidden, batch: batch, stream: &start,
            arithmetic: try context.arithmetic)
        var fresh = examples("examples")
        let records = parameters.integer("records")
        var table = Table(columns: [
            "step", "loss", "theory", "ratio", "diagonal", "spread", "digons",
        ])
        for step in 1...steps {
            let rate = parameters.number("rate") * schedule.factor(step - 1, of: steps)
            network.step(&fresh, rate: rate)
            guard step * records / steps > (step - 1) * records / steps else { continue }
            var tests = examples("test")
            let loss = network.loss(&tests, batches: parameters.integer("test_batches"))
            let diagonal = network.diagonal
            table.append(
                [
                    Double(step), loss, least, loss / least, diagonal.mean, diagonal.deviation,
                    theory.digons ?? .nan,
                ].map { .finite($0) })
            context.progress(step, of: steps, note: "n = \(features)")
        }
        try context.write("losses", table.csv())
    }
}
