package import Canon
import Experiment
import System

/// The work of pilots that have stores of their own: which actions each was given, and what a remote has.
///
/// No lock reaches from one store to another, so the front end that leads divides the work. What a pilot
/// that is gone did not bring is given to another. A file of the run's folder says what each was given, so
/// that another front end goes on with the pilots that are there.
package final class StagedWork {
    /// What a remote has: results that are in the store now, and what pilots told.
    package struct Found {
        /// The keys of results that came.
        package var results: Set<Digest> = []
        /// The keys of actions that failed, and how.
        package var failures: [(Digest, ClusterFolder.Failure)] = []
        /// New letters of pilots, in their order.
        package var letters: [(pilot: String, letter: PilotLetter)] = []
        /// Whether everything could be read that is there.
        package var isWhole = true

        /// Nothing.
        package init() {}
    }

    /// What is looked for.
    package struct Question {
        /// The keys that pilots have not brought.
        package let keys: [Digest]
        /// How many letters of each pilot were read.
        package let letters: [String: Int]
    }

    /// The most actions that one pilot is given: each is a word of its command.
    private static let most = 200
    private static let file = "staged.json"
    /// After so many looks in a row that could not read everything, a pilot that ended is given up.
    private static let patience = 10

    private let look: (Question) throws -> Found
    private let folder: ClusterFolder
    private var keys: [Int: Digest] = [:]
    private var given: [String: Set<Int>] = [:]
    /// How many letters of each pilot were read.
    private var letters: [String: Int] = [:]
    /// The pilots that said last that they leave; a job that is requeued begins anew.
    private(set) var left: Set<String> = []
    private var next = ContinuousClock.now
    /// How many looks in a row could not read everything.
    private var lapses = 0
    /// What came, and until when its engine may not have heard of it.
    private var settled: [Int: ContinuousClock.Instant] = [:]
    /// What failed: no other pilot of the run tries it.
    private var failed: Set<Int> = []

    /// Divides the work of a run; `look` brings what the remote has.
    package init(of folder: ClusterFolder, look: @escaping (Question) throws -> Found) {
        self.folder = folder
        self.look = look
    }

    /// Whether the last look missed something, so that a pilot that ended may have brought more.
    var isBehind: Bool { lapses > 0 && lapses < StagedWork.patience }

    /// What pilots were given and have not brought, what came a moment ago, and what failed.
    var running: Set<Int> {
        let now = ContinuousClock.now
        return given.values.reduce(into: failed.union(settled.filter { $0.value > now }.keys)) {
            $0.formUnion($1)
        }
    }

    /// Whether news of a pilot is about what it has not brought: what is done was told by its result.
    func isOpen(_ news: DelegateNews) -> Bool {
        switch news {
        case .executed: false
        case .event(.running(let index, _)), .event(.progress(let index, _)),
            .event(.retrying(let index, _)):
            given.values.contains { $0.contains(index) }
        case .event: true
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
        know(actions)
        given[pilot] = Set(actions.map { $0.index })
    }

    /// Keeps the keys of actions in mind; what has none yet is not looked for.
    private func know(_ actions: [DelegatedAction]) {
        for action in actions { keys[action.index] = action.key }
    }

    /// Takes from a pilot that ended what it did not bring.
    func end(_ pilot: String) -> Set<Int> {
        (given.removeValue(forKey: pilot) ?? []).filter { keys[$0] != nil }
    }

    // MARK: What another front end goes on with

    /// Writes down what each pilot was given, by the actions' names, and how many of its letters were read.
    ///
    /// - Throws: ``OperationalError``.
    func save(_ name: (Int) -> String) throws {
        let pilots = given.mapValues { actions in
            JSON.array(actions.sorted().map { .string(name($0)) })
        }
        let read = letters.mapValues { JSON.number(Double($0)) }
        try folder.write(["given": .object(pilots), "letters": .object(read)], to: StagedWork.file)
    }

    /// Reads what another front end wrote down; what of it has a result here has no key and is forgotten.
    func resume(_ wanted: [DelegatedAction], index: (String) -> Int?) {
        know(wanted)
        guard let json = folder.read(StagedWork.file) else { return }
        for (pilot, actions) in json["given"]?.members ?? [:] where given[pilot] == nil {
            let indices = (actions.elements ?? []).compactMap { $0.text.flatMap(index) }
            given[pilot] = Set(indices.filter { keys[$0] != nil })
        }
        for (pilot, count) in json["letters"]?.members ?? [:] where letters[pilot] == nil {
            letters[pilot] = count.integer
        }
    }

    // MARK: What the remote has

    /// What came of a look at the remote.
    struct News {
        var came: [(pilot: String, index: Int)] = []
        var failed: [(pilot: String, key: Digest, failure: ClusterFolder.Failure)] = []
        var letters: [(pilot: String, letter: PilotLetter)] = []
    }

    /// Looks at the remote, unless that was done a moment ago.
    func news(pause: Double, atOnce: Bool = false) throws -> News {
        var news = News()
        guard atOnce || ContinuousClock.now >= next, !given.isEmpty else { return news }
        let open = given.values.flatMap { $0 }
        let asked = given.keys.map { ($0, letters[$0] ?? 0) }
        let found = try look(
            Question(
                keys: open.compactMap { keys[$0] },
                letters: Dictionary(uniqueKeysWithValues: asked)))
        // From now on: a look at a slow remote takes its time.
        let now = ContinuousClock.now
        next = now + .seconds(pause)
        lapses = found.isWhole ? 0 : lapses + 1
        for (pilot, letter) in found.letters {
            letters[pilot, default: 0] += 1
            if letter.isLast { left.insert(pilot) } else { left.remove(pilot) }
        }
        news.letters = found.letters
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
