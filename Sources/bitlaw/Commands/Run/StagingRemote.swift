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

    // MARK: Letters

    /// The list, at the remote, of the letters of a pilot in a run.
    static func list(_ pilot: String, _ run: String) -> String {
        let safe = pilot.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" as Character }
        return "cluster-\(run)-\(String(safe))"
    }

    /// The letters that the remote has under a list.
    func letters(_ list: String) throws -> [Digest] { try slot.remote.tag(list)?.keys ?? [] }

    /// Brings a letter and the logs that it names, and puts it at the end of a list.
    func send(_ letter: [UInt8], logs: [Digest], after earlier: [Digest], _ list: String) throws
        -> Digest
    {
        let digest = try store.put(letter)
        try session().push(blobs: logs + [digest], options: options)
        try slot.remote.put(RemoteTag(name: list, keys: earlier + [digest]))
        return digest
    }

    /// Fetches what the remote has of these keys, and reads what pilots told since the last look.
    func look(_ question: StagedWork.Question, of run: String) throws -> StagedWork.Found {
        var found = StagedWork.Found()
        let session = session()
        try session.fetch(question.keys) { key, outcome in
            switch outcome {
            case .fetched: found.results.insert(key)
            case .absent: break
            case .refused(let remote, let reason):
                let words = "the result at remote \(remote) is not used: \(reason)"
                found.failures.append((key, ClusterFolder.Failure(reason: words, log: "")))
            }
        }
        if session.failures.contains(where: { $0 != nil }) {
            found.isWhole = false
            return found
        }
        complaint = ""
        for (pilot, read) in question.letters.sorted(by: { $0.key < $1.key }) {
            let all = try? letters(StagingRemote.list(pilot, run))
            found.isWhole = found.isWhole && all != nil
            for digest in (all ?? []).dropFirst(read) {
                // What is not there yet is read at the next look, and what comes after it then too.
                guard let letter = letter(digest) else {
                    found.isWhole = false
                    break
                }
                found.letters.append((pilot, letter))
                for lost in letter.lost { take(lost, pilot, &found) }
            }
        }
        return found
    }

    private func bytes(_ digest: Digest) -> [UInt8]? {
        _ = try? session().fetch(blobs: [
            WantedBlob(digest, size: nil, limit: slot.largestBlob)
        ])
        return (try? store.bytes(of: digest)).flatMap(\.self)
    }

    /// A letter; one that cannot be read tells nothing.
    private func letter(_ digest: Digest) -> PilotLetter? {
        bytes(digest).map { PilotLetter(parsing: $0) ?? PilotLetter() }
    }

    /// Keeps the log of an action that gave no result; a failure counts for its run.
    private func take(_ lost: PilotLetter.Lost, _ pilot: String, _ found: inout StagedWork.Found) {
        // The end of the log stands in the failure too: a log that does not come ends nothing.
        if let log = lost.log.flatMap(bytes), !found.results.contains(lost.key) {
            try? store.keepLog(log, for: lost.key)
        }
        guard let failure = lost.failure else { return }
        found.failures.append(
            (
                lost.key,
                ClusterFolder.Failure(
                    reason: "\(failure.reason) (in pilot \(pilot))", log: failure.log)
            ))
    }
}
