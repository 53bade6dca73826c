import Canon
import Experiment
import LocalStore
import System

/// Results that are read before they are asked for, many at a time: reading one takes the kernel longer than
/// anything takes us.
struct ResultsAhead {
    /// What a store has under a key.
    struct Found: Sendable {
        /// The result and its layer; `nil` where there is none that counts.
        let stored: (result: ActionResult, layer: Int)?
        /// Whether all outputs are there; `nil` where that needs a closer look.
        let isWhole: Bool?
    }

    private var found: [Digest: Found] = [:]

    /// Knows nothing.
    init() {}

    /// Reads the results of some keys of kinds, by all processors.
    init(_ wanted: [(key: Digest, kind: Kind)], in store: Store) throws {
        let all = try wanted.map { Wanted(key: $0.key, kind: $0.kind) }.concurrentMap { part in
            try part.map { one -> Found in
                let stored = try store.result(for: one.key, mistake: one.kind.mistake)
                let outputs = stored?.result.outputs ?? []
                let isPlain = !outputs.contains { $0.isTree }
                return Found(
                    stored: stored,
                    isWhole: isPlain ? outputs.allSatisfy { store.contains($0.digest) } : nil)
            }
        }
        for (one, found) in zip(wanted, all) { self.found[one.key] = found }
    }

    private struct Wanted: Sendable {
        let key: Digest
        let kind: Kind
    }

    /// What is known under a key; `nil` where it was not read.
    subscript(key: Digest) -> Found? { found[key] }
}
