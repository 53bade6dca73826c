import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Embeddings of unseen features by messages over the graph of features and data.
package enum FeatureExtrapolateStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "features.extrapolate", version: 1,
        summary: """
            Embeddings of unseen features by message passing over the graph of features and data, against \
            the truth, for numbers of observations and depths.
            """,
        source: """
            the idea of a graph of features and data: Wu et al., arXiv 2110.04514, abstract; data, network \
            and training are ours (docs/FEATURE-EXTRAPOLATION.md)
            """,
        parameters: [
            Parameter("known", .integer(10...20_000), default: 500, "Features of training."),
            Parameter("new", .integer(1...20_000), default: 200, "Features that appear later."),
            Parameter("data", .integer(10...1_000_000), default: 4000, "Data of training."),
            Parameter(
                "later", .integer(10...1_000_000), default: 4000,
                "Data, without labels, in which new features are seen."),
            Parameter("draws", .integer(1...1000), default: 10, "Features drawn for a datum."),
            Parameter("latent", .integer(1...256), default: 4, "Numbers of a latent vector."),
            Parameter("outputs", .integer(1...256), default: 4, "Labels of a datum."),
            Parameter(
                "sharpness", .number(from: 0, to: 20), default: 2,
                "How strongly a datum prefers features like itself."),
            Parameter(
                "noise", .number(from: 0, to: 100), default: 0.5,
                "Standard deviation of the noise of labels."),
            Parameter(
                "observations", .list(.integer(1...1_000_000), count: 1...100),
                "Data k in which a new feature is seen; they ascend."),
            Parameter("depth", .integer(1...16), default: 3, "Layers, from 1 to this."),
            Parameter("folds", .integer(2...100), default: 10, "Parts of the known features."),
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                """
                observations, depth, error (mean squared error of new embeddings over their mean square), \
                averaging (the first message itself), constant (the mean of known embeddings).
                """),
            OutputPort(
                "facts", fileName: "facts.json",
                "known_error: the same of the known features' fitted embeddings; edges of training."
            ),
        ], isRandom: true, usesProfile: true)

    /// Draws, trains and extrapolates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (known, new) = (parameters.integer("known"), parameters.integer("new"))
        let counts = parameters.integers("observations")
        let later = parameters.integer("later")
        guard zip(counts, counts.dropFirst()).allSatisfy(<), counts[counts.count - 1] <= later
        else {
            throw FormatError(
                "observations: expected ascending numbers up to \(later), found \(counts)")
        }
        guard parameters.integer("folds") <= known else {
            throw FormatError(
                "folds: expected at most \(known) features, found \(parameters.integer("folds"))")
        }
        func stream(_ purpose: String) -> RandomStream {
            RandomStream(seed: context.seed, purpose: purpose)
        }
        let world = FeatureWorld(
            known: known, new: new, latent: parameters.integer("latent"),
            outputs: parameters.integer("outputs"), sharpness: parameters.number("sharpness"),
            seed: context.seed)
        let draws = parameters.integer("draws")
        var (training, noise, seen) = (stream("data"), stream("noise"), stream("later data"))
        let members = world.data(
            parameters.integer("data"), draws: draws, stream: &training
        ).members
        let deviation = parameters.number("noise")
        let extrapolator = try FeatureExtrapolator(
            known: known, members: members,
            labels: world.labels(members, draws: draws, noise: deviation, stream: &noise),
            draws: draws, ridge: max(deviation * deviation, 1e-6),
            arithmetic: try context.arithmetic)
        let pool = world.data(later, draws: draws, stream: &seen)
        let sightings = (known..<(known + new)).map { feature in
            var places = RandomStream(
                seed: context.seed, purpose: "sightings", index: UInt64(feature))
            return world.sightings(
                of: feature, among: pool, count: counts[counts.count - 1],
                stream: &places)
        }
        var table = Table(columns: ["observations", "depth", "error", "averaging", "constant"])
        for (place, count) in counts.enumerated() {
            let rows = try errors(
                world, extrapolator, members: members, pool: pool.members, sightings,
                observations: count, parameters, seed: context.seed)
            for row in rows { table.append(row.map { .finite($0) }) }
            context.progress(place + 1, of: counts.count, note: "\(count) observations")
        }
        try context.write("errors", table.csv())
        let facts: JSON = [
            "known_error": .finite(
                relative(
                    extrapolator.embeddings, Array(world.embeddings.prefix(known * world.outputs)))),
            "edges": .number(Double(members.reduce(0) { $0 + $1.count })),
        ]
        try context.write("facts", facts.pretty())
    }

    /// The rows of one number of observations.
    private static func errors(
        _ world: FeatureWorld, _ extrapolator: FeatureExtrapolator, members: [[Int]],
        pool: [[Int]], _ sightings: [[Int]], observations: Int, _ parameters: Parameters,
        seed: UInt64
    ) throws -> [[Double]] {
        let depth = parameters.integer("depth")
        var lists = pool
        for (place, data) in sightings.enumerated() {
            for datum in data.prefix(observations) { lists[datum].append(world.known + place) }
        }
        let messages = extrapolator.messages(
            FeatureGraph(features: world.known + world.new, members: lists), depth: depth)
        let weights = try extrapolator.weights(
            members, observations: observations, depth: depth,
            folds: parameters.integer("folds"), seed: seed)
        let width = world.outputs
        let truth = Array(world.embeddings[(world.known * width)...])
        let means = (0..<width).map { o in
            (0..<world.known).reduce(0.0) { $0 + extrapolator.embeddings[$1 * width + o] }
                / Double(world.known)
        }
        let constant = relative(truth.indices.map { means[$0 % width] }, truth)
        return weights.enumerated().map { place, matrix in
            let guess = extrapolator.extrapolated(messages, weights: matrix)
            return [
                Double(observations), Double(place + 1), relative(guess, truth),
                relative(messages[0], truth), constant,
            ]
        }
    }

    /// Σ (guess − truth)² / Σ truth².
    private static func relative(_ guess: [Double], _ truth: [Double]) -> Double {
        let error = zip(guess, truth).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return error / truth.reduce(0.0) { $0 + $1 * $1 }
    }
}
