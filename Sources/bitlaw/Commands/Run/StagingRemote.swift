import Canon
import Experiment
import LocalStore
import Remotes
import Run
import System

/// The remote by which a front end and pilots with stores of their own hand each other inputs and results.
final class StagingRemote {
    /// The key of an action that was made, while its engine lives.
    var key: (Int) -> Digest? = { _ in nil }
    private let slot: RemoteSlot
    private let graph: ActionGraph
    private let store: Store
    private let options: PushOptions
    /// What was told of a remote that did not answer; empty once it answers again.
    private var complaint = ""

    init(_ name: String, _ graph: ActionGraph, _ store: Store) throws {
        self.graph = graph
        self.store = store
        let remote = try Sharing.find(name, "--stage-through", project: graph.project)
        slot = try Sharing.slot(remote, project: graph.project, creating: true)
        options = try Sharing.pushOptions(unsigned: false, project: graph.project)
    }

    /// A session for one look or one push: a remote that fails now is asked again the next time.
    private func session() -> RemoteSession {
        let session = RemoteSession(store: store, slots: [slot])
        session.onFailure = { [weak self] error in self?.complain(error.message) }
        return session
    }

    private func complain(_ words: String) {
        if words != complaint { Output.error("warning: \(words); asked again later\n") }
        complaint = words
    }

    /// Brings what the store has of the experiment to the remote: the inputs of what is missing.
    func pushCached() throws {
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        try push(
            graph.actions.indices.compactMap { index in
                if case .cached = plan.states[index] { plan.keys[index] } else { nil }
            })
    }

    /// Brings the results of these keys, as far as the store has them.
    func push(_ keys: [Digest]) throws {
        let found = try keys.compactMap { try store.result(for: $0)?.result }
        try session().push(try PushCommand.withoutCopies(found, graph, store), options: options)
    }

    /// Brings what was made since the last time; what fails is brought at the end.
    func offer(_ made: inout [Int]) {
        if made.isEmpty { return }
        let keys = made.compactMap { key($0) }
        made = []
        do {
            try push(keys)
        } catch {
            Output.error("warning: \(error); brought at the end\n")
        }
    }

    // MARK: What failed

    private static func list(_ pilot: String, _ run: String) -> String {
        let safe = pilot.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" as Character }
        return "cluster-\(run)-\(String(safe))"
    }

    /// Tells what failed for good: a list at the remote with a key and a blob of words for each.
    func tell(
        _ failed: [(key: Digest, failure: ClusterFolder.Failure)], by pilot: String, of run: String
    ) throws {
        if failed.isEmpty { return }
        let words = try failed.map { try store.put($0.failure.json.canonical()) }
        try session().push(blobs: words, options: options)
        let keys = zip(failed, words).flatMap { [$0.key, $1] }
        try slot.remote.put(RemoteTag(name: StagingRemote.list(pilot, run), keys: keys))
    }

    /// Fetches what the remote has of these keys, and reads what pilots told that failed.
    func fetch(_ keys: [Digest], pilots: [String], of run: String) throws -> StagedWork.Found {
        var found = StagedWork.Found()
        let session = session()
        try session.fetch(keys) { key, outcome in
            switch outcome {
            case .fetched: found.results.insert(key)
            case .absent: break
            case .refused(let remote, let reason):
                let words = "the result at remote \(remote) is not used: \(reason)"
                found.failures.append((key, ClusterFolder.Failure(reason: words, log: "")))
            }
        }
        if session.failures.contains(where: { $0 != nil }) { return found }
        complaint = ""
        for pilot in pilots {
            let list = (try? slot.remote.tag(StagingRemote.list(pilot, run)))?.keys ?? []
            for place in stride(from: 0, to: list.count - 1, by: 2) {
                let told = failure(list[place + 1])
                let reason = told?.reason ?? "what it printed did not reach the remote"
                found.failures.append(
                    (
                        list[place],
                        ClusterFolder.Failure(
                            reason: "\(reason) (in pilot \(pilot))", log: told?.log ?? "")
                    ))
            }
        }
        return found
    }

    /// The failure that a blob tells of, where that came.
    private func failure(_ digest: Digest) -> ClusterFolder.Failure? {
        _ = try? session().fetch(blobs: [WantedBlob(digest, size: nil)])
        return (try? store.bytes(of: digest)).flatMap { try? JSON(parsing: $0) }
            .flatMap(ClusterFolder.Failure.init)
    }
}
