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
        var actions = RunActionList(store, count: wanted.reduce(0) { $0 + ($1 ? 1 : 0) })
        for index in graph.actions.indices where wanted[index] {
            try actions.add(entry(of: index))
        }
        var rest: [String: JSON] = [
            "environment": environment(),
            "experiment": .string(graph.experiment),
            // Paths of a person's machine stay out of the store.
            "file": .string(ProjectFolder.name(of: graph.file)),
            "fileDigest": .string(graph.fileDigest.hex), "files": files,
            "isWhole": .bool(wanted.allSatisfy { $0 }),
            "outcome": .string(outcome), "seconds": .number((seconds * 1e3).rounded() / 1e3),
            "seed": .string(String(graph.seed)), "startedAt": .string(startedAt),
            "endedAt": .string(Store.isoTime()),
        ]
        if let cluster { rest[isPilots ? "pilot" : "cluster"] = cluster }
        for name in ["includes", "settings"] {
            if let value = graph.source.json[name] { rest[name] = value }
        }
        let bytes = try actions.record(rest)
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

    private func entry(of index: Int) -> RunActionList.Entry {
        let action = graph.actions[index]
        let stage = graph.stage(of: action)
        let outputs = resolution.outputs[index].map { ($0.name, JSON.string($0.digest.hex)) }
        let result = resolution.results[index]
        let facts: [(String, JSON)] = [
            ("key", resolution.keys[index].map { .string($0.hex) } ?? .null),
            ("name", .string(action.name)), ("outputs", RunRecord.object(outputs)),
            ("seconds", .number(result?.seconds ?? 0)), ("stage", .string(stage.name)),
        ]
        var more: [(String, JSON)] = []
        if result?.isConfined == false { more.append(("confined", false)) }
        if !stage.rules.promise.isDeterministic { more.append(("deterministic", false)) }
        if action.frozen != nil { more.append(("frozen", true)) }
        let trees = resolution.outputs[index].filter { $0.isTree }.map { JSON.string($0.name) }
        if !trees.isEmpty { more.append(("trees", .array(trees))) }
        if result?.isResumed == true { more.append(("resumed", true)) }
        return RunActionList.Entry(
            name: action.name, facts: facts.map(RunRecord.member).joined(separator: ","),
            moreFacts: more.map { "," + RunRecord.member($0) }.joined(),
            state: states[index].rawValue, remarks: remarks(on: index))
    }

    /// What holds of an action in this run alone.
    private func remarks(on index: Int) -> [String: JSON] {
        var remarks: [String: JSON] = [:]
        for check in ResultCheck.allCases where checks[index]?.contains(check) == true {
            remarks[check.rawValue] = true
        }
        if let lacking = lacking[index] {
            remarks["without"] = .array(
                lacking.sorted().map { .string(graph.actions[$0].name) })
        }
        if let outcome = repeats[index] {
            remarks["again"] = RunRecord.object(
                outcome.differing.compactMap { name, _, found in
                    found.map { (name, .string($0.hex)) }
                })
        }
        return remarks
    }

    private static func object(_ members: [(String, JSON)]) -> JSON {
        .object(Dictionary(members) { first, _ in first })
    }

    private static func member(_ member: (name: String, value: JSON)) -> String {
        "\"\(member.name)\":" + String(decoding: member.value.canonical(), as: UTF8.self)
    }
}
