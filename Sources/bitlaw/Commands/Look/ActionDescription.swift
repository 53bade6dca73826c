import Canon
import Experiment
import LocalStore
import Run
import System

/// Everything that is known of one action: what `show` prints.
struct ActionDescription {
    /// What an action reads at a port.
    private struct Source {
        let port: String
        /// The file; `nil` where the output of an action is read.
        var file: String?
        /// The action that is read, and its output.
        var action = ""
        var output = ""
    }

    private let action: Action
    private let kind: Kind
    private let key: Digest?
    private let outputs: [ActionResult.Output]
    private let result: ActionResult?
    /// Whether the account that asks made the result, as far as it can be proved.
    private let isMadeHere: Bool
    private let log: LogEnd
    private let sources: [Source]
    /// The actions that its result was made without.
    private let lacking: [String]

    /// Reads the result and the log of the action of an index, where it has them.
    init(_ index: Int, _ graph: ActionGraph, _ store: Store, _ plan: Plan) throws {
        lacking = (plan.lacking[index] ?? []).map { graph.actions[$0].name }
        action = plan.action(index, in: graph)
        kind = graph.stage(of: action).kind
        key = plan.keys[index]
        outputs = plan.outputs[index]
        result = try plan.keys[index].flatMap { try store.result(for: $0)?.result }
        isMadeHere = try result?.isMade(by: Account.known()) ?? false
        log = try LogEnd(result?.log, in: store)
        sources = action.inputs.flatMap { input in
            input.sources.map { source in
                switch source {
                case .file(let path), .replay(let path, _, _, _):
                    Source(port: input.port, file: path)
                case .action(let producer, let output):
                    Source(
                        port: input.port, action: graph.actions[producer].name, output: output)
                }
            }
        }
    }

    /// For programs.
    var json: JSON {
        [
            "action": .string(action.name), "kind": .string(kind.name),
            "version": .number(Double(kind.version)),
            "key": key.map { .string($0.hex) } ?? .null,
            "seed": action.seed.map { .string(DerivedSeed.text($0)) } ?? .null,
            "parameters": .object(action.parameters),
            "inputs": .array(
                sources.map { source in
                    source.file.map { ["port": .string(source.port), "file": .string($0)] }
                        ?? [
                            "port": .string(source.port), "output": .string(source.output),
                            "action": .string(source.action),
                        ]
                }),
            "frozen": .bool(action.frozen != nil),
            "without": .array(lacking.map { .string($0) }),
            "outputs": .array(
                outputs.map {
                    [
                        "name": .string($0.name), "digest": .string($0.digest.hex),
                        "size": .number(Double($0.size)),
                    ]
                }),
            "seconds": result.map { .number($0.seconds) } ?? .null,
            "madeAt": result.map { .string($0.madeAt) } ?? .null, "log": .string(log.text),
            "madeHere": .bool(isMadeHere), "logLeftOut": .number(Double(log.leftOut)),
            "resumed": .bool(result?.isResumed ?? false),
        ]
    }

    /// For people.
    var lines: [String] {
        var lines = [
            "\(action.name)  (\(kind.name) version \(kind.version))",
            "  key      \(key?.hex ?? "not known before what it reads has run")",
        ]
        if action.frozen != nil {
            lines.append(
                "  frozen   it is not executed: key and outputs are those of the lock file, the "
                    + "parameters those of the experiment file")
        }
        if let seed = action.seed { lines.append("  seed     \(DerivedSeed.text(seed))") }
        for name in action.parameters.keys.sorted() {
            lines.append("  \(name) = \(action.parameters[name]?.canonicalText ?? "")")
        }
        for source in sources.prefix(20) {
            let from = source.file ?? "\(source.action)/\(source.output)"
            lines.append("  reads    \(source.port) ← \(from)")
        }
        if sources.count > 20 { lines.append("  reads    … \(sources.count - 20) more") }
        for name in lacking.prefix(20) { lines.append("  without  \(name), which gave no result") }
        if lacking.count > 20 { lines.append("  without  … \(lacking.count - 20) more") }
        for output in outputs {
            lines.append(
                "  output   \(output.name)  \(output.digest.hex)  \(counted(output.size, "byte"))")
        }
        lines.append(
            result.map {
                "  made     \($0.madeAt) in \(Duration.text($0.seconds))"
                    + (isMadeHere ? ", here" : "; nothing proves that it was made here")
            }
                ?? (outputs.isEmpty
                    ? "  not made yet" : "  made     elsewhere: the store has only the outputs"))
        if result?.isResumed == true {
            lines.append(
                "  resumed  its program went on from checkpoints: that it gives the same bits so, is the "
                    + "program's own word")
        }
        return lines + log.lines.map { "    | \($0)" }
    }
}
