import Canon
package import Experiment

/// Everything that an action's result follows from: the chain back to the sources.
package struct Lineage: Sendable {
    private let graph: ActionGraph
    private let members: [Int]

    /// Follows the inputs of an action; without such an action the chain is empty.
    package init(of action: String, in graph: ActionGraph) {
        self.graph = graph
        var wanted = Array(repeating: false, count: graph.actions.count)
        var members: [Int] = []
        for index in graph.actions.indices.reversed() {
            guard wanted[index] || graph.actions[index].name == action else { continue }
            members.append(index)
            for producer in graph.actions[index].producers { wanted[producer] = true }
        }
        self.members = members
    }

    /// The names of the action and of everything upstream.
    package var names: Set<String> { Set(members.map { graph.actions[$0].name }) }

    /// The chain for people: the action, then each stage upstream, then files, downloads and seeds.
    package func lines(_ results: ResultList) -> [String] {
        var lines: [String] = []
        var stages: [Int: [Int]] = [:]
        var order: [Int] = []
        for index in members {
            let stage = graph.actions[index].stage
            if stages[stage] == nil { order.append(stage) }
            stages[stage, default: []].append(index)
        }
        for stage in order {
            let indices = stages[stage] ?? []
            let kind = graph.stages[stage].kind
            let name =
                indices.count == 1
                ? graph.actions[indices[0]].name
                : "\(graph.stages[stage].name) (\(indices.count) actions)"
            let key =
                indices.count == 1
                ? results[graph.actions[indices[0]].name]?.key.map { "   key \($0.short)" } ?? ""
                : ""
            lines.append("\(name)   \(kind.versionedName)\(key)")
            for input in graph.actions[indices[0]].inputs where !input.sources.isEmpty {
                lines.append("  reads \(input.port): \(sources(indices, input.port))")
            }
        }
        let seeds = Set(members.compactMap { graph.actions[$0].seed })
        lines.append("sources:")
        lines.append("  \(graph.file)   sha256 \(graph.fileDigest.short)")
        if !seeds.isEmpty {
            lines.append(
                "  seed \(graph.seed), from which "
                    + counted(seeds.count, "stream is", "streams are") + " derived")
        }
        for source in files() { lines.append("  \(source)") }
        return lines
    }

    private func sources(_ indices: [Int], _ port: String) -> String {
        var names: [String] = []
        for index in indices {
            for input in graph.actions[index].inputs where input.port == port {
                for source in input.sources {
                    let name: String
                    switch source {
                    case .action(let producer, let output):
                        let action = graph.actions[producer]
                        name =
                            indices.count == 1 && input.sources.count == 1
                            ? "\(action.name)/\(output)"
                            : "\(graph.stage(of: action).name)/\(output)"
                    case .file(let path): name = "file \(path)"
                    case .folder(let path, _): name = "folder \(path)/"
                    case .replay(let copy): name = "\(copy.producer)/\(copy.output)"
                    }
                    if !names.contains(name) { names.append(name) }
                }
            }
        }
        return names.joined(separator: ", ")
    }

    private func files() -> [String] {
        var found: [String] = []
        for index in members {
            let action = graph.actions[index]
            if graph.stage(of: action).kind.isDownload {
                found.append(
                    "\(action.parameters["url"]?.text ?? "")   sha256 "
                        + "\(action.parameters["sha256"]?.text?.prefix(12) ?? "")")
            }
            for input in action.inputs {
                for source in input.sources {
                    guard let path = source.shownPath else { continue }
                    let line = path.hasSuffix("/") ? "folder \(path)" : "file \(path)"
                    if !found.contains(line) { found.append(line) }
                }
            }
        }
        return found
    }
}
