import Canon
package import Experiment
import Numerics
import Workbench

/// Makes the curve.
package enum SpiralManifoldStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.manifold", version: 2,
        summary: "The closed spiral curve that separates the two classes.",
        source: "Dzekman (2024) describes it; the formulas are our choice (docs/SPIRAL.md)",
        parameters: [
            Parameter(
                "turns", .integer(1...12), default: 4, "How often it winds; the article: about 4."),
            Parameter(
                "radius", .number(from: 0, to: 10, openLow: true), default: 1,
                "The tip's distance from the origin; our choice."),
            Parameter(
                "tip_angle", .number(from: -180, to: 180), default: 135, unit: "degrees",
                "Where the tip lies; three of the article's captions say upper left."),
            Parameter(
                "taper", .number(from: 1, to: 360), default: 90, unit: "degrees",
                "The angle over which the arm closes towards the tip; our choice."),
        ],
        outputs: [
            OutputPort("manifold", fileName: "manifold.json", "The parameters, in radians."),
            OutputPort("curve", fileName: "curve.csv", "The curve as a polygon: x, y."),
        ])

    /// Writes parameters and polygon.
    package static func run(_ context: StageContext) throws {
        let degree = SpiralManifold.fullTurn / 360
        let manifold = SpiralManifold(
            turns: context.parameters.integer("turns"), radius: context.parameters.number("radius"),
            tipAngle: context.parameters.number("tip_angle") * degree,
            taper: context.parameters.number("taper") * degree)
        try context.write("manifold", manifold.json.pretty())
        var table = Table(columns: ["x", "y"])
        for point in manifold.polygon(steps: 1500) {
            table.append([.number(point.x), .number(point.y)])
        }
        try context.write("curve", table.csv())
    }
}

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
        let manifold = try SpiralManifold(json: JSON(parsing: context.input("manifold").bytes()))
        let mixture = try SpiralMixture(json: JSON(parsing: context.input("mixture").bytes()))
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
        let manifold = try SpiralManifold(json: JSON(parsing: context.input("manifold").bytes()))
        let mixture = try SpiralMixture(json: JSON(parsing: context.input("mixture").bytes()))
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
