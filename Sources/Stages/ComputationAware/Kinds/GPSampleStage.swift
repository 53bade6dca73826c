import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Draws observations of a function whose norm is known.
package enum GPSampleStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "gp.sample", version: 1,
        summary: """
            Points of the unit cube, a function of known norm drawn from a Gaussian process, and noisy \
            observations of it.
            """,
        source: "our own synthetic data (docs/COMPUTATION-AWARE-GP.md)",
        parameters: [
            Parameter("count", .integer(1...1_000_000), "Points with observations."),
            Parameter("tests", .integer(1...100_000), default: 500, "Points to test at."),
            Parameter("dimensions", .integer(1...16), default: 2, "Coordinates of a point."),
            GPPosteriorStage.family,
            Parameter(
                "lengthscale", .number(from: 1e-4, to: 1e4), default: 0.2,
                "The distance in which the function changes."),
            Parameter(
                "noise", .number(from: 0, to: 100), default: 0.1,
                "Standard deviation of the noise; the process has 1."),
            Parameter(
                "centres", .integer(1...4000), default: 512,
                "Centres of the function; it is a draw of the process at these."),
        ],
        outputs: [
            OutputPort("train", fileName: "train.csv", "x1, x2, …, y, truth."),
            OutputPort("test", fileName: "test.csv", "The same columns at the test points."),
            OutputPort("facts", fileName: "facts.json", "norm2: the function's squared norm."),
        ], isRandom: true, usesProfile: true)

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let dimensions = parameters.integer("dimensions")
        let covariance = Covariance(
            try GPPosteriorStage.family(of: parameters), arithmetic: try context.arithmetic)
        func points(_ purpose: String, _ count: Int) -> [Double] {
            var stream = RandomStream(seed: context.seed, purpose: purpose)
            return (0..<(count * dimensions)).map { _ in stream.uniform() }
        }
        func cloud(_ coordinates: [Double]) -> PointCloud {
            PointCloud(
                coordinates, dimensions: dimensions,
                lengthscale: parameters.number("lengthscale"))
        }
        var drawn = RandomStream(seed: context.seed, purpose: "function")
        let function = try KnownFunction(
            centres: cloud(points("centres", parameters.integer("centres"))),
            covariance: covariance, stream: &drawn)
        let columns = (1...dimensions).map { "x\($0)" } + ["y", "truth"]
        for (port, count) in [("train", "count"), ("test", "tests")] {
            let coordinates = points(port, parameters.integer(count))
            let truth = function.values(at: cloud(coordinates))
            var noise = RandomStream(seed: context.seed, purpose: "noise of \(port)")
            var table = Table(columns: columns)
            for (row, value) in truth.enumerated() {
                let y = value + parameters.number("noise") * noise.normal()
                let x = coordinates[(row * dimensions)..<((row + 1) * dimensions)]
                table.append((Array(x) + [y, value]).map { .number($0) })
            }
            try context.write(port, table.csv())
        }
        let facts: JSON = ["norm2": .number(function.squaredNorm)]
        try context.write("facts", facts.pretty())
    }
}
