package import Canon
package import System

/// An in-toto Statement, version 1: what is claimed about which bytes.
///
/// Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
package struct Statement: Hashable, Sendable {
    /// The payload type of a statement in a DSSE envelope.
    package static let payloadType = "application/vnd.in-toto+json"
    private static let type = "https://in-toto.io/Statement/v1"

    /// Bytes that the statement is about.
    package struct Subject: Hashable, Sendable {
        /// What they are called; tells subjects apart, and is no path.
        package let name: String
        /// Their digest.
        package let digest: Digest

        /// Names a subject.
        package init(name: String, digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    /// The bytes that the statement is about.
    package let subjects: [Subject]
    /// The URI that says what the predicate means.
    package let predicateType: String
    /// What is claimed.
    package let predicate: JSON

    /// Makes a statement.
    package init(subjects: [Subject], predicateType: String, predicate: JSON) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// The statement as JSON.
    package var json: JSON {
        [
            "_type": .string(Statement.type),
            "subject": .array(
                subjects.map {
                    ["name": .string($0.name), "digest": ["sha256": .string($0.digest.hex)]]
                }),
            "predicateType": .string(predicateType), "predicate": predicate,
        ]
    }

    /// The statement in an envelope that one key signed; equal statements give equal bytes.
    package func signed(with key: SigningKey) -> DSSEEnvelope {
        var envelope = DSSEEnvelope(
            payloadType: Statement.payloadType, payload: json.canonical())
        envelope.sign(with: key)
        return envelope
    }

    /// Reads the statement of an envelope; who signed it is for the caller to check.
    ///
    /// - Throws: ``OperationalError`` `malformed`, naming `origin`.
    package init(in envelope: DSSEEnvelope, origin: String) throws(OperationalError) {
        func refused(_ found: String) -> OperationalError {
            OperationalError(
                code: .malformed,
                message: "\(origin): expected an in-toto Statement v1, found \(found)",
                remedy: "get the file again from whoever signed it")
        }
        guard envelope.payloadType == Statement.payloadType else {
            throw refused("a payload of type \(envelope.payloadType)")
        }
        let json: JSON
        do {
            json = try JSON(parsing: envelope.payload)
        } catch { throw refused("no JSON: \(error)") }
        guard json["_type"]?.text == Statement.type else {
            throw refused("_type \(json["_type"]?.canonicalText ?? "missing")")
        }
        guard let predicateType = json["predicateType"]?.text, let predicate = json["predicate"]
        else { throw refused("no predicate") }
        guard let list = json["subject"]?.elements, !list.isEmpty else {
            throw refused("no subject")
        }
        var subjects: [Subject] = []
        for (place, entry) in list.enumerated() {
            guard let name = entry["name"]?.text,
                let digest = entry["digest"]?["sha256"]?.text.flatMap({ try? Digest(hex: $0) })
            else { throw refused("subject \(place) without a name or a sha256 digest") }
            subjects.append(Subject(name: name, digest: digest))
        }
        self.init(subjects: subjects, predicateType: predicateType, predicate: predicate)
    }
}
