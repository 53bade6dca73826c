import Canon
import Experiment
import LocalStore
import Remotes
import Run

/// The remote by which a front end and pilots with stores of their own hand each other inputs and results.
final class StagingRemote {
    /// The key of an action that was made, while its engine lives.
    var key: (Int) -> Digest? = { _ in nil }
    private let session: RemoteSession
    private let slot: RemoteSlot
    private let graph: ActionGraph
    private let store: Store
    private let options: PushOptions

    init(_ name: String, _ graph: ActionGraph, _ store: Store) throws {
        self.graph = graph
        self.store = store
        let remote = try Sharing.find(name, "--stage-through", project: graph.project)
        slot = try Sharing.slot(remote, project: graph.project, creating: true)
        session = RemoteSession(store: store, slots: [slot])
        options = try Sharing.pushOptions(unsigned: false, project: graph.project)
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
        try session.push(try PushCommand.withoutCopies(found, graph, store), options: options)
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

    /// Tells what failed for good, by a list at the remote.
    func tell(_ failed: [Digest], by pilot: String, of run: String) throws {
        if failed.isEmpty { return }
        try slot.remote.put(RemoteTag(name: StagingRemote.list(pilot, run), keys: failed))
    }

    /// Fetches what the remote has of these keys, and reads what pilots told that failed.
    func fetch(_ keys: [Digest], pilots: [String], of run: String) throws -> StagedWork.Found {
        var found = StagedWork.Found()
        try session.fetch(keys) { key, outcome in
            switch outcome {
            case .fetched: found.results.insert(key)
            case .absent: break
            case .refused(let remote, let reason):
                found.failures.append(
                    (key, "the result at remote \(remote) is not used: \(reason)"))
            }
        }
        for pilot in pilots {
            let list = try? slot.remote.tag(StagingRemote.list(pilot, run))
            for key in (list ?? nil)?.keys ?? [] {
                found.failures.append(
                    (
                        key,
                        "it failed in pilot \(pilot); what it printed is on the pilot's machine, in /tmp"
                    ))
            }
        }
        return found
    }
}
