package import Canon
package import Experiment
package import Run

/// What an audit found out.
package struct AuditReport: Sendable {
    /// What is said of an action, or of one output.
    package enum Verdict: String, Sendable, Comparable {
        /// Every output has the bits that were recorded.
        case identical
        /// Numbers differ, all of them by no more than the tolerance that was asked for.
        case within
        /// Bits differ, as its stage says that they may, or as a stage says of what it reads.
        case stated
        /// It could not be compared: nothing is recorded, or what it reads has no good copy.
        case missing
        /// It did not end well.
        case failed
        /// Bits differ.
        case different
        /// A result of it came into the audit's store that the audit did not make.
        case planted

        /// Orders verdicts from the best to the worst.
        package static func < (left: Verdict, right: Verdict) -> Bool {
            let order: [Verdict] = [
                .identical, .within, .stated, .missing, .failed, .different, .planted,
            ]
            return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
        }
    }

    /// One output.
    package struct Output: Sendable {
        /// The name that the kind declares.
        package let name: String
        /// What was recorded; `nil` where the record has no such output.
        package let expected: Digest?
        /// What came out; `nil` where nothing did.
        package let found: Digest?
        /// What is said of it.
        package let verdict: Verdict
        /// How it differs, where both sides' bytes could be read.
        package let comparison: TypedComparison?
        /// What its stage allows its numbers; `nil` where the stage says nothing.
        package var allowed: Tolerance?
    }

    /// One action.
    package struct Action: Sendable {
        /// Its name.
        package let name: String
        /// Its kind and version.
        package let kind: String
        /// The key that was recorded.
        package let key: Digest?
        /// The key that it had now.
        package let foundKey: Digest?
        /// The worst verdict of its outputs.
        package let verdict: Verdict
        /// The outputs that were compared.
        package let outputs: [Output]
        /// Why it failed or could not be compared; empty otherwise.
        package let reason: String
        /// The members of its key that are not as recorded.
        package let fields: [KeyFields.Difference]
        /// Where its difference entered: its own name, or those of the first actions upstream.
        package let entered: [String]
        /// How long it took now, in seconds.
        package let seconds: Double
        /// Whether it was asked for, and not only made because another needs it.
        package var isChosen = true
        /// Whether a second execution gave the bits of the first; `nil` where there was none.
        package var agreesWithItself: Bool?
        /// A run of the store that recorded other bits than the expected ones under this key.
        package var contradiction: Contradiction?
    }

    /// What a run recorded against what is expected: the store was changed since, or two runs disagreed.
    package struct Contradiction: Sendable, Equatable {
        /// The run's name.
        package let run: String
        /// Whether it recorded exactly what the audit found.
        package let isWhatWasFound: Bool
    }

    /// The experiment.
    package let experiment: String
    /// The digest of the experiment file.
    package let fileDigest: Digest
    /// What was audited, for people, such as `a sample of 12 of 240 actions, seed 0`.
    package let selection: String
    /// Whether a sample was audited.
    package let isSample: Bool
    /// Whether every action was given its recorded inputs instead of inputs made again.
    package let isEachAlone: Bool
    /// What the results were compared with.
    package let against: String
    /// The actions, in the order of the experiment.
    package let actions: [Action]
    /// The actions without a result that partial inputs left out: nothing was made of them.
    package let leftOut: [String]
    /// The frozen actions: taken as the lock file says, not made again and not verified.
    package let frozen: [String]
    /// Where this audit ran.
    package let environment: JSON
    /// How programs were started; `nil` where the audit started none.
    package let programs: ProgramConfinement?
    /// Where the results were made, as far as their runs recorded it.
    package let recorded: [JSON]
    /// When it began, and when it ended, in UTC.
    package let startedAt: String
    /// When it ended.
    package let endedAt: String
    /// Whether a signal ended it before every action was made.
    package let isInterrupted: Bool

    /// The actions of a verdict.
    package func actions(_ verdict: Verdict) -> [Action] {
        actions.filter { $0.verdict == verdict }
    }

    /// How many outputs have a verdict.
    package func countOutputs(_ verdict: Verdict) -> Int {
        actions.reduce(0) { $0 + $1.outputs.count { $0.verdict == verdict } }
    }

    /// The members of the recorded environments that differ from this one's.
    package var environmentDifferences: [String] {
        var lines: [String] = []
        for other in recorded {
            let (a, b) = (other.members ?? [:], environment.members ?? [:])
            for name in JSON.sorted(Set(a.keys).union(b.keys)) where a[name] != b[name] {
                let (old, new) = (
                    a[name]?.text ?? a[name]?.canonicalText, b[name]?.text ?? b[name]?.canonicalText
                )
                let line = "\(name): \(old ?? "(not recorded)") → \(new ?? "(not recorded)")"
                if !lines.contains(line) { lines.append(line) }
            }
        }
        return lines
    }

    /// Whether the arithmetic of this machine is that of the recorded ones, by the digest of a fixed
    /// battery of computations; `nil` where no run recorded it.
    package var hasSameArithmetic: Bool? {
        let digests = recorded.compactMap { $0["numerics"]?.text }
        guard let own = environment["numerics"]?.text, !digests.isEmpty else { return nil }
        return digests.allSatisfy { $0 == own }
    }
}

extension AuditReport {
    /// The report for programs.
    package var json: JSON {
        func count(_ verdict: Verdict) -> JSON { .number(Double(actions(verdict).count)) }
        return [
            "format": "bitlaw/audit/1", "experiment": .string(experiment),
            "fileDigest": .string(fileDigest.hex), "selection": .string(selection),
            "mode": isEachAlone ? "each-alone" : "from-sources", "against": .string(against),
            "startedAt": .string(startedAt), "endedAt": .string(endedAt),
            "counts": [
                "identical": count(.identical), "within": count(.within), "stated": count(.stated),
                "different": count(.different), "failed": count(.failed),
                "missing": count(.missing), "planted": count(.planted),
            ],
            "programs": programs.map { .string($0.rawValue) } ?? .null,
            "environment": environment, "recordedEnvironments": .array(recorded),
            "sameArithmetic": hasSameArithmetic.map { .bool($0) } ?? .null,
            "environmentDifferences": .array(environmentDifferences.map { .string($0) }),
            "actions": .array(actions.map { $0.json }),
            "leftOut": .array(leftOut.map { .string($0) }),
            "frozen": .array(frozen.map { .string($0) }),
        ]
    }
}
