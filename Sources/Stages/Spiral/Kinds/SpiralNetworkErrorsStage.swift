package import Experiment
import Numerics
import Workbench

/// Scores a trained network.
package enum SpiralNetworkErrorsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.network-errors", version: 1,
        summary:
            "The error of a trained network on the mixture, uniformly, and on parts of the disc.",
        source: "our choice: the article shows pictures",
        inputs: [
            InputPort("network", "weights.safetensors of mlp.train"),
            InputPort("test", "test.npy of spiral.test"),
            InputPort("manifold", "manifold.json of spiral.manifold"),
        ],
        outputs: [SpiralErrors.output], usesProfile: true)

    /// Classifies the test points.
    package static func run(_ context: StageContext) throws {
        let classifier = NetworkClassifier(
            network: try TrainedNetwork(Safetensors(context.input("network").bytes())),
            arithmetic: try context.arithmetic)
        try SpiralErrors.write(of: classifier, context)
    }
}
