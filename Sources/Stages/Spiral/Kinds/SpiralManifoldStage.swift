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
