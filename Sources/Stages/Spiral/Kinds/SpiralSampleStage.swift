import Canon
package import Experiment
import Numerics
import Workbench

/// Draws labelled points.
package enum SpiralSampleStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.sample", version: 2,
        summary: "Points of the mixture with the side of the curve that they lie on.",
        source: "Dzekman (2024): no label noise; flips are our control",
        parameters: [
            Parameter("count", .integer(1...100_000_000), "How many points."),
            Parameter(
                "flip", .number(from: 0, to: 0.5), default: 0,
                "The fraction of labels that are turned around: our control."),
        ],
        inputs: [
            InputPort("manifold", "manifold.json of spiral.manifold"),
            InputPort("mixture", "mixture.json of spiral.mixture"),
        ],
        outputs: [
            OutputPort("points", fileName: "points.npy", "[count, 3]: x, y, label (1 inside).")
        ],
        isRandom: true)

    /// Draws the points; a point keeps its place when `count` grows.
    package static func run(_ context: StageContext) throws {
        let manifold = try SpiralManifold(context.input("manifold"))
        let mixture = try SpiralMixture(context.input("mixture"))
        let count = context.parameters.integer("count")
        let flip = context.parameters.number("flip")
        var points = RandomStream(seed: context.seed, purpose: "points")
        var flips = RandomStream(seed: context.seed, purpose: "flips")
        var elements: [Double] = []
        elements.reserveCapacity(3 * count)
        for index in 0..<count {
            let (x, y) = try mixture.sample(&points)
            let isFlipped = flips.uniform() < flip
            elements += [x, y, manifold.isInside(x, y) != isFlipped ? 1 : 0]
            if index % 10_000 == 0 { context.progress(index, of: count) }
        }
        try context.write(
            "points", NumpyArray(rows: count, columns: 3, elements: elements).bytes())
    }
}
