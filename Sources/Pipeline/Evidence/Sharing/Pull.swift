import Canon
package import Experiment
package import LocalStore
package import Remotes
import Run
import System

/// Fetches the results of an experiment, wave by wave: a key is known once its inputs are.
package struct Pull: Sendable {
    /// An action and what became of it.
    package struct Item: Sendable, Equatable {
        /// The action.
        package let action: Int
        /// What became of it.
        package let outcome: FetchOutcome
    }

    /// What was asked for, in the order of the answers.
    package private(set) var items: [Item] = []
    /// Actions whose results were there before.
    package private(set) var present = 0
    /// Actions whose keys are not known, because something that they read has no result anywhere.
    package private(set) var unknown = 0

    /// Fetches what is wanted and what that needs.
    ///
    /// With `blobs` false only results travel; what they name stays where it is. A result that is not
    /// `wanted` counts as absent, and so does a source that is larger than `largestSource`.
    /// - Throws: ``OperationalError`` of the store.
    package static func run(
        graph: ActionGraph, store: Store, registry: KindRegistry, session: RemoteSession,
        targets: Targets, blobs: Bool, largestSource: Int = .max,
        wanted: (ActionResult) -> Bool = { _ in true }
    ) throws -> Pull {
        try run(graph: graph, store: store, registry: registry, targets: targets) { keys, each in
            try session.fetch(keys, blobs: blobs, wanted: wanted, each: each)
        } askSources: { digests in
            guard blobs else { return [] }
            return try session.fetch(
                blobs: digests.map { WantedBlob($0, size: nil, limit: largestSource) })
        }
    }

    /// Tells what there is to fetch, and fetches nothing: a result names what the next keys are made of.
    ///
    /// - Throws: ``OperationalError`` of the store.
    package static func look(
        graph: ActionGraph, store: Store, registry: KindRegistry, session: RemoteSession,
        targets: Targets
    ) throws -> Pull {
        try run(graph: graph, store: store, registry: registry, targets: targets) { keys, each in
            try session.look(keys, each: each)
        } askSources: { digests in
            Set(digests).subtracting(
                try session.absent(digests.map { WantedBlob($0, size: nil, limit: .max) }))
        }
    }

    private static func run(
        graph: ActionGraph, store: Store, registry: KindRegistry, targets: Targets,
        ask: ([Digest], (Digest, FetchOutcome) throws -> Void) throws -> Void,
        askSources: ([Digest]) throws -> Set<Digest>
    ) throws -> Pull {
        let wanted = try targets.wanted(in: graph)
        var resolution = Resolution(graph: graph, store: store, registry: registry)
        var pull = Pull()
        var isResolved = Array(repeating: false, count: graph.actions.count)
        var open = graph.actions.indices.filter { wanted[$0] }
        var settled: Set<Int> = []
        while !open.isEmpty {
            let wave = try Wave(open, in: graph, &resolution, &isResolved)
            pull.present += wave.present
            if wave.keys.isEmpty && wave.later.count == open.count {
                guard resolution.settle(open, isResolved, &settled) else { break }
                continue
            }
            if !wave.sources.isEmpty {
                let found = try askSources(wave.sources.keys.sorted())
                for (digest, indices) in wave.sources where !found.contains(digest) {
                    pull.items += indices.map { Item(action: $0, outcome: .absent) }
                }
            }
            try ask(wave.keys) { key, outcome in
                for index in wave.readers[key] ?? [] {
                    pull.items.append(Item(action: index, outcome: outcome))
                    guard case .fetched(let result, _) = outcome else { continue }
                    let kind = graph.stage(of: graph.actions[index]).kind
                    // Under a locked key a remote may have other bits: these are not what is frozen.
                    if graph.actions[index].frozen?.matches(result) == false { continue }
                    guard kind.outputs.allSatisfy({ result.output($0.name) != nil }) else {
                        continue
                    }
                    resolution.resolve(index, result)
                    isResolved[index] = true
                }
            }
            open = wave.later
        }
        pull.unknown = open.count
        return pull
    }

    /// The actions whose keys are known now, and what they lack.
    private struct Wave {
        /// Actions whose results were there.
        var present = 0
        /// The keys without a result, each once, and the actions that have them.
        var keys: [Digest] = []
        var readers: [Digest: [Int]] = [:]
        /// Downloads whose bytes are not there.
        var sources: [Digest: [Int]] = [:]
        /// Actions that read something without a result.
        var later: [Int] = []

        /// Looks up the open actions; what has a result, or needs none, is resolved.
        init(
            _ open: [Int], in graph: ActionGraph, _ resolution: inout Resolution,
            _ isResolved: inout [Bool]
        ) throws {
            for index in open {
                let sources = resolution.action(index).inputs.flatMap { $0.sources }
                let isReady = sources.allSatisfy { source in
                    guard case .action(let producer, _) = source else { return true }
                    return isResolved[producer]
                }
                guard isReady else {
                    later.append(index)
                    continue
                }
                let key = try resolution.document(of: index).key
                if try resolution.lookUp(index, key: key) != nil {
                    present += 1
                    isResolved[index] = true
                } else if let digest = graph.pinnedSource(of: index) {
                    // What it gives is known before it is there: what reads it goes on.
                    resolution.assume(index, source: digest)
                    isResolved[index] = true
                    self.sources[digest, default: []].append(index)
                } else {
                    if readers[key] == nil { keys.append(key) }
                    readers[key, default: []].append(index)
                }
            }
        }
    }

    /// The bytes of the outputs that came, or would come, from remotes, each blob once and without
    /// those that the store has.
    package func bytes(missingFrom store: Store) -> [String: Int] {
        var seen: Set<Digest> = []
        var bytes: [String: Int] = [:]
        for item in items {
            guard case .fetched(let result, let remote) = item.outcome else { continue }
            for output in result.outputs
            where seen.insert(output.digest).inserted && !store.contains(output.digest) {
                bytes[remote, default: 0] += output.size
            }
        }
        return bytes
    }

    /// The actions that were fetched, with the remote.
    package var fetched: [(action: Int, remote: String)] {
        items.compactMap { item in
            guard case .fetched(_, let remote) = item.outcome else { return nil }
            return (item.action, remote)
        }
    }
}

extension Resolution {
    /// Lets the first collector that can go on without what nobody has, for nothing else goes on; once each.
    ///
    /// The first alone: what it gives may be what another waits for.
    fileprivate mutating func settle(
        _ open: [Int], _ isResolved: [Bool], _ settled: inout Set<Int>
    ) -> Bool {
        for index in open where action(index).isPartial && !settled.contains(index) {
            let lacking = action(index).inputs.flatMap { $0.mayMiss }.filter { !isResolved[$0] }
            let mustBe = action(index).inputs.flatMap { input in
                input.sources.filter { source in
                    guard case .action(let producer, _) = source else { return false }
                    return !isResolved[producer] && !input.mayMiss.contains(producer)
                }
            }
            guard mustBe.isEmpty, leaveOut(Set(lacking), of: index) else { continue }
            settled.insert(index)
            return true
        }
        return false
    }
}
