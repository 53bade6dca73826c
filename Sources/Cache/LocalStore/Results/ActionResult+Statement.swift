import Canon
import System
package import Trust

extension ActionResult {
    /// What the predicate of a signed result means (docs/FORMAT.md).
    package static let predicateType = "urn:bitlaw:result:1"

    /// What a signer of the result says: this key gave these outputs.
    ///
    /// Two people who made the same bits sign the same statement. When, for how long and with what
    /// log are no part of it, for they differ between honest machines.
    package var statement: Statement {
        var sizes: [String: JSON] = [:]
        for output in outputs { sizes[output.name] = .number(Double(output.size)) }
        var predicate: [String: JSON] = [
            "key": .string(key.hex), "kind": .string(kind),
            "version": .number(Double(version)), "sizes": .object(sizes),
        ]
        let trees = outputs.filter { $0.isTree }.map { JSON.string($0.name) }
        if !trees.isEmpty { predicate["trees"] = .array(trees) }
        return Statement(
            subjects: outputs.map { Statement.Subject(name: $0.name, digest: $0.digest) },
            predicateType: ActionResult.predicateType, predicate: .object(predicate))
    }

    /// The result in an envelope that carries signatures of its statement; none of them is checked.
    ///
    /// `nil` where there is no signature, or more of them than an envelope may have.
    package func envelope(_ signatures: [DSSEEnvelope.Signature]) -> DSSEEnvelope? {
        guard !signatures.isEmpty else { return nil }
        let json: JSON = [
            "payloadType": .string(Statement.payloadType),
            "payload": .string(Base64.encode(statement.json.canonical())),
            "signatures": .array(
                signatures.map {
                    ["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))]
                }),
        ]
        return try? DSSEEnvelope(parsing: json.canonical(), origin: "signatures of \(key.short)")
    }
}
