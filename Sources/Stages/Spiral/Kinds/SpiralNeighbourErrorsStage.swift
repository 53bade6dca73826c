import Canon
package import Experiment
import Numerics
import Workbench

/// Scores nearest neighbours.
package enum SpiralNeighbourErrorsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.neighbour-errors", version: 1,
        summary: "The error of k nearest neighbours (exact, by k-d tree) on the same points.",
        source: "Dzekman (2024): k = 5, and k = 1 as the readers' challenge",
        parameters: [
            Parameter("k", .integer(1...1000), default: 5, "How many neighbours vote."),
            Parameter(
                "features", .choice(Features.names), default: "cartesian",
                "How points are presented."),
        ],
        inputs: [
            InputPort("data", "points.npy: x, y, label"),
            InputPort("test", "test.npy of spiral.test"),
            InputPort("manifold", "manifold.json of spiral.manifold"),
        ],
        outputs: [SpiralErrors.output])

    /// Classifies the test points.
    package static func run(_ context: StageContext) throws {
        guard let features = Features(rawValue: context.parameters.text("features")) else {
            throw FormatError("a choice that the kind does not declare")
        }
        let classifier = NeighbourClassifier(
            data: try NumpyArray(context.input("data"), columns: "x", "y", "label"),
            features: features,
            k: context.parameters.integer("k"))
        try SpiralErrors.write(of: classifier, context)
    }
}
