public import Canon
public import Experiment
import System

/// What arrives at an input of a ``KindTrial``: bytes, and where they seem to come from.
///
/// ```swift
/// let points = TrialInput(
///     json: ["distance": 9.5], from: "walk[steps=100]", at: [Coordinate(axis: "steps", value: 100)])
/// let trial = try KindTrial(WalkSummary.self, inputs: ["walks": [points]])
/// ```
public struct TrialInput: Sendable {
    private let bytes: [UInt8]
    private let producer: String
    private let coordinates: [Coordinate]

    /// An input with these bytes.
    public init(
        bytes: [UInt8], from producer: String = "given", at coordinates: [Coordinate] = []
    ) {
        self.bytes = bytes
        self.producer = producer
        self.coordinates = coordinates
    }

    /// An input with this text.
    public init(
        text: String, from producer: String = "given", at coordinates: [Coordinate] = []
    ) {
        self.init(bytes: Array(text.utf8), from: producer, at: coordinates)
    }

    /// An input in JSON.
    public init(json: JSON, from producer: String = "given", at coordinates: [Coordinate] = []) {
        self.init(bytes: json.canonical(), from: producer, at: coordinates)
    }

    /// The input as stages read it; a file of it is made at a path when one is asked for.
    func stageInput(at path: String) -> StageInput {
        let bytes = bytes
        return StageInput(
            producer: producer, coordinates: coordinates, digest: Digest(of: bytes.span),
            read: { bytes },
            place: {
                try writeWholeFile(bytes, to: path, .none)
                return path
            })
    }
}
