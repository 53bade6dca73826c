import Cache
import Numerics
package import Pipeline

/// Errors of a classifier on the parts of the test points that the claims speak of.
struct SpiralErrors {
    /// The fraction wrong on: the mixture; the uniform disc; its part near the tip; its part where
    /// the density is below the 5 % quantile of the density at the mixture's points; its part
    /// within one pitch of the origin.
    static let regions = ["mixture", "uniform", "tip", "sparse", "centre"]

    /// How near to the tip a point counts as being there; our choice.
    static let tipReach = 0.35

    /// Scores a classifier.
    static func measure(
        _ classifier: any Classifier, test: NumpyArray, manifold: SpiralManifold,
        progress: (Int, Int) -> Void
    ) -> JSON {
        var points: [Double] = []
        var densities: [Double] = []
        for row in 0..<test.rows {
            points += [test.elements[5 * row], test.elements[5 * row + 1]]
            if test.elements[5 * row + 3] == 0 { densities.append(test.elements[5 * row + 4]) }
        }
        densities.sort()
        let sparse = densities.isEmpty ? 0 : densities[densities.count / 20]
        let classes = classifier.classify(points, progress: progress)
        var wrong = [Int](repeating: 0, count: regions.count)
        var total = wrong
        let tip = manifold.tip
        for row in 0..<test.rows {
            let (x, y) = (points[2 * row], points[2 * row + 1])
            let isWrong = classes[row] != (test.elements[5 * row + 2] > 0.5)
            let isUniform = test.elements[5 * row + 3] == 1
            let (dx, dy) = (x - tip.x, y - tip.y)
            let membership = [
                !isUniform, isUniform, isUniform && dx * dx + dy * dy < tipReach * tipReach,
                isUniform && test.elements[5 * row + 4] < sparse,
                isUniform && x * x + y * y < manifold.pitch * manifold.pitch,
            ]
            for (region, isMember) in membership.enumerated() where isMember {
                total[region] += 1
                if isWrong { wrong[region] += 1 }
            }
        }
        var members: [String: JSON] = [:]
        for (region, name) in regions.enumerated() where total[region] > 0 {
            members[name] = .number(Double(wrong[region]) / Double(total[region]))
        }
        return .object(members)
    }
}

private let errorOutput = OutputPort(
    "errors", fileName: "errors.json",
    "The fraction wrong: mixture, uniform, tip, sparse, centre.")

/// Scores a trained network.
package enum SpiralNetworkErrors: Stage {
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
        outputs: [errorOutput], usesProfile: true)

    /// Classifies the test points.
    package static func run(_ context: StageContext) throws {
        let classifier = NetworkClassifier(
            network: try TrainedNetwork(Safetensors(context.input("network").bytes())),
            arithmetic: try context.arithmetic)
        try context.write(
            "errors",
            SpiralErrors.measure(
                classifier,
                test: try NumpyArray(
                    context.input("test"), columns: "x", "y", "label", "set", "density"),
                manifold: try SpiralManifold(
                    json: JSON(parsing: context.input("manifold").bytes())),
                progress: { context.progress($0, of: $1) }
            ).pretty())
    }
}

/// Scores nearest neighbours.
package enum SpiralNeighbourErrors: Stage {
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
        outputs: [errorOutput])

    /// Classifies the test points.
    package static func run(_ context: StageContext) throws {
        guard let features = Features(rawValue: context.parameters.text("features")) else {
            throw FormatError("a choice that the kind does not declare")
        }
        let classifier = NeighbourClassifier(
            data: try NumpyArray(context.input("data"), columns: "x", "y", "label"),
            features: features,
            k: context.parameters.integer("k"))
        try context.write(
            "errors",
            SpiralErrors.measure(
                classifier,
                test: try NumpyArray(
                    context.input("test"), columns: "x", "y", "label", "set", "density"),
                manifold: try SpiralManifold(
                    json: JSON(parsing: context.input("manifold").bytes())),
                progress: { context.progress($0, of: $1) }
            ).pretty())
    }
}
