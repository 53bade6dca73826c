import ArgumentParser
import Canon
import Experiment
import Glibc

/// Draws the graph of stages or actions.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the graph of stages, or of actions, as DOT, Mermaid or SVG.",
        discussion: """
            SVG needs graphviz (apt-get install graphviz).

            EXAMPLE
              bitlaw graph pipelines/spiral.yaml --format mermaid
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(name: .long, help: "dot, mermaid or svg (default: dot).")
    var format: GraphFormat?

    @Flag(name: .long, help: "Draw every action instead of every stage.")
    var actions = false

    func validate() throws {
        if let format, options.common.json {
            throw ValidationError(
                "expected --json or --format \(format.rawValue), found both")
        }
    }

    func run() throws {
        let graph = try options.load()
        if options.common.json { return Output.document(json(graph), .graph) }
        let (names, edges) = (names(graph), edges(graph))
        switch format ?? .dot {
        case .dot: Output.write(dot(names, edges))
        case .mermaid: Output.write(mermaid(names, edges))
        case .svg: try svg(dot(names, edges))
        }
    }

    private func names(_ graph: ActionGraph) -> [String] {
        if actions { return graph.actions.map { $0.name } }
        var counts = [Int](repeating: 0, count: graph.stages.count)
        for action in graph.actions { counts[action.stage] += 1 }
        return zip(graph.stages, counts).map { $1 == 1 ? $0.name : "\($0.name) ×\($1)" }
    }

    private func edges(_ graph: ActionGraph) -> [[Int]] {
        var edges: Set<[Int]> = []
        for action in graph.actions {
            for input in action.inputs {
                for case .action(let producer, _) in input.sources {
                    edges.insert(
                        actions
                            ? [producer, action.index]
                            : [graph.actions[producer].stage, action.stage])
                }
            }
        }
        return edges.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// For programs: nodes by their names, and what each gives to which.
    private func json(_ graph: ActionGraph) -> JSON {
        var counts = [Int](repeating: 0, count: graph.stages.count)
        for action in graph.actions { counts[action.stage] += 1 }
        let nodes: [(name: String, members: [String: JSON])] =
            actions
            ? graph.actions.map { action in
                let stage = graph.stage(of: action)
                return (
                    action.name,
                    ["stage": .string(stage.name), "kind": .string(stage.kind.name), "actions": 1]
                )
            }
            : zip(graph.stages, counts).map { stage, count in
                (
                    stage.name,
                    [
                        "stage": .string(stage.name), "kind": .string(stage.kind.name),
                        "actions": .number(Double(count)),
                    ]
                )
            }
        return [
            "experiment": .string(graph.experiment), "of": actions ? "actions" : "stages",
            "nodes": .array(
                nodes.map { node in
                    .object(node.members.merging(["name": .string(node.name)]) { own, _ in own })
                }),
            "edges": .array(
                edges(graph).map {
                    ["from": .string(nodes[$0[0]].name), "to": .string(nodes[$0[1]].name)]
                }),
        ]
    }

    private func dot(_ names: [String], _ edges: [[Int]]) -> String {
        var text =
            "digraph experiment {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"
        for (index, name) in names.enumerated() {
            text += "  n\(index) [label=\(JSON.string(name).canonicalText)];\n"
        }
        for edge in edges { text += "  n\(edge[0]) -> n\(edge[1]);\n" }
        return text + "}\n"
    }

    private func mermaid(_ names: [String], _ edges: [[Int]]) -> String {
        var text = "flowchart LR\n"
        for (index, name) in names.enumerated() {
            let safe = name.replacing("\"", with: "#quot;")
            text += "  n\(index)[\"\(safe)\"]\n"
        }
        for edge in edges { text += "  n\(edge[0]) --> n\(edge[1])\n" }
        return text
    }

    private func svg(_ dot: String) throws {
        // A shell that finds no dot is gone before it reads: an error to tell, not a signal to die of.
        _ = signal(SIGPIPE, SIG_IGN)
        guard let pipe = unsafe popen("dot -Tsvg", "w") else {
            throw UsageError(text: "cannot start dot\n  fix: apt-get install graphviz")
        }
        let bytes = Array(dot.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, pipe) }
        if unsafe pclose(pipe) != 0 {
            throw UsageError(
                text: "dot, which draws SVG, is not installed\n  fix: apt-get install graphviz, or "
                    + "use --format mermaid")
        }
    }
}
