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
                .identical, .within, .missing, .failed, .different, .planted,
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

    /// The outputs that differ or are only within tolerance.
    package var differingOutputs: Int {
        actions.reduce(0) {
            $0 + $1.outputs.count { $0.verdict == .different || $0.verdict == .within }
        }
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
                "identical": count(.identical), "within": count(.within),
                "different": count(.different), "failed": count(.failed),
                "missing": count(.missing), "planted": count(.planted),
            ],
            "environment": environment, "recordedEnvironments": .array(recorded),
            "sameArithmetic": hasSameArithmetic.map { .bool($0) } ?? .null,
            "environmentDifferences": .array(environmentDifferences.map { .string($0) }),
            "actions": .array(actions.map { $0.json }),
            "leftOut": .array(leftOut.map { .string($0) }),
            "frozen": .array(frozen.map { .string($0) }),
        ]
    }

    /// The report as a JUnit test suite: an action is a test case.
    package var junit: String {
        func escaped(_ text: String) -> String {
            var out = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "&": out += "&amp;"
                case "<": out += "&lt;"
                case ">": out += "&gt;"
                case "\"": out += "&quot;"
                case "\n", "\t": out += "&#\(scalar.value);"
                // What XML 1.0 has no characters for is left out.
                case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
                default: out.unicodeScalars.append(scalar)
                }
            }
            return out
        }
        let (failures, errors, skipped) = (
            actions(.different).count + actions(.planted).count, actions(.failed).count,
            actions(.missing).count
        )
        let seconds = actions.reduce(0) { $0 + $1.seconds }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuite name=\"audit of \(escaped(experiment))\" tests=\"\(actions.count)\" "
        text += "failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
        text += "time=\"\(seconds)\">\n"
        for action in actions {
            text += "  <testcase classname=\"\(escaped(action.kind))\" "
            text += "name=\"\(escaped(action.name))\" time=\"\(action.seconds)\""
            let message = escaped(action.lines.joined(separator: "\n"))
            switch action.verdict {
            case .identical: text += "/>\n"
            case .within: text += "><system-out>\(message)</system-out></testcase>\n"
            case .different:
                text += "><failure type=\"different\" message=\"bits differ\">\(message)"
                text += "</failure></testcase>\n"
            case .planted:
                text += "><failure type=\"planted\" message=\"a result was planted\">\(message)"
                text += "</failure></testcase>\n"
            case .failed:
                text += "><error type=\"failed\" message=\"could not be made again\">\(message)"
                text += "</error></testcase>\n"
            case .missing: text += "><skipped message=\"\(message)\"/></testcase>\n"
            }
        }
        return text + "</testsuite>\n"
    }
}

extension AuditReport.Action {
    /// What differs, for people, one line a fact.
    package var lines: [String] {
        var lines: [String] = []
        switch verdict {
        case .identical: return []
        case .failed, .missing:
            let parts = reason.split(separator: "\n", omittingEmptySubsequences: false)
            return ["\(name) (\(kind)): \(parts.first ?? "")"] + parts.dropFirst().map(String.init)
        case .planted: return ["planted: \(name) (\(kind)): \(reason)"]
        case .within, .different: break
        }
        for output in outputs where output.verdict != .identical {
            lines.append(
                "\(output.verdict == .within ? "within tolerance" : "differs"): "
                    + "\(name)/\(output.name) (\(kind))")
            lines.append(
                "  expected: \(output.expected?.hex ?? "nothing: it is not in the record")")
            lines.append("  found:    \(output.found?.hex ?? "nothing")")
            if let comparison = output.comparison { lines.append("  \(comparison.text)") }
        }
        for field in fields where !field.isInput { lines.append("  key: \(field.text)") }
        if entered == [name] {
            lines.append("  the difference enters here: every input is as recorded")
            if let agreesWithItself {
                lines.append(
                    agreesWithItself
                        ? "  made twice here, the same bits twice: program or environment differ"
                        : "  made twice here, other bits each time: it is not deterministic")
            }
            if let contradiction {
                lines.append(
                    "  run \(contradiction.run) recorded "
                        + (contradiction.isWhatWasFound
                            ? "the bits that were found, not those that are expected"
                            : "yet other bits"))
            }
        } else if let first = entered.first {
            let more = entered.count > 1 ? " and \(counted(entered.count - 1, "other"))" : ""
            lines.append("  the difference comes from \(first)\(more)")
        }
        return lines
    }

    /// The action for programs.
    var json: JSON {
        [
            "action": .string(name), "kind": .string(kind), "verdict": .string(verdict.rawValue),
            "chosen": .bool(isChosen), "key": key.map { .string($0.hex) } ?? .null,
            "foundKey": foundKey.map { .string($0.hex) } ?? .null, "reason": .string(reason),
            "entered": .array(entered.map { .string($0) }), "seconds": .number(seconds),
            "agreesWithItself": agreesWithItself.map { .bool($0) } ?? .null,
            "contradictedByRun": contradiction.map { .string($0.run) } ?? .null,
            "fields": .array(fields.map { .string($0.text) }),
            "outputs": .array(
                outputs.map {
                    [
                        "output": .string($0.name), "verdict": .string($0.verdict.rawValue),
                        "expected": $0.expected.map { .string($0.hex) } ?? .null,
                        "found": $0.found.map { .string($0.hex) } ?? .null,
                        "comparison": $0.comparison?.json ?? .null,
                    ]
                }),
        ]
    }
}
