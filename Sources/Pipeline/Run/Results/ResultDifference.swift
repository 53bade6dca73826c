package import Canon
package import Experiment
import System

/// An action whose key or outputs are not the same in two lists.
package struct ResultDifference: Sendable, Equatable {
    /// An output that differs.
    package struct Output: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The digest in the first list; `nil` where it has no such output.
        package let first: Digest?
        /// The digest in the second list.
        package let second: Digest?
    }

    /// How an action differs.
    package enum Change: Sendable, Equatable {
        /// Only the first list has it.
        case onlyFirst
        /// Only the second list has it.
        case onlySecond
        /// Both keys are known and differ; the members, where both key documents could be read.
        case key([KeyFields.Difference]?)
        /// One key, other bits: the kind is not deterministic, or one side computes wrongly.
        case bits
        /// One key and the same bits, but another kind or profile beside them: a record that was edited,
        /// for a key follows from both.
        case labels(String)
    }

    /// The action.
    package let action: String
    /// How it differs.
    package let change: Change
    /// The outputs that differ; none where only the key does.
    package let outputs: [Output]

    /// Whether the difference began here: a difference that only came in through the inputs did not.
    package var entersHere: Bool {
        guard case .key(let fields?) = change else { return true }
        return fields.contains { !$0.isInput }
    }

    /// Every action that differs, in the order of the first list and then of the second.
    ///
    /// Lists of whole stores are matched by key first, because there the same name may stand for
    /// many runs; all others by name. `document` reads a key document of either side.
    package static func list(
        _ first: ResultList, _ second: ResultList, document: (Digest) -> JSON? = { _ in nil }
    ) -> [ResultDifference] {
        let isByKey = first.experiment == nil && second.experiment == nil
        let keys = isByKey ? Set(second.entries.compactMap { $0.key }) : []
        let firstKeys = isByKey ? Set(first.entries.compactMap { $0.key }) : []
        let byKey =
            isByKey
            ? Dictionary(second.entries.compactMap { entry in entry.key.map { ($0, entry) } }) {
                one, _ in one
            } : [:]
        var found: [ResultDifference] = []
        var matched: Set<String> = []
        for entry in first.entries {
            var other = second[entry.name]
            if isByKey, let key = entry.key {
                if keys.contains(key) {
                    other = byKey[key]
                } else if let key = other?.key, firstKeys.contains(key) {
                    other = nil  // that one has its own counterpart
                }
            }
            guard let other else {
                found.append(
                    ResultDifference(action: entry.name, change: .onlyFirst, outputs: []))
                continue
            }
            matched.insert(other.name)
            if let difference = compare(entry, other, document) { found.append(difference) }
        }
        for entry in second.entries where !matched.contains(entry.name) {
            found.append(ResultDifference(action: entry.name, change: .onlySecond, outputs: []))
        }
        return found
    }

    private static func compare(
        _ first: ResultList.Entry, _ second: ResultList.Entry, _ document: (Digest) -> JSON?
    ) -> ResultDifference? {
        let names = Set(first.outputs.map { $0.name }).union(second.outputs.map { $0.name })
        let outputs = names.sorted().compactMap { name -> Output? in
            let (a, b) = (first.digest(name), second.digest(name))
            return a == b ? nil : Output(name: name, first: a, second: b)
        }
        if let old = first.key, let new = second.key, old != new {
            var fields: [KeyFields.Difference]?
            if let a = document(old), let b = document(new) {
                fields = KeyFields.differences(a, b)
            } else {
                // Without the documents there is what the lists themselves say of the keys.
                let known = [
                    KeyFields.Difference(field: "kind", first.kind, second.kind),
                    KeyFields.Difference(field: "profile", first.profile, second.profile),
                ].compactMap { $0 }
                fields = known.isEmpty ? nil : known
            }
            return ResultDifference(action: first.name, change: .key(fields), outputs: outputs)
        }
        if outputs.isEmpty {
            guard first.key != nil, first.key == second.key, let kind = first.kind,
                let other = second.kind,
                kind != other
                    // Lists of stores do not know profiles.
                    || first.profile != nil && second.profile != nil
                        && first.profile != second.profile
            else { return nil }
            let labels = [(kind, first.profile), (other, second.profile)].map {
                "\($0), profile \($1 ?? "-")"
            }
            return ResultDifference(
                action: first.name, change: .labels(labels.joined(separator: " → ")), outputs: [])
        }
        return ResultDifference(action: first.name, change: .bits, outputs: outputs)
    }
}

extension ResultDifference {
    /// The difference for people, one line a fact.
    package var lines: [String] {
        var lines: [String] = []
        switch change {
        case .onlyFirst: return ["only in the first: \(action)"]
        case .onlySecond: return ["only in the second: \(action)"]
        case .bits: lines.append("\(action): other bits under one key")
        case .labels(let text):
            return ["\(action): one key and the same bits, under another kind or profile: \(text)"]
        case .key(nil):
            lines.append("\(action): another key (its documents are not in the store)")
        case .key(let fields?):
            lines.append("\(action): another key")
            for field in fields.prefix(20) { lines.append("  \(field.text)") }
            if fields.count > 20 { lines.append("  and \(fields.count - 20) more") }
        }
        if case .key = change, outputs.isEmpty { lines.append("  the outputs are the same") }
        for output in outputs {
            lines.append(
                "  output \(output.name): \(output.first?.short ?? "(none)") → "
                    + (output.second?.short ?? "(none)"))
        }
        return lines
    }

    /// The difference for programs.
    package var json: JSON {
        var members: [String: JSON] = ["action": .string(action), "entersHere": .bool(entersHere)]
        switch change {
        case .onlyFirst: members["change"] = "only-first"
        case .onlySecond: members["change"] = "only-second"
        case .bits: members["change"] = "bits"
        case .labels(let text):
            members["change"] = "labels"
            members["labels"] = .string(text)
        case .key(let fields):
            members["change"] = "key"
            members["fields"] =
                fields.map { fields in
                    .array(
                        fields.map {
                            [
                                "field": .string($0.field), "first": .string($0.first),
                                "second": .string($0.second),
                            ]
                        })
                } ?? .null
        }
        members["outputs"] = .array(
            outputs.map {
                [
                    "output": .string($0.name),
                    "first": $0.first.map { .string($0.hex) } ?? .null,
                    "second": $0.second.map { .string($0.hex) } ?? .null,
                ]
            })
        return .object(members)
    }
}
