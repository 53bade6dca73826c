import Canon
import Experiment

/// The example of a kind: an experiment file with one stage of it and the stages that it reads.
///
/// It is cut out of one file, `Templates/kinds.yaml`, which the tests run.
struct KindExample {
    /// The whole file.
    static let source = String(decoding: PackageResources.kinds_yaml, as: UTF8.self)

    private let graph: ActionGraph
    /// The lines of each axis and each stage, by name.
    private let axes: [String: [Substring]]
    private let stages: [String: [Substring]]

    /// Reads the examples.
    init() throws {
        graph = try ExperimentLoader.load(
            bytes: Array(KindExample.source.utf8), path: "kinds.yaml", project: "/",
            files: ExperimentFiles(names: []), registry: allKinds)
        (axes, stages) = (
            KindExample.entries(below: "axes:"), KindExample.entries(below: "stages:")
        )
    }

    /// The experiment file for a kind; `nil` where there is none.
    func text(of kind: String) -> String? {
        guard let stage = stage(of: kind) else { return nil }
        var wanted: Set<Int> = [stage]
        // Producers stand before their readers.
        for action in graph.actions.reversed() where wanted.contains(action.stage) {
            for producer in action.producers {
                wanted.insert(graph.actions[producer].stage)
            }
        }
        let chosen = graph.stages.indices.filter(wanted.contains).map { graph.stages[$0] }
        var lines: [Substring] = ["experiment: example", "seed: 1"]
        let over = axes.keys.sorted().filter { axis in chosen.contains { $0.axes.contains(axis) } }
        if !over.isEmpty { lines.append("axes:") }
        for axis in over { lines += axes[axis] ?? [] }
        lines.append("stages:")
        for stage in chosen { lines += stages[stage.name] ?? [] }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The first stage of a kind; of a kind that nobody names, the first stage that reads it.
    private func stage(of kind: String) -> Int? {
        let found = graph.stages.firstIndex { $0.kind.name == kind }
        guard let found, stages[graph.stages[found].name] == nil else { return found }
        return graph.actions.first { action in
            action.inputs.contains { input in
                input.sources.contains { source in
                    guard case .action(let producer, _) = source else { return false }
                    return graph.actions[producer].stage == found
                }
            }
        }?.stage
    }

    /// The members of a mapping at the top of the file, each with its lines.
    private static func entries(below head: String) -> [String: [Substring]] {
        var entries: [String: [Substring]] = [:]
        var name: String?
        var isInside = false
        for line in source.split(separator: "\n") {
            if !line.hasPrefix(" ") {
                (isInside, name) = (line == head, nil)
            } else if isInside && !line.hasPrefix("  #") {
                if !line.hasPrefix("   ") {
                    name = String(line.dropFirst(2).prefix { $0 != ":" })
                }
                if let name { entries[name, default: []].append(line) }
            }
        }
        return entries
    }
}
