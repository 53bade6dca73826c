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
    /// What its stage promises of its bits.
    private let promise: BitPromise
    /// How its stage lets a new result be checked.
    private let checks: [ResultCheck]
    private let key: Digest?
    private let outputs: [ActionResult.Output]
    /// What is to be stored of it, by name.
    private let ports: [String: OutputPort]
    /// The store that was asked.
    private let place: String
    /// The folders among the outputs, by name.
    private let trees: [String: Tree]
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
        let rules = graph.stage(of: action).rules
        (promise, checks) = (rules.promise, rules.checks.inOrder)
        key = plan.keys[index]
        outputs = plan.outputs[index]
        ports = Dictionary(
            kind.outputs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        place = store.path
        trees = try outputs.filter { $0.isTree }.reduce(into: [:]) { trees, output in
            trees[output.name] = try store.tree(output.digest)
        }
        result = try plan.keys[index].flatMap { try store.result(for: $0)?.result }
        isMadeHere = try result?.isMade(by: Account.known()) ?? false
        log = try LogEnd(result?.log, in: store)
        sources = action.inputs.flatMap { input in
            input.sources.map { source in
                switch source {
                case .file(let path): Source(port: input.port, file: path)
                case .folder(let path, _): Source(port: input.port, file: path + "/")
                case .replay(let copy): Source(port: input.port, file: copy.copy)
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
            "axes": .array(
                action.coordinates.map { ["name": .string($0.axis), "value": $0.value] }),
            "store": .string(place),
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
                outputs.map { output in
                    var members: [String: JSON] = [
                        "name": .string(output.name), "digest": .string(output.digest.hex),
                        "size": .number(Double(output.size)),
                    ]
                    if let port = ports[output.name] {
                        members["file"] = .string(port.fileName)
                        members["role"] = .string(port.role.rawValue)
                    }
                    if output.isTree { members["tree"] = true }
                    if let tree = trees[output.name] {
                        members["files"] = .number(Double(tree.fileCount))
                        members["bytes"] = .number(Double(tree.bytes))
                    }
                    return .object(members)
                }),
            "check": .array(checks.map { .string($0.rawValue) }),
            "seconds": result.map { .number($0.seconds) } ?? .null,
            "madeAt": result.map { .string($0.madeAt) } ?? .null, "log": .string(log.text),
            "confined": result.map { .bool($0.isConfined) } ?? .null,
            "deterministic": .bool(promise.isDeterministic),
            "madeWith": result?.madeWith?.json ?? .null,
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
        lines += promise.lines.map { "  bits     \($0)" }
        lines += checks.map { "  check    \($0.text)" }
        for name in action.parameters.keys.sorted() {
            lines.append("  \(name) = \(action.parameters[name]?.shownParameter ?? "")")
        }
        for source in sources.prefix(20) {
            let from = source.file ?? "\(source.action)/\(source.output)"
            lines.append("  reads    \(source.port) ← \(from)")
        }
        if sources.count > 20 { lines.append("  reads    … \(sources.count - 20) more") }
        for name in lacking.prefix(20) { lines.append("  without  \(name), which gave no result") }
        if lacking.count > 20 { lines.append("  without  … \(lacking.count - 20) more") }
        for output in outputs {
            let size =
                trees[output.name].map {
                    "folder of \(counted($0.fileCount, "file")), \(ByteCount.text($0.bytes))"
                } ?? ByteCount.text(output.size)
            lines.append("  output   \(output.name)  \(output.digest.hex)  \(size)")
        }
        lines.append(
            result.map {
                "  made     \($0.madeAt) in \(Duration.text($0.seconds))"
                    + (isMadeHere ? ", here" : "; nothing proves that it was made here")
                    + ($0.isConfined ? "" : "; its program was not confined")
            }
                ?? (outputs.isEmpty
                    ? "  not made yet" : "  made     elsewhere: the store has only the outputs"))
        if result?.isResumed == true {
            lines.append(
                "  resumed  its program went on from checkpoints: that it gives the same bits so, is the "
                    + "program's own word")
        }
        for (name, fact) in (result?.madeWith?.facts ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append("  with     \(name): \(fact)")
        }
        return lines + log.lines.map { "    | \($0)" }
    }
}
