import Canon
package import Experiment
import Numerics
import Workbench

/// Draws the density.
package enum SpiralMixtureStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.mixture", version: 2,
        summary: "A Gaussian mixture, independent of the curve, that points are sampled from.",
        source: "Dzekman (2024) shows one; every number is our choice",
        parameters: [
            Parameter("components", .integer(1...1000), default: 30, "How many spots."),
            Parameter(
                "reach", .number(from: 0, to: 10, openLow: true), default: 1.05,
                "Centres are uniform in [-reach, reach]²."),
            Parameter(
                "deviation", .list(.number(from: 0, to: 10, openLow: true), count: 2...2),
                default: [0.05, 0.2], "Bounds of the spots' deviations, drawn log-uniformly."),
            Parameter(
                "clip", .number(from: 0, to: 10, openLow: true), default: 1.25,
                "Points outside [-clip, clip]² are drawn again."),
            Parameter("draw", .integer(0...1_000_000), default: 0, "Which field of this seed."),
        ],
        outputs: [
            OutputPort("mixture", fileName: "mixture.json", "The spots: x, y, deviation, weight.")
        ],
        isRandom: true)

    /// Draws the spots.
    package static func run(_ context: StageContext) throws {
        let bounds = context.parameters.numbers("deviation")
        guard bounds[0] < bounds[1] else {
            throw FormatError("deviation: expected the smaller bound first, found \(bounds)")
        }
        var stream = RandomStream(
            seed: context.seed, purpose: "mixture",
            index: UInt64(context.parameters.integer("draw")))
        let mixture = SpiralMixture(
            components: context.parameters.integer("components"),
            reach: context.parameters.number("reach"), deviations: bounds[0]..<bounds[1],
            clip: context.parameters.number("clip"), stream: &stream)
        try context.write("mixture", mixture.json.pretty())
    }
}
