import Canon
package import Experiment
import Numerics
import System
import Workbench

/// The Hadamard model's loss on drawn examples, beside the theory.
package enum RugHadamardStage: Stage {
    /// Examples that are computed at once.
    private static let batch = 32

    /// The contract.
    package static let kind = Kind(
        name: "rug.hadamard", version: 2,
        summary: """
            The loss of the Hadamard model on drawn examples by fast Walsh–Hadamard transforms, with \
            scale and shift of the theory.
            """,
        source: """
            the authors' code, KfirD/PersianRug (hadamard_model.py), for the model; scale and shift \
            come from our formula, they are not trained (docs/PERSIAN-RUG.md)
            """,
        parameters: [
            Parameter("features", .integer(8...65_536), "Features n, a power of 2."),
            Parameter(
                "ratio", .number(from: 1e-4, to: 0.999), "Ratio r of hidden units to features."),
            Parameter("p", .number(from: 1e-6, to: 0.99), "Probability that a feature is active."),
            Parameter(
                "examples", .integer(64...10_000_000), default: 2048,
                "Examples, over all draws; each draw gets a multiple of 32."),
            Parameter(
                "draws", .integer(2...10_000), default: 16,
                "Draws of the rows, never the constant one."),
        ],
        outputs: [
            OutputPort(
                "loss", fileName: "loss.json",
                """
                loss, se over draws of the rows, theory, ratio = loss/theory; ratio_least and \
                ratio_most of single draws; hidden, active = n·p.
                """)
        ], isRandom: true, usesProfile: true)

    /// Draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (features, p) = (parameters.integer("features"), parameters.number("p"))
        guard features & (features - 1) == 0 else {
            throw FormatError("features: expected a power of 2, found \(features)")
        }
        let hidden = Int((parameters.number("ratio") * Double(features)).rounded())
        guard hidden >= 1, hidden < features else {
            throw FormatError(
                "ratio: expected from 1 to \(features - 1) hidden units, found \(hidden)")
        }
        let ratio = Double(hidden) / Double(features)
        let least = SymmetricLoss(probability: p, ratio: ratio).minimum()
        // Without the constant row the noise has the mean −p/2.
        let shift = least.shift + p / 2
        let model = HadamardModel(features: features, arithmetic: try context.arithmetic)
        let draws = parameters.integer("draws")
        let groups = (parameters.integer("examples") + draws * batch - 1) / (draws * batch)
        var losses: [Double] = []
        for draw in 0..<draws {
            var rows = RandomStream(seed: context.seed, purpose: "rows", index: UInt64(draw))
            let chosen = rows.permutation(features - 1).prefix(hidden).map { $0 + 1 }
            var examples = SparseFeatures(
                probability: p,
                stream: RandomStream(
                    seed: context.seed, purpose: "examples", index: UInt64(draw)))
            losses.append(
                model.loss(
                    &examples, rows: chosen, scale: least.scale, shift: shift, examples: batch,
                    times: groups))
            context.progress(draw + 1, of: draws, note: "n = \(features)")
        }
        let sample = RunningMean(losses)
        let document: JSON = [
            "loss": .number(sample.mean), "hidden": .number(Double(hidden)),
            "se": .number(sample.standardError),
            "theory": .number(least.loss), "ratio": .number(sample.mean / least.loss),
            "ratio_least": .finite(losses.min().map { $0 / least.loss }),
            "ratio_most": .finite(losses.max().map { $0 / least.loss }),
            "active": .number(Double(features) * p),
        ]
        try context.write("loss", document.pretty())
    }
}
