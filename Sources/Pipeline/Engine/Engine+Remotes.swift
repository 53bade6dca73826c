import Cache
import DequeModule

/// What a run knows of its remotes.
struct RemoteUse {
    /// Started when the first result is missing.
    var process: TransferProcess?
    /// Actions that wait for an answer, by the digest that they wait for.
    var waiting: [Digest: [(index: Int, document: KeyDocument)]] = [:]
    /// What is to be asked: answers are read between questions, so that no pipe fills up.
    var questions: Deque<TransferRequest> = []
    /// Questions that no answer has come to.
    var outstanding = 0
    /// Actions that were asked for once already.
    var asked: Set<Int> = []
    /// How many results each remote refused to give us, or gave wrongly.
    var refused: [String: Int] = [:]
    /// Remotes that fail, and how many results were not looked for there.
    var failed: [String: Int] = [:]
    /// Layers whose refusals were told already.
    var toldRefusals = 0
    /// Whether the process ended before its time.
    var isGone = false
}

extension Engine {
    /// Asks the remotes for what the store lacks, unless that was done before.
    ///
    /// - Returns: whether the action waits for an answer.
    func ask(_ index: Int, _ document: KeyDocument) throws -> Bool {
        guard !options.transfer.isEmpty, !remotes.isGone, !store.isReadOnly,
            remotes.asked.insert(index).inserted
        else { return false }
        var request = TransferRequest.result(document.key)
        if let digest = graph.pinnedSource(of: index) { request = .blob(digest) }
        if remotes.process == nil {
            remotes.process = try TransferProcess(
                command: options.transfer + ["--store", store.path], person: options.person)
        }
        if remotes.waiting[request.digest] == nil { remotes.questions.append(request) }
        remotes.waiting[request.digest, default: []].append((index, document))
        sendQuestions()
        return true
    }

    private func sendQuestions() {
        while remotes.outstanding < 512, let question = remotes.questions.popFirst() {
            remotes.process?.send(question)
            remotes.outstanding += 1
        }
    }

    /// Takes what the remotes answered.
    func receiveFromRemotes() throws {
        guard let replies = remotes.process?.receive() else {
            // Whatever ended it, the run goes on without remotes.
            remotes.isGone = true
            remotes.process = nil
            let waiting = remotes.waiting.values.flatMap { $0 }.sorted { $0.index < $1.index }
            remotes.waiting = [:]
            remotes.questions = []
            remotes.outstanding = 0
            if !waiting.isEmpty {
                observe(
                    .warning(
                        "the process that speaks to remotes ended early; \(waiting.count) results "
                            + "are not looked for there. fix: bitlaw pull tells more"))
            }
            for (index, document) in waiting { queue.append((index, document)) }
            return
        }
        for reply in replies {
            switch reply {
            case .fetched(let digest, let remote): try answer(digest, from: remote)
            case .absent(let digest): try answer(digest, from: nil)
            case .refused(let digest, let remote, let reason):
                remotes.refused[remote, default: 0] += 1
                if remotes.refused[remote] == 1 {
                    let name = remotes.waiting[digest]?.first.map {
                        graph.actions[$0.index].name
                    }
                    observe(
                        .warning(
                            "remote \(remote): the result of \(name ?? digest.short) is not used: "
                                + reason))
                }
                try answer(digest, from: nil)
            case .failed(let remote, let error):
                remotes.failed[remote] = 0
                observe(.warning("\(error); the run goes on without it"))
            case .storeFailed(let error): throw error
            }
        }
        sendQuestions()
    }

    private func answer(_ digest: Digest, from remote: String?) throws {
        remotes.outstanding -= 1
        for remote in remotes.failed.keys { remotes.failed[remote, default: 0] += 1 }
        for (index, document) in remotes.waiting.removeValue(forKey: digest) ?? []
        where states[index] == .pending {
            if let remote, try resolution.lookUp(index, key: document.key) != nil {
                fetched.append((index, remote))
                finish(index, .cached)
                observe(.fetched(index, remote: remote))
            } else {
                queue.append((index, document))
            }
        }
    }

    /// At the end: what was not looked for, and what was refused.
    func reportRemotes() {
        for (remote, count) in remotes.failed.sorted(by: { $0.key < $1.key }) where count > 0 {
            observe(.warning("remote \(remote) failed: \(count) results were not looked for there"))
        }
        for (remote, count) in remotes.refused.sorted(by: { $0.key < $1.key }) where count > 1 {
            observe(.warning("remote \(remote): \(count) results in all were not used"))
        }
        remotes.process = nil
    }

    /// Says what layers have and may not be used, the first of each.
    func reportRefusals() {
        let refusals = store.refusals
        guard refusals.count > remotes.toldRefusals else { return }
        for (place, refusal) in refusals.enumerated().dropFirst(remotes.toldRefusals)
        where !refusals[..<place].contains(where: { $0.origin == refusal.origin }) {
            observe(
                .warning(
                    "\(refusal.origin): result \(refusal.key.short) is not used: \(refusal.reason)")
            )
        }
        remotes.toldRefusals = refusals.count
    }
}
