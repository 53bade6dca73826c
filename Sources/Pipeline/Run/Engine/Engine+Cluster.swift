import Canon
import Experiment
import Glibc
import LocalStore

/// An engine as a part of a run on a cluster.
extension Engine {
    /// What an action needs, its attempts so far counted.
    func need(of index: Int) -> NeedClass {
        NeedClass(limits(of: index), usual: options.cluster?.usualSeconds ?? 0)
    }

    /// Whether this engine leaves an action to others of its run.
    func leaves(_ index: Int) -> Bool {
        guard let duty = options.cluster?.duty else { return false }
        return !duty.takes(need(of: index)) || !duty.hasTime(for: limits(of: index).seconds)
    }

    /// How often an action was tried for which each attempt may have more memory.
    func attempts(of index: Int) -> Int {
        let elsewhere = resolution.keys[index].flatMap { notedAttempts[$0] } ?? 0
        return max(repeats.retries(of: index), elsewhere)
    }

    /// Takes what the other engines of the run noted, once a second.
    func takeNotes() {
        guard let folder = options.cluster?.folder else { return }
        let now = ContinuousClock.now
        if let next = nextNotes, now < next { return }
        nextNotes = now + .seconds(1)
        let notes = folder.notes()
        for (key, number) in notes.attempts where notedAttempts[key] != number {
            notedAttempts[key] = number
        }
        if notes.failed.isEmpty { return }
        for action in backlog.heldActions
        where schedule.isPending(action.index) && notes.failed.contains(action.document.key) {
            takeFailure(of: action)
        }
    }

    /// Takes over the failure of an action that another engine of the run met; whether there is one.
    @discardableResult
    func takeFailure(of action: KeyedAction) -> Bool {
        guard let failure = options.cluster?.folder?.failure(of: action.document.key) else {
            return false
        }
        settle(action.index, failure.reason, failure.log)
        return true
    }

    /// Hands an action that had too little memory to pilots with more; whether there may be such.
    func handOn(_ index: Int, _ rule: Retry, after end: AttemptEnd?) -> Bool? {
        guard let part = options.cluster, part.duty != nil, let folder = part.folder,
            rule.memoryFactor > 1,
            let key = resolution.keys[index], limits(of: index).memory != nil,
            end == .memory || end == .outOfMemory
        else { return nil }
        let next = attempts(of: index) + 1
        guard let end, rule.covers(end), next <= rule.times else { return false }
        folder.noteAttempt(next, of: key)
        notedAttempts[key] = next
        return true
    }

    /// Whether a pilot has nothing to do any more, and why.
    func reasonToLeave() -> String? {
        guard let duty = options.cluster?.duty, !isStopping else { return nil }
        let now = ContinuousClock.now
        if lastBusy == nil || !finished.isEmpty || workers.contains(where: { $0.work != nil }) {
            lastBusy = now
            return nil
        }
        guard now >= nextRollCall, let lastBusy else { return nil }
        nextRollCall = now + .seconds(1)
        let mayCome = graph.actions.indices.contains {
            schedule.wanted[$0] && schedule.isPending($0) && duty.takes(need(of: $0))
        }
        if !mayCome { return "done" }
        return now - lastBusy >= .seconds(duty.idle) ? "idle" : nil
    }

    /// Hears what was executed elsewhere.
    func exchange() throws {
        guard let delegate else { return }
        let news = try delegate.exchange {
            backlog.heldActions.filter { schedule.isPending($0.index) }.map {
                DelegatedAction(index: $0.index, need: need(of: $0.index), key: $0.document.key)
            }
        }
        for item in news {
            switch item {
            case .event(let event): observe(event)
            case .executed(let index):
                executedElsewhere.insert(index)
                backlog.hurry(index)
            }
        }
    }

    /// Whether a scheduler ends this pilot: it may signal all processes of a job, in whatever order.
    func isBeingEnded() -> Bool {
        guard options.cluster?.duty != nil else { return false }
        for _ in 0..<50 {
            if Interruption.requests > 0 { return true }
            usleep(10_000)
        }
        return false
    }
}
