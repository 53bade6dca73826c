import Canon
import Experiment
import LocalStore
import System
import Trust

/// What a run did: kept in `runs/`, read by `why`, `status` and `gc`.
struct RunRecord {
    let graph: ActionGraph
    /// Keys and outputs, as far as the run came to know them.
    let resolution: Resolution
    /// What happened to each action.
    let states: [ActionState]
    /// Which actions were asked for: the others are no part of the record.
    let wanted: [Bool]
    /// What collectors went on without.
    let lacking: [Int: Set<Int>]
    /// What was executed again, and how it came out.
    let repeats: [Int: ForcedRepeats.Outcome]
    /// How results were checked before they were published.
    let checks: [Int: Set<ResultCheck>]
    let startedAt: String
    let seconds: Double
    let isInterrupted: Bool
    /// Whether an error ended it before every action was looked at.
    let isBroken: Bool
    /// What is told of its part in a run on a cluster.
    let cluster: JSON?
    /// Whether it is the record of a pilot, which is one of several of its run.
    let isPilots: Bool

    /// Writes the record, unless the run found everything cached and the newest record says the same.
    ///
    /// - Returns: the record's name, where one was written.
    func write(
        to store: Store, by account: AccountSecret?, environment: () -> JSON
    ) throws -> String? {
        if store.isReadOnly { return nil }
        let suffix = suffix
        if isPilots && !states.contains(where: { $0 == .ran || $0 == .failed }) { return nil }
        let didNothing = !states.contains { $0 != .cached }
        if didNothing, let newest = try store.runNames().first, newest.hasSuffix(suffix) {
            return nil
        }
        var bytes: [UInt8] = Array(#"{"actions":["#.utf8)
        var isFirst = true
        for index in graph.actions.indices where wanted[index] {
            bytes += Array((isFirst ? "\n" : ",\n").utf8)
            isFirst = false
            append(index, to: &bytes)
        }
        var rest: [String: JSON] = [
            "environment": environment(),
            "experiment": .string(graph.experiment),
            // Paths of a person's machine stay out of the store.
            "file": .string(ProjectFolder.name(of: graph.file)),
            "fileDigest": .string(graph.fileDigest.hex), "files": files, "format": "bitlaw/run/1",
            "isWhole": .bool(wanted.allSatisfy { $0 }),
            "outcome": .string(outcome), "seconds": .number((seconds * 1e3).rounded() / 1e3),
            "seed": .string(String(graph.seed)), "startedAt": .string(startedAt),
            "endedAt": .string(Store.isoTime()),
        ]
        if let cluster { rest[isPilots ? "pilot" : "cluster"] = cluster }
        for name in ["includes", "settings"] {
            if let value = graph.source.json[name] { rest[name] = value }
        }
        bytes += Array("],\n".utf8) + JSON.object(rest).canonical().dropFirst() + [10]
        let name = try store.makeRunName(suffix)
        try store.addRun(bytes, name: name, by: account)
        return name
    }

    /// Eight digits that name the file, the keys and the outputs: runs with the same ones gave the same.
    private var suffix: String {
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
        return String(hasher.finalize().hex.prefix(8))
    }

    /// The digests of the files of the project that actions read, each once: `gc` keeps what is stored of
    /// them.
    private var files: JSON {
        var digests: Set<Digest> = []
        for index in graph.actions.indices where wanted[index] && resolution.keys[index] != nil {
            for source in graph.actions[index].inputs.flatMap({ $0.sources }) {
                if source.projectPath != nil { digests.insert(resolution.digest(of: source)) }
            }
        }
        return .array(digests.map { $0.hex }.sorted().map { .string($0) })
    }

    private var outcome: String {
        if isInterrupted { return "interrupted" }
        return isBroken || states.contains { $0 == .failed } ? "failed" : "done"
    }

    private func append(_ index: Int, to bytes: inout [UInt8]) {
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
        bytes += Array(",\"state\":\"\(states[index].rawValue)\"".utf8)
        if resolution.results[index]?.isConfined == false {
            bytes += Array(#","confined":false"#.utf8)
        }
        if !graph.stage(of: graph.actions[index]).rules.promise.isDeterministic {
            bytes += Array(#","deterministic":false"#.utf8)
        }
        for check in ResultCheck.allCases where checks[index]?.contains(check) == true {
            bytes += Array(",\"\(check.rawValue)\":true".utf8)
        }
        if graph.actions[index].frozen != nil { bytes += Array(#","frozen":true"#.utf8) }
        let trees = resolution.outputs[index].filter { $0.isTree }.map { JSON.string($0.name) }
        if !trees.isEmpty { bytes += Array(#","trees":"#.utf8) + JSON.array(trees).canonical() }
        if resolution.results[index]?.isResumed == true { bytes += Array(#","resumed":true"#.utf8) }
        if let lacking = lacking[index] {
            let names = lacking.sorted().map { JSON.string(graph.actions[$0].name) }
            bytes += Array(#","without":"#.utf8) + JSON.array(names).canonical()
        }
        if let outcome = repeats[index] {
            let found = outcome.differing.compactMap { name, _, found in
                found.map { (name, JSON.string($0.hex)) }
            }
            let again = JSON.object(Dictionary(found) { first, _ in first })
            bytes += Array(#","again":"#.utf8) + again.canonical()
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
