import Canon
package import Experiment
import Numerics
import Workbench

/// Draws the points that errors are measured on.
package enum SpiralTestStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.test", version: 2,
        summary: "Test points: from the mixture, and uniform on a disc, with their density.",
        source: "our choice: the article scores nothing, it shows pictures",
        parameters: [
            Parameter("count", .integer(1...10_000_000), default: 40000, "Points of each set."),
            Parameter(
                "disc", .number(from: 0, to: 10, openLow: true), default: 1.1,
                "The radius of the uniform disc."),
        ],
        inputs: [
            InputPort("manifold", "manifold.json of spiral.manifold"),
            InputPort("mixture", "mixture.json of spiral.mixture"),
        ],
        outputs: [
            OutputPort(
                "points", fileName: "test.npy",
                "[2 count, 5]: x, y, label, set (0 mixture, 1 uniform), density.")
        ],
        isRandom: true)

    /// Draws both sets.
    package static func run(_ context: StageContext) throws {
        let manifold = try SpiralManifold(context.input("manifold"))
        let mixture = try SpiralMixture(context.input("mixture"))
        let count = context.parameters.integer("count")
        let disc = context.parameters.number("disc")
        var stream = RandomStream(seed: context.seed, purpose: "test points")
        var elements: [Double] = []
        for set in 0..<2 {
            for _ in 0..<count {
                var point = (x: 0.0, y: 0.0)
                if set == 0 {
                    point = try mixture.sample(&stream)
                } else {
                    let r = disc * stream.uniform().squareRoot()
                    let angle = SpiralManifold.fullTurn * stream.uniform()
                    point = (r * Elementary.cos(angle), r * Elementary.sin(angle))
                }
                elements += [
                    point.x, point.y, manifold.isInside(point.x, point.y) ? 1 : 0, Double(set),
                    mixture.density(point.x, point.y),
                ]
            }
        }
        try context.write(
            "points", NumpyArray(rows: 2 * count, columns: 5, elements: elements).bytes())
    }
}
