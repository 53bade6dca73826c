import BitlawProgram
import Canon
import Experiment
import Glibc
import Numerics
import Spiral
import System
import TestSupport
import Workbench

/// What a stage wrote.
struct StageRun {
    let outputs: [String: [UInt8]]

    func bytes(_ name: String) -> [UInt8] { outputs[name] ?? [] }
    func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

    /// The data of a plot, drawn.
    func drawn(_ name: String) throws -> String {
        try PlotDocument(parsing: bytes(name)).figure.svg()
    }
    func json(_ name: String) throws -> JSON { try JSON(parsing: bytes(name)) }
    func array(_ name: String) throws -> NumpyArray { try NumpyArray(bytes(name)) }
}

/// Runs a stage as a worker does: parameters checked against its kind, defaults filled in.
func run(
    _ stage: any Stage.Type, _ parameters: [String: JSON] = [:], seed: UInt64 = 1,
    _ inputs: [String: [StageInput]] = [:]
) throws -> StageRun {
    let trial = try KindTrial(
        stage, parameters, seed: seed, inputs, services: shippedKinds().services)
    return StageRun(outputs: trial.outputs)
}

/// A test that is set up wrongly.
struct TestMistake: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// An input made of bytes.
func given(_ bytes: [UInt8], from producer: String = "given", at: [(String, JSON)] = [])
    -> StageInput
{
    StageInput(
        producer: producer, coordinates: at.map { Coordinate(axis: $0.0, value: $0.1) },
        digest: Digest(of: bytes.span), read: { bytes },
        place: { throw TestMistake("no path was given") })
}

func given(_ text: String, from producer: String = "given", at: [(String, JSON)] = [])
    -> StageInput
{ given(Array(text.utf8), from: producer, at: at) }

func given(_ json: JSON, from producer: String = "given", at: [(String, JSON)] = []) -> StageInput {
    given(json.canonical(), from: producer, at: at)
}

/// A measurement with its axes; the producer is named as the engine names it.
func measured(_ stage: String, _ at: [(String, JSON)], _ values: [String: Double]) -> StageInput {
    let names = at.map { axis, value in
        "\(axis)=\(value["name"]?.text ?? value.text ?? value.canonicalText)"
    }
    return given(
        .object(values.mapValues { .number($0) }),
        from: names.isEmpty ? stage : "\(stage)[\(names.joined(separator: ","))]", at: at)
}

/// The text of the error that something throws; empty where it throws none.
func failure(_ work: () throws -> Void) -> String {
    do {
        try work()
        return ""
    } catch { return "\(error)" }
}

/// A file of the data that the project's references were computed from; `nil`, with a line that
/// says so, where this checkout has none.
func sharedFile(_ name: String) throws -> [UInt8]? {
    guard
        let path = Repository.shared(name, else: "comparisons with it were not made")
    else { return nil }
    return try readWholeFile(path)
}

/// The curve of the spiral experiment, as `spiral.manifold` writes it by default.
let standardCurve = SpiralManifold(
    turns: 4, radius: 1, tipAngle: 0.75 * Double.pi, taper: 0.5 * Double.pi)
