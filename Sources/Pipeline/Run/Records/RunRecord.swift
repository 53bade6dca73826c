package import Canon
import Experiment
package import LocalStore
import System

/// What a run did: kept in `runs/`, read by `why`, `status` and `gc`.
enum RunRecord {
    /// Writes the record, unless the run found everything cached and the newest record says the same.
    ///
    /// - Returns: the record's name, where one was written.
    static func write(
        graph: ActionGraph, store: Store, states: [ActionState], wanted: [Bool],
        resolution: Resolution, startedAt: String, seconds: Double, isInterrupted: Bool,
        environment: () -> JSON
    ) throws -> String? {
        if store.isReadOnly { return nil }
        var hasher = SHA256Hasher()
        hasher.update(Array(graph.experiment.utf8).span)
        hasher.update(Array(graph.fileDigest.hex.utf8).span)
        for index in graph.actions.indices where wanted[index] {
            if let key = resolution.keys[index] { hasher.update(Array(key.hex.utf8).span) }
            // A run that failed knows its keys too, but not every output.
            for output in resolution.outputs[index] {
                hasher.update(Array(output.digest.hex.utf8).span)
            }
        }
        let suffix = String(hasher.finalize().hex.prefix(8))
        let didNothing = !states.contains { $0 != .cached }
        if didNothing, let newest = try store.runNames().first, newest.hasSuffix(suffix) {
            return nil
        }
        let outcome =
            isInterrupted
            ? "interrupted" : states.contains { $0 == .failed } ? "failed" : "done"
        var bytes: [UInt8] = Array(#"{"actions":["#.utf8)
        var isFirst = true
        for index in graph.actions.indices where wanted[index] {
            bytes += Array((isFirst ? "\n" : ",\n").utf8)
            isFirst = false
            bytes += Array(#"{"key":"#.utf8)
            bytes += Array((resolution.keys[index].map { "\"\($0.hex)\"" } ?? "null").utf8)
            bytes += Array(#","name":"#.utf8)
            JSON.append(graph.actions[index].name, to: &bytes)
            bytes += Array(#","outputs":{"#.utf8)
            for (place, output) in resolution.outputs[index].enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                JSON.append(output.name, to: &bytes)
                bytes += Array(":\"\(output.digest.hex)\"".utf8)
            }
            bytes += Array(#"},"seconds":"#.utf8)
            JSON.append(resolution.results[index]?.seconds ?? 0, to: &bytes)
            bytes += Array(#","stage":"#.utf8)
            JSON.append(graph.stage(of: graph.actions[index]).name, to: &bytes)
            bytes += Array(",\"state\":\"\(states[index].rawValue)\"}".utf8)
        }
        let rest: JSON = [
            "environment": environment(),
            "experiment": .string(graph.experiment), "file": .string(lastPart(graph.file)),
            "fileDigest": .string(graph.fileDigest.hex), "format": "bitlaw/run/1",
            "outcome": .string(outcome), "seconds": .number((seconds * 1e3).rounded() / 1e3),
            "seed": .string(String(graph.seed)), "startedAt": .string(startedAt),
            "endedAt": .string(Store.isoTime()),
        ]
        bytes += Array("],\n".utf8) + rest.canonical().dropFirst() + [10]
        let name = Store.makeRunName(suffix)
        try store.addRun(bytes, name: name)
        return name
    }

    /// The file's name without its folder: paths of a person's machine stay out of the store.
    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// What earlier runs of an experiment tell.
package enum RunHistory {
    /// The newest record of an experiment.
    package static func newest(in store: Store, experiment: String) throws -> (
        name: String, record: JSON
    )? {
        for name in try store.runNames().prefix(200) {
            if let record = try store.run(name), record["experiment"]?.text == experiment {
                return (name, record)
            }
        }
        return nil
    }
}
