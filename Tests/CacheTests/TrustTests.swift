import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

@Suite struct TrustTests {
    private let folder = TemporaryFolder()

    private func signed(_ result: ActionResult, by bytes: UInt8...) throws -> SignedResult {
        SignedResult(
            result,
            signatures: try bytes.compactMap { result.signature(by: try SharingWorld.key($0)) })
    }

    private func policy(_ required: Int, _ bytes: UInt8...) throws -> TrustPolicy {
        var signers: [String: VerifyingKey] = [:]
        for byte in bytes { signers["signer\(byte)"] = try SharingWorld.key(byte).verifyingKey }
        return TrustPolicy(required: required, signers: signers)
    }

    @Test func `k of n counts distinct keys, whatever they are called`() throws {
        let result = try SharingWorld.make(try Store.open("\(folder.path)/a"))
        #expect(try policy(1, 1, 2).accepts(signed(result, by: 2)))
        #expect(try !policy(1, 1, 2).accepts(signed(result, by: 3)))
        #expect(try policy(2, 1, 2, 3).accepts(signed(result, by: 1, 3)))
        #expect(try !policy(2, 1, 2, 3).accepts(signed(result, by: 1, 1)))
        let one = try SharingWorld.key(1).verifyingKey
        let twoNames = TrustPolicy(required: 2, signers: ["ada": one, "grace": one])
        #expect(try !twoNames.accepts(signed(result, by: 1)))
        #expect(TrustPolicy.any.accepts(SignedResult(result)))
    }

    @Test func `a signature is over every output, the kind and the key`() throws {
        let store = try Store.open("\(folder.path)/a")
        let result = try SharingWorld.make(store)
        let good = try signed(result, by: 1)
        func changed(
            key: Digest? = nil, kind: String = "test", version: Int = 1, digest: Digest? = nil,
            size: Int = 3, name: String = "out", seconds: Double = 1
        ) -> ActionResult {
            ActionResult(
                key: key ?? result.key, kind: kind, version: version,
                outputs: [
                    ActionResult.Output(
                        name: name, digest: digest ?? result.outputs[0].digest, size: size)
                ], log: nil, seconds: seconds, madeAt: "2030-01-01T00:00:00Z")
        }
        func holds(_ other: ActionResult) throws -> Bool {
            try policy(1, 1).accepts(SignedResult(other, signatures: good.signatures))
        }
        #expect(try holds(result))
        // When and how long are no claim.
        #expect(try holds(changed(seconds: 9)))
        for other in [
            changed(key: Digest(of: [UInt8(9)].span)), changed(kind: "other"), changed(version: 2),
            changed(digest: Digest(of: [UInt8(9)].span)), changed(size: 4), changed(name: "other"),
        ] {
            #expect(try !holds(other))
        }
    }

    @Test func `a layer's result is used only where its policy accepts it`() throws {
        let theirs = try Store.open("\(folder.path)/theirs")
        let result = try SharingWorld.make(theirs)
        func found(_ trust: [TrustPolicy]) throws -> ActionResult? {
            folder.run("rm -rf ours")
            let ours = try Store.open(
                "\(folder.path)/ours", also: ["\(folder.path)/theirs"], trust: trust)
            let found = try ours.result(for: result.key)
            #expect((found == nil) == !ours.refusals.isEmpty)
            if let found { #expect(try ours.copyUp(found.result, from: found.layer)) }
            return found?.result
        }
        #expect(try found([]) == result)
        #expect(try found([.any, policy(1, 1)]) == nil)
        try theirs.add(signatures: signed(result, by: 1).signatures, of: result)
        #expect(try found([.any, policy(1, 1)]) == result)
        #expect(try found([.any, policy(2, 1, 2)]) == nil)
        try theirs.add(signatures: signed(result, by: 2).signatures, of: result)
        #expect(try found([.any, policy(2, 1, 2)]) == result)
        // The signatures came along, so that the store's own policy holds too.
        #expect(try found([policy(2, 1, 2), policy(2, 1, 2)]) == result)
        let ours = try Store.open("\(folder.path)/ours", trust: [policy(2, 1, 2)])
        #expect(try ours.result(for: result.key)?.layer == 0)
    }

    @Test func `of two results under one key the one with the signatures is used, both are kept`()
        throws
    {
        let store = try Store.open("\(folder.path)/a")
        let first = try SharingWorld.make(store, outputs: ["out": [1]])
        let second = try SharingWorld.make(store, outputs: ["out": [2]])
        #expect(first.key == second.key)
        try store.add(signatures: signed(second, by: 1).signatures, of: second)
        #expect(try store.candidates(for: first.key, layer: 0) == [first, second])
        #expect(try store.result(for: first.key)?.result == first)
        let strict = try Store.open("\(folder.path)/a", trust: [policy(1, 1)])
        #expect(try strict.result(for: first.key)?.result == second)
        // Publishing either again makes no third.
        try store.publish([first, second, second])
        #expect(try store.candidates(for: first.key, layer: 0).count == 2)
    }

    @Test func `a revoked key counts no more, and its results are found`() throws {
        var keys = try KeyStore(folder: "\(folder.path)/config")
        let ada = try keys.make("ada")
        #expect(keys.signing == "ada")
        let key = try #require(try keys.signingKey())
        #expect(key.verifyingKey == ada)
        #expect(folder.run("test \"$(stat -c %a config/keys/ada.pem)\" = 600") == 0)
        let store = try Store.open("\(folder.path)/a")
        let result = try SharingWorld.make(store)
        _ = try SharingWorld.make(store, key: "unsigned", outputs: ["out": [9]])
        let own = try #require(result.signature(by: key))
        try store.add(signatures: [own], of: result)
        let one = SignedResult(result, signatures: [own])
        #expect(try keys.policy(required: 1, of: ["ada"], project: [:]).accepts(one))
        _ = try keys.revoke("ada")
        keys = try KeyStore(folder: "\(folder.path)/config")
        #expect(keys.isRevoked(ada) && keys.signing == nil)
        let policy = try keys.policy(required: 1, of: ["ada"], project: ["ada": ada])
        #expect(!policy.accepts(one))
        #expect(
            policy.refusal(of: one)
                == "expected a signature by nobody who is left (revoked: ada), found none of them "
                + "(and 1 that does not count)")
        #expect(try store.results(signedBy: ada) == [result])
        #expect(throws: OperationalError.self) { try keys.trust("ada2", ada) }
    }

    @Test func `names that cannot be files, and names that mean two keys, are refused`() throws {
        var keys = try KeyStore(folder: "\(folder.path)/config")
        for name in ["", "../x", "a/b", ".x", "a b"] {
            #expect(throws: OperationalError.self) { try keys.make(name) }
        }
        let one = try SharingWorld.key(1).verifyingKey
        try keys.trust("ada", one)
        #expect(throws: OperationalError.self) {
            try keys.trust("ada", try SharingWorld.key(2).verifyingKey)
        }
        #expect(throws: OperationalError.self) {
            try keys.policy(
                required: 1, of: ["ada"], project: ["ada": try SharingWorld.key(2).verifyingKey])
        }
        #expect(throws: OperationalError.self) {
            try keys.policy(required: 1, of: ["nobody"], project: [:])
        }
    }

    @Test func `an entry keeps what several people say, and reads back as it was written`() throws {
        let store = try Store.open("\(folder.path)/a")
        let first = try SharingWorld.make(store, outputs: ["out": [1], "more": [2]])
        let second = try SharingWorld.make(store, outputs: ["out": [2], "more": [2]])
        var entry = RemoteEntry(try signed(first, by: 1))
        let isNew = [
            entry.add(try signed(first, by: 2)), entry.add(try signed(first, by: 1)),
            entry.add(SignedResult(second)),
        ]
        #expect(isNew == [true, false, true])
        let back = try RemoteEntry(parsing: entry.bytes, key: first.key)
        #expect(back == entry && back.results.count == 2)
        #expect(back.results[0].signatures.count == 2)
        for index in entry.bytes.indices where index % 7 == 0 {
            var bytes = entry.bytes
            bytes[index] ^= 1
            // Any flipped bit is refused, or leaves no result that somebody signed otherwise.
            guard let other = try? RemoteEntry(parsing: bytes, key: first.key) else { continue }
            for item in other.results where try policy(1, 1).accepts(item) {
                #expect(item.result.outputs == first.outputs)
            }
        }
    }
}
