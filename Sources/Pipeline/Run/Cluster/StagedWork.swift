package import Canon
import Experiment

/// The work of pilots that have stores of their own: which actions each was given, and what a remote has.
///
/// No lock reaches from one store to another, so the front end that leads divides the work. What a pilot
/// that is gone did not bring is given to another.
package final class StagedWork {
    /// What a remote has: results that are in the store now, and actions that failed, with the words for it.
    package struct Found {
        /// The keys of results that came.
        package var results: Set<Digest> = []
        /// The keys of actions that failed, and how.
        package var failures: [(Digest, ClusterFolder.Failure)] = []

        /// Nothing.
        package init() {}
    }

    /// The most actions that one pilot is given: each is a word of its command.
    private static let most = 200

    private let look: ([Digest], [String]) throws -> Found
    private var keys: [Int: Digest] = [:]
    private var given: [String: Set<Int>] = [:]
    private var next = ContinuousClock.now
    /// What came, and until when its engine may not have heard of it.
    private var settled: [Int: ContinuousClock.Instant] = [:]
    /// What failed: no other pilot of the run tries it.
    private var failed: Set<Int> = []

    /// Divides work whose results `look` brings: asked for keys, and for what pilots say that failed.
    package init(look: @escaping ([Digest], [String]) throws -> Found) { self.look = look }

    /// What pilots were given and have not brought, what came a moment ago, and what failed.
    var running: Set<Int> {
        let now = ContinuousClock.now
        return given.values.reduce(into: failed.union(settled.filter { $0.value > now }.keys)) {
            $0.formUnion($1)
        }
    }

    /// Shares actions out among so many pilots at most.
    func shares(_ actions: [DelegatedAction], among pilots: Int) -> [[DelegatedAction]] {
        let count = min(pilots, actions.count)
        if count < 1 { return [] }
        var shares = [[DelegatedAction]](repeating: [], count: count)
        for (number, action) in actions.enumerated() { shares[number % count].append(action) }
        return shares.map { Array($0.prefix(StagedWork.most)) }
    }

    func give(_ actions: [DelegatedAction], to pilot: String) {
        for action in actions { keys[action.index] = action.key }
        given[pilot] = Set(actions.map { $0.index })
    }

    /// Takes from a pilot that ended what it did not bring.
    func end(_ pilot: String) -> Set<Int> { given.removeValue(forKey: pilot) ?? [] }

    /// What came of a look at the remote.
    struct News {
        var came: [(pilot: String, index: Int)] = []
        var failed: [(pilot: String, key: Digest, failure: ClusterFolder.Failure)] = []
    }

    /// Looks at the remote, unless that was done a moment ago.
    func news(pause: Double, atOnce: Bool = false) throws -> News {
        var news = News()
        guard atOnce || ContinuousClock.now >= next, !given.isEmpty else { return news }
        let open = given.values.flatMap { $0 }
        let found = try look(open.compactMap { keys[$0] }, given.keys.sorted())
        // From now on: a look at a slow remote takes its time.
        let now = ContinuousClock.now
        next = now + .seconds(pause)
        let failures = Dictionary(found.failures, uniquingKeysWith: { first, _ in first })
        for (pilot, actions) in given {
            for index in actions {
                guard let key = keys[index] else { continue }
                if found.results.contains(key) {
                    news.came.append((pilot, index))
                    settled[index] = now + .seconds(10)
                } else if let failure = failures[key] {
                    news.failed.append((pilot, key, failure))
                    failed.insert(index)
                } else {
                    continue
                }
                given[pilot]?.remove(index)
            }
        }
        return news
    }
}
