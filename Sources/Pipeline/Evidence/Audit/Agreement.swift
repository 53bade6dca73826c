package import Canon
package import Experiment
import System
package import Trust

/// What several signers say of each action: who found which bits under one key.
package struct Agreement: Sendable {
    /// The signers who found the same outputs.
    package struct Group: Sendable, Equatable {
        /// The outputs.
        package let outputs: [ResultList.Output]
        /// The names of the keys that signed them, each once, in order.
        package let signers: [Digest]
    }

    /// A signature that does not verify by the key that it names.
    package struct Forgery: Sendable, Equatable {
        /// The file.
        package let path: String
        /// The key that it names.
        package let signer: Digest

        /// The forgery for people.
        package var text: String {
            "refused: \(path): the signature by \(signer.short) does not verify; the file was changed, or "
                + "somebody else signed it"
        }
    }

    /// One action key.
    package struct Action: Sendable, Equatable {
        /// The action's name.
        package let name: String
        /// The action key.
        package let key: Digest
        /// Who found what, the largest group first.
        package let groups: [Group]

        /// How many distinct signers attested it.
        package var signers: Int { Set(groups.flatMap { $0.signers }).count }

        /// Whether all of them found the same bits.
        package var isUnanimous: Bool { groups.count == 1 }
    }

    /// The actions, in the order in which the attestations name them.
    package let actions: [Action]
    /// The names of every key that signed something that was counted.
    package let signers: [Digest]
    /// Files that no given key signed: not counted.
    package let unsigned: [String]
    /// Signatures that say they are by a given key, and are not.
    package let forged: [Forgery]

    /// Counts attestations: an envelope is counted for each of `keys` whose signature verifies.
    ///
    /// - Throws: ``OperationalError`` `malformed` for a file that is no attestation.
    package init(
        _ files: [(path: String, bytes: [UInt8])], keys: [VerifyingKey]
    ) throws {
        var order: [Digest] = []
        var names: [Digest: String] = [:]
        var votes: [Digest: [(outputs: [ResultList.Output], signers: Set<Digest>)]] = [:]
        var signers: Set<Digest> = []
        var unsigned: [String] = []
        var forged: [Forgery] = []
        for (path, bytes) in files {
            let envelope = try DSSEEnvelope(parsing: bytes, origin: path)
            let attestation = try Attestation(
                try Statement(in: envelope, origin: path), origin: path)
            let valid = Set(envelope.signers(among: keys).map { $0.id })
            let named = Set(envelope.signatures.map { $0.keyID })
            let untrue = keys.map { $0.id }.filter { named.contains($0.hex) && !valid.contains($0) }
            forged += Set(untrue).sorted().map { Forgery(path: path, signer: $0) }
            if valid.isEmpty {
                if untrue.isEmpty { unsigned.append(path) }
                continue
            }
            signers.formUnion(valid)
            for result in attestation.results {
                if names[result.key] == nil {
                    names[result.key] = result.action
                    order.append(result.key)
                }
                var groups = votes[result.key] ?? []
                if let place = groups.firstIndex(where: { $0.outputs == result.outputs }) {
                    groups[place].signers.formUnion(valid)
                } else {
                    groups.append((result.outputs, valid))
                }
                votes[result.key] = groups
            }
        }
        actions = order.map { key in
            let groups = (votes[key] ?? []).map {
                Group(outputs: $0.outputs, signers: $0.signers.sorted())
            }
            // Equal counts are ordered by digest, so that the report does not depend on the files'.
            let ordered = groups.sorted { left, right in
                if left.signers.count != right.signers.count {
                    return left.signers.count > right.signers.count
                }
                return left.outputs.map { $0.digest.hex }.joined()
                    < right.outputs.map { $0.digest.hex }.joined()
            }
            return Action(name: names[key] ?? "", key: key, groups: ordered)
        }
        self.signers = signers.sorted()
        self.unsigned = unsigned
        self.forged = forged
    }
}

extension Agreement.Action {
    /// The agreement for people, one line a fact; `total` is how many signers there are in all.
    package func lines(total: Int) -> [String] {
        let largest = groups.first?.signers.count ?? 0
        let all = counted(signers, "signer")
        var lines = ["\(name): \(largest) of \(all) \(largest == 1 ? "agrees" : "agree")"]
        if signers < total { lines[0] += " (\(total - signers) did not make it)" }
        guard !isUnanimous else { return lines }
        for group in groups {
            let who = group.signers.map { $0.short }.joined(separator: ", ")
            let what = group.outputs.map { "\($0.name) \($0.digest.short)" }
            lines.append("  \(what.joined(separator: ", ")): \(who)")
        }
        return lines
    }

    /// The agreement for programs.
    package var json: JSON {
        [
            "action": .string(name), "key": .string(key.hex),
            "signers": .number(Double(signers)),
            "agreeing": .number(Double(groups.first?.signers.count ?? 0)),
            "groups": .array(
                groups.map { group in
                    [
                        "signers": .array(group.signers.map { .string($0.hex) }),
                        "outputs": .object(
                            Dictionary(
                                group.outputs.map { ($0.name, .string($0.digest.hex)) }
                            ) { first, _ in first }),
                    ]
                }),
        ]
    }
}
