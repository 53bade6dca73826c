import Canon
import System
import Testing
import Trust

@Suite struct EnvelopeTests {
    /// The test vector of the DSSE specification (protocol.md).
    @Test func `the encoding that is signed matches the vector of the specification`() {
        let encoded = DSSEEnvelope.preAuthenticationEncoding(
            payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
        #expect(
            String(decoding: encoded, as: UTF8.self)
                == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        #expect(Base64.encode(Array("hello world".utf8)) == "aGVsbG8gd29ybGQ=")
    }

    @Test func `a signed statement is read back, and only its signers are found`() throws {
        let (alice, bob) = (SigningKey(), SigningKey())
        let digest = Digest(of: Array("abc".utf8).span)
        let statement = Statement(
            subjects: [.init(name: "law/law", digest: digest)],
            predicateType: "https://example.com/p", predicate: ["a": 1])
        var envelope = statement.signed(with: alice)
        let read = try DSSEEnvelope(parsing: envelope.json.canonical(), origin: "e")
        #expect(read == envelope)
        #expect(try Statement(in: read, origin: "e") == statement)
        let keys = [alice.verifyingKey, bob.verifyingKey]
        #expect(read.signers(among: keys) == [alice.verifyingKey])
        envelope.sign(with: bob)
        envelope.sign(with: bob)
        #expect(envelope.signatures.count == 2)
        #expect(Set(envelope.signers(among: keys + keys)) == Set(keys))
    }

    @Test func `a signature under another key's name or over another payload counts for nobody`()
        throws
    {
        let (alice, bob) = (SigningKey(), SigningKey())
        var envelope = DSSEEnvelope(payloadType: "t", payload: [1, 2])
        envelope.sign(with: bob)
        let signature = Base64.encode(envelope.signatures[0].bytes)
        for (payload, name) in [("AQI=", alice.verifyingKey.id), ("AQM=", bob.verifyingKey.id)] {
            let forged: JSON = [
                "payloadType": "t", "payload": .string(payload),
                "signatures": [["keyid": .string(name.hex), "sig": .string(signature)]],
            ]
            let read = try DSSEEnvelope(parsing: forged.canonical(), origin: "e")
            #expect(read.signers(among: [alice.verifyingKey, bob.verifyingKey]) == [])
        }
    }

    @Test(arguments: [
        ("[]", "no payloadType"), ("{", "no JSON: byte 1: expected a member name"),
        (#"{"payloadType":"t","payload":"?"}"#, "no payload in base64"),
        (#"{"payloadType":"t","payload":"","signatures":[]}"#, "no signatures"),
        (
            #"{"payloadType":"t","payload":"","signatures":[{"sig":"x"}]}"#,
            "signature 0 without sig in base64"
        ),
    ])
    func `what is no envelope is refused with what was found`(text: String, found: String) {
        let error = #expect(throws: OperationalError.self) {
            try DSSEEnvelope(parsing: Array(text.utf8), origin: "file.json")
        }
        #expect(
            error?.message
                == "file.json: expected a DSSE envelope (payloadType, payload, signatures), found "
                + found)
    }

    @Test func `a statement of another version is refused`() {
        let envelope = DSSEEnvelope(
            payloadType: Statement.payloadType,
            payload: Array(#"{"_type":"https://in-toto.io/Statement/v0.1"}"#.utf8))
        #expect(throws: OperationalError.self) { try Statement(in: envelope, origin: "e") }
    }
}
