package import Canon
import Experiment
package import Numerics
package import Workbench

/// The density that points are sampled from: round Gaussian spots that know nothing of the curve.
///
/// The article shows such a field; its numbers are not given, ours are our choice.
package struct SpiralMixture: Sendable, Equatable {
    /// One spot.
    package struct Spot: Sendable, Equatable {
        let x, y, deviation, weight: Double
    }

    /// The spots.
    package let spots: [Spot]
    /// Points outside [−clip, clip]² are drawn again.
    package let clip: Double
    private let weights: [Double]

    /// Draws spots: centres uniform in [−reach, reach]², deviations log-uniform, weights Dirichlet(1).
    package init(
        components: Int, reach: Double, deviations: Range<Double>, clip: Double,
        stream: inout RandomStream
    ) {
        let weights = stream.dirichlet(concentration: 1, count: components)
        self.weights = weights
        spots = weights.map { weight in
            Spot(
                x: stream.uniform(in: -reach..<reach), y: stream.uniform(in: -reach..<reach),
                deviation: stream.logUniform(in: deviations), weight: weight)
        }
        self.clip = clip
    }

    /// The density of the unclipped mixture.
    package func density(_ x: Double, _ y: Double) -> Double {
        var sum = 0.0
        for spot in spots {
            let (dx, dy) = (x - spot.x, y - spot.y)
            let variance = spot.deviation * spot.deviation
            sum +=
                spot.weight / (SpiralManifold.fullTurn * variance)
                * Elementary.exp(-(dx * dx + dy * dy) / (2 * variance))
        }
        return sum
    }

    /// Draws a point.
    ///
    /// - Throws: ``FormatError`` when a million in a row fall outside of the clip.
    package func sample(_ stream: inout RandomStream) throws(FormatError) -> (x: Double, y: Double)
    {
        for _ in 0..<1_000_000 {
            let spot = spots[stream.categorical(weights)]
            let x = spot.x + spot.deviation * stream.normal()
            let y = spot.y + spot.deviation * stream.normal()
            if x.magnitude <= clip && y.magnitude <= clip { return (x, y) }
        }
        throw FormatError(
            "expected points of the mixture within [-\(clip), \(clip)]², found none in 1,000,000; "
                + "raise `clip`, or lower `reach`")
    }

    /// The spots, as other stages read them.
    package var json: JSON {
        [
            "clip": .number(clip),
            "spots": .array(
                spots.map {
                    [.number($0.x), .number($0.y), .number($0.deviation), .number($0.weight)]
                }),
        ]
    }

    /// Reads the spots.
    package init(json: JSON) throws(FormatError) {
        guard let clip = json["clip"]?.double, let list = json["spots"]?.elements else {
            throw FormatError("expected mixture.json of spiral.mixture")
        }
        self.clip = clip
        var spots: [Spot] = []
        for entry in list {
            let numbers = (entry.elements ?? []).compactMap { $0.double }
            guard numbers.count == 4 else { throw FormatError("expected four numbers for a spot") }
            spots.append(
                Spot(x: numbers[0], y: numbers[1], deviation: numbers[2], weight: numbers[3]))
        }
        self.spots = spots
        weights = spots.map { $0.weight }
    }

    /// Reads mixture.json of another stage.
    init(_ input: StageInput) throws {
        try self.init(json: JSON(parsing: input.bytes()))
    }
}
