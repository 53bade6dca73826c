import ArgumentParser
import Canon
import Experiment
import LocalStore
import Run
import System

/// Shows an action: parameters, inputs, outputs, log.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show an action: its key, parameters, seed, inputs, outputs with digests, log.",
        discussion: """
            EXAMPLE
              bitlaw show pipelines/spiral.yaml manifold
              bitlaw show pipelines/spiral.yaml law --output law
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "An action, or a stage for all its actions.")
    var action: String

    @Option(name: .long, help: "Print the bytes of this output instead.")
    var output: String?

    func run() throws {
        let (graph, store) = try options.open()
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        for index in try Targets.find(action, in: graph) {
            if let output {
                try print(output, index, graph, store, plan)
            } else {
                try describe(index, graph, store, plan)
            }
        }
    }

    private func print(
        _ output: String, _ index: Int, _ graph: ActionGraph, _ store: Store, _ plan: Plan
    ) throws {
        let names = graph.stage(of: graph.actions[index]).kind.outputs.map { $0.name }
        guard names.contains(output) else {
            throw UsageError(
                text: "\(graph.actions[index].name) has no output `\(output)`\n"
                    + "  expected: \(names.joined(separator: ", "))")
        }
        guard let digest = plan.outputs[index].first(where: { $0.name == output })?.digest else {
            throw UsageError(
                text: "\(graph.actions[index].name) has not run\n"
                    + "  fix: bitlaw run \(graph.file) '\(graph.actions[index].name)'")
        }
        guard let bytes = try store.bytes(of: digest) else {
            throw OperationalError.lost(digest, in: store)
        }
        Output.write(String(decoding: bytes, as: UTF8.self))
    }

    private func describe(_ index: Int, _ graph: ActionGraph, _ store: Store, _ plan: Plan) throws {
        let action = graph.actions[index]
        let stage = graph.stage(of: action)
        var log = ""
        let result = try plan.keys[index].flatMap { try store.result(for: $0)?.result }
        if let digest = result?.log, let bytes = try store.bytes(of: digest) {
            log = String(decoding: bytes, as: UTF8.self)
        }
        let inputs = action.inputs.flatMap { input in
            input.sources.map { source -> JSON in
                switch source {
                case .file(let path): ["port": .string(input.port), "file": .string(path)]
                case .replay(let path, _, _, _):
                    ["port": .string(input.port), "file": .string(path)]
                case .action(let producer, let output):
                    [
                        "port": .string(input.port), "output": .string(output),
                        "action": .string(graph.actions[producer].name),
                    ]
                }
            }
        }
        let document: JSON = [
            "action": .string(action.name), "kind": .string(stage.kind.name),
            "version": .number(Double(stage.kind.version)),
            "key": plan.keys[index].map { .string($0.hex) } ?? .null,
            "seed": action.seed.map { .string(DerivedSeed.text($0)) } ?? .null,
            "parameters": .object(action.parameters), "inputs": .array(inputs),
            "outputs": .array(
                plan.outputs[index].map {
                    [
                        "name": .string($0.name), "digest": .string($0.digest.hex),
                        "size": .number(Double($0.size)),
                    ]
                }),
            "seconds": result.map { .number($0.seconds) } ?? .null,
            "madeAt": result.map { .string($0.madeAt) } ?? .null, "log": .string(log),
        ]
        if options.common.json {
            Output.line(document.canonicalText)
            return
        }
        Output.line("\(action.name)  (\(stage.kind.name) version \(stage.kind.version))")
        Output.line(
            "  key      \(plan.keys[index]?.hex ?? "not known before what it reads has run")")
        if let seed = action.seed { Output.line("  seed     \(DerivedSeed.text(seed))") }
        for name in action.parameters.keys.sorted() {
            Output.line("  \(name) = \(action.parameters[name]?.canonicalText ?? "")")
        }
        for input in inputs.prefix(20) {
            let from =
                input["file"]?.text
                ?? "\(input["action"]?.text ?? "")/\(input["output"]?.text ?? "")"
            Output.line("  reads    \(input["port"]?.text ?? "") ← \(from)")
        }
        if inputs.count > 20 { Output.line("  reads    … \(inputs.count - 20) more") }
        for output in plan.outputs[index] {
            Output.line("  output   \(output.name)  \(output.digest.hex)  \(output.size) bytes")
        }
        if let result {
            Output.line("  made     \(result.madeAt) in \(Duration.text(result.seconds))")
        } else {
            Output.line("  not made yet")
        }
        for line in log.split(separator: "\n") { Output.line("    | \(line)") }
    }
}
