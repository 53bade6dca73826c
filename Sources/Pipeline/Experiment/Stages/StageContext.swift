import Canon
import System

/// What a stage gives its work: parameters, seed and inputs; and takes back: outputs, progress, log.
///
/// Used from one thread, by one action.
///
/// ```swift
/// let steps = context.parameters.integer("steps")
/// let table = try Table(csv: context.input("walks").bytes())
/// context.progress(1, of: steps, note: "\(table.rows.count) walks")
/// context.log("read: \(context.input("walks").producer)")
/// try context.write("facts", JSON.object(["steps": .number(Double(steps))]).pretty())
/// ```
public final class StageContext {
    /// The kind that is run.
    public let kind: Kind
    /// The parameters, checked against the kind, with defaults filled in.
    public let parameters: Parameters
    /// The derived seed; 0 for a kind that draws no random numbers.
    public let seed: UInt64
    /// The folder of this attempt; removed when the attempt ends.
    public var folder: String {
        usesFolder = true
        return place
    }

    /// Whether anything may stand in the folder: it was asked for.
    package private(set) var usesFolder = false
    private let place: String
    private let inputsByPort: [String: [StageInput]]
    private let services: StageServices
    private let outputNames: [String: String]
    private let report: (StageProgress) -> Void
    private let emit: (String) -> Void
    private let say: (String) -> Void
    private let kept: () -> [UInt8]?
    private let keep: (() -> [UInt8]) -> Void
    /// The outputs made so far, by their names.
    package private(set) var outputs: [String: StageOutput] = [:]

    /// Assembles a context; the worker and the tests of stages do.
    package init(
        kind: Kind, parameters: Parameters, seed: UInt64, folder: String,
        inputs: [String: [StageInput]], services: StageServices = StageServices(),
        report: @escaping (StageProgress) -> Void = { _ in },
        emit: @escaping (String) -> Void = { _ in },
        say: @escaping (String) -> Void = { _ in },
        kept: @escaping () -> [UInt8]? = { nil },
        keep: @escaping (() -> [UInt8]) -> Void = { _ in }
    ) {
        self.kind = kind
        self.services = services
        self.parameters = parameters
        self.seed = seed
        place = folder
        self.inputsByPort = inputs
        self.outputNames = Dictionary(
            uniqueKeysWithValues: kind.outputs.map { ($0.name, $0.fileName) })
        self.report = report
        self.emit = emit
        self.say = say
        self.kept = kept
        self.keep = keep
    }

    /// The only action behind an input that is not a collection.
    public func input(_ port: String) -> StageInput {
        let all = inputs(port)
        precondition(all.count == 1, "input \(port) has \(all.count) actions; the kind says one")
        return all[0]
    }

    /// Every action behind an input, ordered by coordinate; empty where an optional one is absent.
    public func inputs(_ port: String) -> [StageInput] { inputsByPort[port] ?? [] }

    /// What the program gives its stages, by type; `nil` where it gives none of this type.
    package func service<Service: Sendable>(_ type: Service.Type) -> Service? {
        services.find(type)
    }

    /// Writes a whole output; a small one waits in memory for the end of the action.
    public func write(_ output: String, _ bytes: [UInt8]) throws {
        if bytes.count > StageOutput.mostBytesInMemory {
            return try writeWholeFile(bytes, to: path(forOutput: output), .none)
        }
        requireDeclared(output)
        outputs[output] = .bytes(bytes)
    }

    /// Writes a whole text output.
    public func write(_ output: String, _ text: String) throws {
        try write(output, Array(text.utf8))
    }

    /// The path at which the stage itself puts an output, for outputs too large for memory; of an output that
    /// is a folder, the path at which the stage makes it.
    public func path(forOutput output: String) -> String {
        let path = "\(folder)/\(requireDeclared(output))"
        outputs[output] = .file(path)
        return path
    }

    /// The file name of an output.
    @discardableResult
    private func requireDeclared(_ output: String) -> String {
        guard let fileName = outputNames[output] else {
            preconditionFailure("output \(output) is not declared by the kind")
        }
        return fileName
    }

    /// Takes what stands at a path for an output.
    package func take(_ path: String, asOutput output: String) {
        requireDeclared(output)
        outputs[output] = .file(path)
    }

    /// The path of a file for an output that is written from its beginning: it is emptied and used
    /// again for the next action, where a new file would cost an inode each.
    package func reusedPath(forOutput output: String) -> String {
        let path = "\(folder)/../.output"
        outputs[output] = .file(path)
        return path
    }

    /// Tells how far the work is; cheap enough to call at every step (the worker thins it out).
    ///
    /// The note is what a person wants to see, such as `epoch 300, loss 0.042`.
    public func progress(_ done: Int, of total: Int, note: @autoclosure () -> String = "") {
        report(StageProgress(done: done, total: total, note: note()))
    }

    /// The state that an interrupted attempt at this very action kept last, if one did.
    ///
    /// Whoever takes it up must end in the bits of an undisturbed attempt.
    ///
    /// ```swift
    /// var done = 0
    /// if let state = context.keptState() { done = try JSON(parsing: state).integer ?? 0 }
    /// while done < 1_000_000 {
    ///     done += 1
    ///     context.keepState { JSON.number(Double(done)).canonical() }
    /// }
    /// ```
    public func keptState() -> [UInt8]? { kept() }

    /// Offers a state to go on from after a kill; cheap enough to call every so often, for the
    /// worker asks for the bytes only when the last are old enough.
    public func keepState(_ state: () -> [UInt8]) { keep(state) }

    /// Tells the person who runs it something that they should know, though the action goes on.
    public func remark(_ text: String) { say(text) }

    /// Adds a line to the action's log, which is kept and is shown when the action fails.
    public func log(_ line: String) { emit(line) }
}
