public import Canon
public import Experiment
import Numerics
import System

/// One execution of a kind outside of any run, as a worker makes it: for tests, and for a first look.
///
/// ```swift
/// @Test func `the walk has the bits that are pinned`() throws {
///     let trial = try KindTrial(RandomWalk.self, parameters: ["steps": 100], seed: 7)
///     #expect(try trial.json("walk")["steps"]?.integer == 100)
///     #expect(trial.digest("walk").hex == "d4dc…")
/// }
/// ```
///
/// The arithmetic is `portable`. There is no store and no key, and nobody asks for a state that the stage
/// offers.
public struct KindTrial: Sendable {
    /// The bytes of each output, by its name.
    public let outputs: [String: [UInt8]]
    /// The lines that the stage logged, and its remarks, in their order.
    public let log: [String]
    private let kind: String

    /// Executes a kind once.
    ///
    /// - Parameters:
    ///   - stage: the type that has the kind.
    ///   - parameters: as in an experiment file; those that are left out have their defaults.
    ///   - seed: what ``StageContext/seed`` is for a kind that draws random numbers.
    ///   - inputs: what arrives at each input.
    ///   - parent: the folder in which the trial makes its own, and removes it.
    /// - Throws: ``ActionFailure`` where the kind, a parameter or an input does not fit, or an output is
    ///   missing; what the stage throws.
    public init(
        _ stage: any Stage.Type, parameters: [String: JSON] = [:], seed: UInt64 = 1,
        inputs: [String: [TrialInput]] = [:], in parent: String = "/tmp"
    ) throws {
        self = try KindTrial.inFolder(below: parent) { folder in
            var number = 0
            let inputs = inputs.mapValues { all in
                all.map { input in
                    number += 1
                    return input.stageInput(at: "\(folder)/input-\(number)")
                }
            }
            return try KindTrial(
                stage, parameters, seed: seed, inputs,
                services: StageServices().adding(ArithmeticChoice()), folder: "\(folder)/work")
        }
    }

    /// Executes a kind once with the inputs and services that are given.
    package init(
        _ stage: any Stage.Type, _ parameters: [String: JSON], seed: UInt64,
        _ inputs: [String: [StageInput]], services: StageServices
    ) throws {
        self = try KindTrial.inFolder(below: "/tmp") { folder in
            try KindTrial(
                stage, parameters, seed: seed, inputs, services: services,
                folder: "\(folder)/work")
        }
    }

    private init(
        _ stage: any Stage.Type, _ parameters: [String: JSON], seed: UInt64,
        _ inputs: [String: [StageInput]], services: StageServices, folder: String
    ) throws {
        let kind = stage.kind
        let values = try KindTrial.checked(parameters, of: kind)
        if let mistake = kind.mistake(parameters: values, inputs: inputs.mapValues { $0.count }) {
            throw ActionFailure(description: mistake)
        }
        try makeFolder(folder)
        var log: [String] = []
        let context = StageContext(
            kind: kind, parameters: Parameters(checked: values), seed: kind.isRandom ? seed : 0,
            folder: folder, inputs: inputs, services: services, emit: { log.append($0) },
            say: { log.append($0) })
        try stage.run(context)
        var outputs: [String: [UInt8]] = [:]
        for port in kind.outputs {
            guard let bytes = try context.outputs[port.name]?.bytes() else {
                throw ActionFailure(
                    description: "\(kind.name): expected the output `\(port.name)`, found none"
                        + "\n  fix: write it in `run`: context.write(\"\(port.name)\", …)")
            }
            outputs[port.name] = bytes
        }
        (self.outputs, self.log, self.kind) = (outputs, log, kind.name)
    }

    /// The parameters of an action with these, and defaults for the rest.
    private static func checked(_ parameters: [String: JSON], of kind: Kind) throws -> [String:
        JSON]
    {
        if let flaw = kind.flaw { throw ActionFailure(description: "\(kind.name): \(flaw)") }
        if let tree = kind.outputs.first(where: { $0.isTree }) {
            throw ActionFailure(
                description: "\(kind.name): the output `\(tree.name)` is a folder, and a trial "
                    + "reads files only\n  fix: try the kind in an experiment file")
        }
        // What is left of the parameters has no place in the kind, which is told by its own check.
        var values = parameters
        for parameter in kind.parameters {
            guard let value = parameters[parameter.name] ?? parameter.defaultValue else { continue }
            values[parameter.name] = parameter.type.normalized(value) ?? value
        }
        return values
    }

    private static func inFolder(
        below parent: String, _ work: (String) throws -> KindTrial
    ) throws -> KindTrial {
        guard let folder = makeTemporaryFolder(in: parent) else {
            throw ActionFailure(
                description: "\(parent): cannot make a folder there, and a trial works in one"
                    + "\n  fix: name another folder with `in:`")
        }
        defer { try? removeTree(folder) }
        return try work(folder)
    }

    /// The bytes of an output; one that the kind does not declare traps.
    public func bytes(_ output: String) -> [UInt8] {
        guard let bytes = outputs[output] else {
            preconditionFailure("\(kind) has no output \(output)")
        }
        return bytes
    }

    /// The text of an output.
    public func text(_ output: String) -> String {
        String(decoding: bytes(output), as: UTF8.self)
    }

    /// The value of an output in JSON.
    ///
    /// - Throws: ``JSONError`` where it is none.
    public func json(_ output: String) throws -> JSON { try JSON(parsing: bytes(output)) }

    /// The digest of an output: what a golden test pins.
    public func digest(_ output: String) -> Digest { Digest(of: bytes(output).span) }
}
