import Canon
import Experiment
import LocalStore
import System

/// Remotes: asked for what the store lacks, while workers go on.
extension Engine {
    /// Asks the remotes for what the store lacks, unless that was done before.
    ///
    /// - Returns: whether the action waits for an answer.
    func ask(_ action: KeyedAction) throws -> Bool {
        guard !options.transfer.isEmpty, !store.isReadOnly else { return false }
        return try remotes.ask(action, request(for: action)) {
            try TransferProcess(
                command: options.transfer + ["--store", store.path], person: options.person)
        }
    }

    /// Takes what the remotes answered.
    func receiveFromRemotes() throws {
        guard let replies = remotes.receive() else {
            // Whatever ended it, the run goes on without remotes.
            let waiting = remotes.giveUp()
            if !waiting.isEmpty {
                observe(
                    .warning(
                        "the process that speaks to remotes ended early; "
                            + counted(waiting.count, "result is", "results are")
                            + " not looked for there. fix: bitlaw pull tells more"))
            }
            for action in waiting { enqueue(action) }
            return
        }
        for reply in replies {
            switch reply {
            case .fetched(let digest, let remote): try answer(digest, from: remote)
            case .absent(let digest): try answer(digest, from: nil)
            case .refused(let digest, let remote, let reason):
                if remotes.noteRefusal(by: remote) {
                    let name = remotes.firstWaiting(for: digest).map { graph.actions[$0].name }
                    observe(
                        .warning(
                            "remote \(remote): the result of \(name ?? digest.short) is not used: "
                                + reason))
                }
                try answer(digest, from: nil)
            case .failed(let remote, let error):
                remotes.noteFailure(of: remote)
                observe(.warning("\(error); the run goes on without it"))
            case .storeFailed(let error): throw error
            }
        }
        remotes.sendQuestions()
    }

    private func answer(_ digest: Digest, from remote: String?) throws {
        for action in remotes.answered(digest) where schedule.isPending(action.index) {
            if let remote, try takeResult(of: action, from: remote) { continue }
            enqueue(action)
        }
    }

    /// What a remote is asked for: a result by its key, or one blob where its digest is known.
    private func request(for action: KeyedAction) -> TransferRequest {
        if let digest = graph.pinnedSource(of: action.index) { return .blob(digest) }
        if let entry = graph.actions[action.index].frozen {
            let lost = (try? resolution.lost(entry, of: action.index)) ?? []
            // A folder has many blobs: they come with its result.
            if lost.count == 1 && !lost[0].isTree { return .blob(lost[0].digest) }
        }
        return .result(action.document.key)
    }
}
