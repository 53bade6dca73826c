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
    }

    /// The claim.
    package let claim: Claim
    /// The verdict.
    package let verdict: Verdict
    /// What the output gives now, written as the claim is; `nil` where there is nothing.
    package let found: String?
    /// The full number behind it.
    package let number: Double?
    /// Why it has nothing, or what changed upstream: one line a fact.
    package let cause: [String]

    /// What was found, on one line.
    private var shown: String {
        guard let found else { return "nothing" }
        let line = String(found.map { $0.isNewline ? " " : $0 })
        return line.count > 100 ? "\(line.prefix(97))…" : line
    }

    /// The check for people.
    package var lines: [String] {
        let place = "\(claim.action)\(claim.output.map { "/\($0)" } ?? "")"
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
        }
    }

    /// The check for programs.
    package var json: JSON {
        [
            "claim": .string(claim.name), "verdict": .string(verdict.rawValue),
            "claimed": .string(claim.printed), "found": found.map { .string($0) } ?? .null,
            "number": number.map { .number($0) } ?? .null, "action": .string(claim.action),
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

    /// The output that a claim is about; `nil` where there is none (yet).
    package func output(of claim: Claim) -> ResultList.Output? {
        guard let entry = now[claim.action] else { return nil }
        if let output = claim.output { return entry.outputs.first { $0.name == output } }
        let action = graph.actions.first { $0.name == claim.action }
        let first = action.flatMap { graph.stage(of: $0).kind.outputs.first?.name }
        return entry.outputs.first { $0.name == first }
    }

    /// Checks one claim.
    ///
    /// - Throws: ``OperationalError``; a claim that does not hold is a result, not an error.
    package func check(_ claim: Claim) throws -> ClaimCheck {
        func missing(_ reason: String) -> ClaimCheck {
            ClaimCheck(claim: claim, verdict: .missing, found: nil, number: nil, cause: [reason])
        }
        guard graph.actions.contains(where: { $0.name == claim.action }) else {
            let nearest = nearestName(to: claim.action, among: graph.actions.map { $0.name })
            return missing(
                "the experiment has no action \(claim.action)"
                    + (nearest.map { "; did you mean `\($0)`?" } ?? ""))
        }
        guard let output = output(of: claim) else {
            return missing(
                now[claim.action] == nil
                    ? "there is no result: bitlaw run \(graph.file)"
                    : "the action has no output \(claim.output ?? "")")
        }
        if case .figure(let digest) = claim.value {
            let holds = digest == output.digest
            return ClaimCheck(
                claim: claim, verdict: holds ? .holds : .drifted, found: output.digest.hex,
                number: nil, cause: holds ? [] : try cause(of: claim.action))
        }
        guard let bytes = try store.bytes(of: output.digest) else {
            return missing("its output has no good copy: bitlaw run \(graph.file)")
        }
        let value: JSON
        do {
            value = try read(claim.spot, bytes)
        } catch let error as ClaimFailure {
            return missing(error.reason)
        } catch { return missing("\(error)") }
        return try compare(claim, value)
    }

    private func read(_ spot: Claim.Spot, _ bytes: [UInt8]) throws -> JSON {
        switch spot {
        case .whole: return .null
        case .path(let path):
            do {
                return try path.value(in: JSON(parsing: bytes))
            } catch let error as JSONError {
                throw ClaimFailure(reason: "the output is no JSON document: \(error)")
            }
        case .cell(let row, let column):
            return try formats.cell(in: bytes, row: row, column: column)
        case .count(let row, let column):
            return .number(
                Double(try formats.countRows(in: bytes, row: row, column: column)))
        }
    }

    private func compare(_ claim: Claim, _ value: JSON) throws -> ClaimCheck {
        let holds: Bool
        let found: String
        var number: Double?
        switch claim.value {
        case .number(let written):
            guard let double = value.double else {
                return ClaimCheck(
                    claim: claim, verdict: .missing, found: nil, number: nil,
                    cause: ["expected a number there, found \(value.canonicalText.prefix(60))"])
            }
            let scaled = double * claim.scale
            number = scaled
            found = written.writing(scaled)
            holds =
                claim.tolerance.map { (scaled - written.value).magnitude <= $0 }
                ?? written.isRounding(of: scaled)
        case .text(let text):
            found = value.text ?? value.canonicalText
            holds = found == text
        case .figure:
            (found, holds) = ("", false)
        }
        return ClaimCheck(
            claim: claim, verdict: holds ? .holds : .drifted, found: found, number: number,
            cause: holds ? [] : try cause(of: claim.action))
    }

    // MARK: Causes

    /// What changed upstream of an action since the lock file, or else since an earlier run in which
    /// it gave other bits: where the change began.
    private func cause(of action: String) throws -> [String] {
        let upstream = Lineage(of: action, in: graph).names
        if let lock {
            let changes = changes(since: lock.only(upstream.contains), upstream)
            if !changes.isEmpty { return ["since \(lock.origin):"] + changes }
            return ["nothing changed since \(lock.origin): the claim is not what it gave then"]
        }
        for name in try store.runNames() {
            guard let record = try store.run(name),
                record["experiment"]?.text == graph.experiment,
                let before = try? ResultList(run: record, name: name),
                let entry = before[action], entry.outputs != now[action]?.outputs
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
