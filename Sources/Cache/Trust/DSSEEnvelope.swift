package import Canon
package import System

/// A signed payload: Dead Simple Signing Envelope, version 1.0.2, with Ed25519 signatures.
///
/// Source: https://github.com/secure-systems-lab/dsse (protocol.md, envelope.md).
package struct DSSEEnvelope: Hashable, Sendable {
    /// A signature and whose it says it is.
    package struct Signature: Hashable, Sendable {
        /// The key's name, 64 hexadecimal digits (``VerifyingKey/id``): a hint, never trusted.
        package let keyID: String
        /// The signature's bytes.
        package let bytes: [UInt8]

        /// Names a signature.
        package init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// What the payload is, such as `application/vnd.in-toto+json`.
    package let payloadType: String
    /// The bytes that are signed.
    package let payload: [UInt8]
    /// The signatures.
    package private(set) var signatures: [Signature]

    /// Wraps a payload that nobody signed yet.
    package init(payloadType: String, payload: [UInt8]) {
        self.payloadType = payloadType
        self.payload = payload
        signatures = []
    }

    /// The pre-authentication encoding: what a signature is over.
    ///
    /// Type and payload come with their lengths, so that no bytes can move from one to the other.
    package static func preAuthenticationEncoding(
        payloadType: String, payload: [UInt8]
    ) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }

    /// Adds a signature; one by the same key is replaced.
    package mutating func sign(with key: SigningKey) {
        let message = DSSEEnvelope.preAuthenticationEncoding(
            payloadType: payloadType, payload: payload)
        let id = key.verifyingKey.id.hex
        signatures.removeAll { $0.keyID == id }
        signatures.append(Signature(keyID: id, bytes: key.sign(message)))
    }

    /// The keys among these by which the envelope is signed, each once, ordered by name.
    ///
    /// The key names in the envelope only save time; a signature counts where it verifies.
    package func signers(among keys: [VerifyingKey]) -> [VerifyingKey] {
        let message = DSSEEnvelope.preAuthenticationEncoding(
            payloadType: payloadType, payload: payload)
        return Set(keys).filter { key in
            let id = key.id.hex
            return signatures.contains {
                ($0.keyID == id || $0.keyID.isEmpty) && key.verifies($0.bytes, of: message)
            }
        }.sorted { $0.id < $1.id }
    }
}

extension DSSEEnvelope {
    /// The most signatures that an envelope may carry: each costs a reader a verification.
    package static let mostSignatures = 256

    /// The envelope as JSON.
    package var json: JSON {
        [
            "payloadType": .string(payloadType),
            "payload": .string(Base64.encode(payload)),
            "signatures": .array(
                signatures.map {
                    ["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))]
                }),
        ]
    }

    /// Reads an envelope; unknown members are passed over, as the specification asks.
    ///
    /// - Throws: ``OperationalError`` `malformed`, naming `origin`. Nothing is verified here.
    package init(parsing bytes: [UInt8], origin: String) throws(OperationalError) {
        func refused(_ found: String) -> OperationalError {
            OperationalError(
                code: .malformed,
                message: "\(origin): expected a DSSE envelope (payloadType, payload, signatures), "
                    + "found \(found)",
                remedy: "get the file again from whoever signed it")
        }
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch { throw refused("no JSON: \(error)") }
        guard let type = json["payloadType"]?.text else { throw refused("no payloadType") }
        guard let payload = json["payload"]?.text.flatMap(Base64.decode) else {
            throw refused("no payload in base64")
        }
        guard let list = json["signatures"]?.elements, !list.isEmpty else {
            throw refused("no signatures")
        }
        guard list.count <= DSSEEnvelope.mostSignatures else {
            throw refused("\(list.count) signatures, more than \(DSSEEnvelope.mostSignatures)")
        }
        payloadType = type
        self.payload = payload
        signatures = []
        for (place, entry) in list.enumerated() {
            guard let bytes = entry["sig"]?.text.flatMap(Base64.decode) else {
                throw refused("signature \(place) without sig in base64")
            }
            signatures.append(Signature(keyID: entry["keyid"]?.text ?? "", bytes: bytes))
        }
    }
}
