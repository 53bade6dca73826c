import Canon
import Experiment
import Run

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
        case .within, .stated, .different: break
        }
        for output in outputs where output.verdict != .identical {
            let said = output.said(isOrigin: entered == [name])
            lines.append("\(said): \(name)/\(output.name) (\(kind))")
            lines.append(
                "  expected: \(output.expected?.hex ?? "nothing: it is not in the record")")
            lines.append("  found:    \(output.found?.hex ?? "nothing")")
            if let comparison = output.comparison { lines.append("  \(comparison.text)") }
            lines += output.allowedLines
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
                        "allowed": $0.allowed?.json ?? .null,
                    ]
                }),
        ]
    }
}

extension AuditReport.Output {
    /// The verdict in words.
    fileprivate func said(isOrigin: Bool) -> String {
        switch verdict {
        case .within: "within tolerance"
        case .stated: isOrigin ? "differs, as its stage says" : "differs, as what it reads does"
        default: "differs"
        }
    }

    /// What its stage allows, and whether that could be tried.
    fileprivate var allowedLines: [String] {
        guard let allowed else { return [] }
        let tried =
            comparison == nil ? "; not tried, for the bytes of one of the two cannot be read" : ""
        return ["  its stage allows \(allowed.text)\(tried)"]
    }
}
