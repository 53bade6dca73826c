package import Canon
package import Experiment
package import LocalStore
import Run
import System

/// What became of a claim: what the outputs say now.
package struct ClaimCheck: Sendable {
    /// The verdict.
    package enum Verdict: String, Sendable {
        /// The output still gives what is claimed.
        case holds
        /// It gives something else.
        case drifted
        /// There is no output, or nothing at the place.
        case missing
        /// It was measured and is not judged, as the claim asks for.
        case told
    }

    /// The claim.
    package let claim: Claim
    /// The verdict.
    package let verdict: Verdict
    /// What the output gives now, written as the claim is; `nil` where there is nothing.
    package let found: String?
    /// The full number behind it.
    package let number: Double?
    /// The actions that it was read from.
    package let actions: [String]
    /// Why it has nothing, or what changed upstream: one line a fact.
    package let cause: [String]

    /// What was found, on one line.
    private var shown: String {
        guard let found else { return "nothing" }
        let line = String(found.map { $0.isNewline ? " " : $0 })
        return line.count > 100 ? "\(line.prefix(97))…" : line
    }

    /// Where it was read from.
    var place: String {
        guard let action = claim.action else {
            return actions.prefix(3).joined(separator: ", ")
                + (actions.count > 3 ? ", and \(actions.count - 3) more" : "")
        }
        return "\(action)\(claim.output.map { "/\($0)" } ?? "")"
    }

    /// The check for people.
    package var lines: [String] {
        let place = self.place
        switch verdict {
        case .holds: return ["holds    \(claim.name) = \(claim.printed)   \(place)"]
        case .drifted:
            let full = number.map { " (\($0))" } ?? ""
            return [
                "drifted  \(claim.name): the paper says \(claim.printed), the output says "
                    + "\(shown)\(full)   \(place)"
            ] + cause.map { "  \($0)" }
        case .missing:
            return ["missing  \(claim.name) = \(claim.printed)   \(place)"]
                + cause.map { "  \($0)" }
        case .told:
            return ["told     \(claim.name): \(shown)   \(place)"] + cause.map { "  \($0)" }
        }
    }

    /// The check for programs.
    package var json: JSON {
        [
            "claim": .string(claim.name), "verdict": .string(verdict.rawValue),
            "claimed": .string(claim.printed), "found": found.map { .string($0) } ?? .null,
            "number": number.map { .number($0) } ?? .null,
            "action": claim.action.map { .string($0) } ?? .null,
            "actions": .array(actions.map { .string($0) }),
            "output": claim.output.map { .string($0) } ?? .null,
            "cause": .array(cause.map { .string($0) }),
        ]
    }
}

/// Checks claims against what a store holds for their experiment.
package struct ClaimChecker {
    private let graph: ActionGraph
    private let store: Store
    private let formats: any OutputFormats
    private let now: ResultList
    private let lock: ResultList?

    /// Prepares a check; `lock` is where drift is explained from, if there is a lock file.
    package init(
        graph: ActionGraph, store: Store, formats: any OutputFormats, now: ResultList,
        lock: ResultList?
    ) {
        self.graph = graph
        self.store = store
        self.formats = formats
        self.now = now
        self.lock = lock
    }

    /// Checks one claim.
    ///
    /// - Throws: ``OperationalError``; a claim that does not hold is a result, not an error.
    package func check(_ claim: Claim) throws -> ClaimCheck {
        func missing(_ reason: String) -> ClaimCheck {
            ClaimCheck(
                claim: claim, verdict: .missing, found: nil, number: nil,
                actions: claim.action.map { [$0] } ?? [], cause: [reason])
        }
        if let action = claim.action, let reason = lacking(action, claim.output) {
            return missing(reason)
        }
        let inputs = now.outputs(of: graph, in: store) { action in
            claim.action.map { $0.isSameText(as: action.name) } ?? true
        }
        do {
            let outcome = try formats.judge(claim, by: inputs)
            let named = claim.action.map { [$0] } ?? outcome.sources.map { inputs[$0].producer }
            return try check(claim, outcome, named)
        } catch let error as OperationalError {
            throw error
        } catch let error as ClaimFailure {
            return missing(error.reason)
        } catch { return missing("\(error)") }
    }

    private func check(_ claim: Claim, _ outcome: ClaimOutcome, _ actions: [String]) throws
        -> ClaimCheck
    {
        var actions = actions
        var seen: Set<String> = []
        actions.removeAll { !seen.insert($0).inserted }
        let verdict: ClaimCheck.Verdict
        var cause: [String] = []
        switch outcome.verdict {
        case .failed where claim.isKnownToFail: verdict = .holds
        case .held where !claim.isKnownToFail: verdict = .holds
        case .held:
            verdict = .drifted
            cause = ["the claim was known not to hold (fails: true), and now it holds"]
        case .failed:
            verdict = .drifted
            cause = try self.cause(of: actions)
        case .told where outcome.reason == nil || claim.judged != nil:
            verdict = .told
            cause = outcome.reason.map { [$0] } ?? []
        case .told:
            verdict = .missing
            cause = outcome.reason.map { [$0] } ?? []
        }
        return ClaimCheck(
            claim: claim, verdict: verdict, found: outcome.found, number: outcome.value?.double,
            actions: actions, cause: cause)
    }

    /// Why an action has nothing that a claim could be about; `nil` where it has.
    private func lacking(_ action: String, _ output: String?) -> String? {
        guard graph.actions.contains(where: { $0.name == action }) else {
            let nearest = nearestName(to: action, among: graph.actions.map { $0.name })
            return "the experiment has no action \(action)"
                + (nearest.map { "; did you mean `\($0)`?" } ?? "")
        }
        guard let entry = now[action] else {
            return "there is no result: bitlaw run \(graph.file)"
        }
        if let output, entry.digest(output) == nil { return "the action has no output \(output)" }
        return nil
    }

    // MARK: Causes

    /// What changed upstream of actions since the lock file, or else since an earlier run in which
    /// one of them gave other bits: where the change began.
    private func cause(of actions: [String]) throws -> [String] {
        let upstream = actions.reduce(into: Set<String>()) {
            $0.formUnion(Lineage(of: $1, in: graph).names)
        }
        if let lock {
            let changes = changes(since: lock.only(upstream.contains), upstream)
            if !changes.isEmpty { return ["since \(lock.origin):"] + changes }
            return ["nothing changed since \(lock.origin): the claim is not what it gave then"]
        }
        for name in try store.runNames() {
            guard let record = try store.run(name),
                record.head["experiment"]?.text == graph.experiment,
                let before = try? ResultList(run: record, name: name),
                actions.contains(where: { action in
                    before[action].map { $0.outputs != now[action]?.outputs } ?? false
                })
            else { continue }
            return ["since run \(name):"] + changes(since: before.only(upstream.contains), upstream)
        }
        return ["no lock file and no earlier run with another result: bitlaw lock keeps one"]
    }

    private func changes(since before: ResultList, _ upstream: Set<String>) -> [String] {
        ResultDifference.list(
            before, now.only(upstream.contains), document: store.keyDocument
        ).filter { $0.entersHere }.flatMap { $0.lines }.map { "  \($0)" }
    }
}
