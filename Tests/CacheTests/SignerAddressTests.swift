import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// What people sign stands where nobody else writes, so that none of it is lost when they push at
/// the same moment.
@Suite struct SignerAddressTests {
    private let server = HostileServer()
    private let folder = TemporaryFolder()

    private func push(_ result: ActionResult, from store: Store, by byte: UInt8?, to mode: String)
        throws
    {
        var options = PushOptions()
        options.signer = try byte.map(SharingWorld.key)
        options.account = SharingWorld.account
        let session = RemoteSession(
            store: store, slots: [RemoteSlot(try server.remote(mode), trust: .any)])
        try session.push([result.claimed(by: SharingWorld.account)], options: options)
    }

    private func pull(_ key: Digest, required: Int, of bytes: [UInt8], from mode: String) throws
        -> (
            FetchOutcome, Store
        )
    {
        var signers: [String: VerifyingKey] = [:]
        for byte in bytes { signers["signer\(byte)"] = try SharingWorld.key(byte).verifyingKey }
        folder.run("rm -rf reader")
        let store = try Store.open("\(folder.path)/reader")
        let session = RemoteSession(
            store: store,
            slots: [
                RemoteSlot(
                    try server.remote(mode),
                    trust: TrustPolicy(required: required, signers: signers))
            ])
        return (try SharingWorld.fetch(key, session), store)
    }

    @Test func `a signature that the shared entry lost is found where its signer put it`() throws {
        let ada = try Store.open("\(folder.path)/ada")
        let grace = try Store.open("\(folder.path)/grace")
        let result = try SharingWorld.make(ada)
        try SharingWorld.make(grace)
        try push(result, from: ada, by: 1, to: "good")
        let alone = server.folder.read("ac/\(result.key.hex)")
        try push(result, from: grace, by: 2, to: "good")
        // As if Ada had read the entry before Grace wrote it, and written hers after.
        server.folder.write("ac/\(result.key.hex)", alone)
        let (outcome, store) = try pull(result.key, required: 2, of: [1, 2, 3], from: "good")
        #expect(outcome == .fetched(result, remote: "good"))
        #expect(try store.signed(result).signatures.count == 2)
        // Nor does an entry that somebody spoilt take anything away.
        server.folder.write("ac/\(result.key.hex)", Array("spoilt".utf8))
        #expect(
            try pull(result.key, required: 2, of: [1, 2], from: "good").0
                == .fetched(result, remote: "good"))
        guard
            case .refused(_, let reason) = try pull(
                result.key, required: 2, of: [1, 3], from: "good"
            ).0
        else {
            Issue.record("one signature counted as two")
            return
        }
        #expect(reason == "expected 2 signatures by signer1, signer3, found signer1")
    }

    @Test func `two results that their signers pushed at once are both kept`() throws {
        let ada = try Store.open("\(folder.path)/ada")
        let grace = try Store.open("\(folder.path)/grace")
        let first = try SharingWorld.make(ada, outputs: ["out": [1]])
        let second = try SharingWorld.make(grace, outputs: ["out": [2]])
        try push(first, from: ada, by: 1, to: "good")
        let alone = server.folder.read("ac/\(first.key.hex)")
        try push(second, from: grace, by: 2, to: "good")
        server.folder.write("ac/\(first.key.hex)", alone)
        let (outcome, store) = try pull(first.key, required: 1, of: [2], from: "good")
        #expect(outcome == .fetched(second, remote: "good"))
        #expect(try store.candidates(for: first.key, layer: 0).count == 2)
    }

    @Test func `what a version without such addresses wrote is read, and moves there when pushed`()
        throws
    {
        let ada = try Store.open("\(folder.path)/ada")
        let result = try SharingWorld.make(ada)
        try push(result, from: ada, by: nil, to: "good")
        var entry = RemoteEntry(SignedResult(result))
        entry.add(
            SignedResult(
                result,
                signatures: [1, 2].compactMap { byte in
                    (try? SharingWorld.key(byte)).flatMap { result.signature(by: $0) }
                }))
        server.folder.write("ac/\(result.key.hex)", entry.bytes)
        let (outcome, store) = try pull(result.key, required: 2, of: [1, 2], from: "good")
        #expect(outcome == .fetched(result, remote: "good"))
        // Who knows the others' keys brings what they signed to their addresses elsewhere.
        var options = PushOptions()
        options.known = [
            try SharingWorld.key(1).verifyingKey, try SharingWorld.key(2).verifyingKey,
        ]
        server.folder.run("rm -rf '\(server.folder.path)/ac' '\(server.folder.path)/cas'")
        let session = RemoteSession(
            store: store, slots: [RemoteSlot(try server.remote("good"), trust: .any)])
        try session.push([result.claimed(by: SharingWorld.account)], options: options)
        server.folder.write("ac/\(result.key.hex)", Array("spoilt".utf8))
        #expect(
            try pull(result.key, required: 2, of: [1, 2], from: "good").0
                == .fetched(result, remote: "good"))
    }

    @Test func `a signer's results can be found by kind on a server that lists nothing`() throws {
        let ada = try Store.open("\(folder.path)/ada")
        let keys = try ["one", "two"].map { try SharingWorld.make(ada, key: $0).key }.sorted()
        let remote = try server.remote("strict/lab")
        let signer = try SharingWorld.key(1).verifyingKey
        #expect(try remote.keys(of: "test", signers: [signer]) == nil)
        for key in keys {
            let result = try #require(try ada.result(for: key)?.result)
            try push(result, from: ada, by: 1, to: "strict/lab")
        }
        #expect(try remote.keys(of: "test", signers: [signer]) == keys)
        #expect(try remote.keys(of: "other", signers: [signer]) == nil)
        #expect(try remote.keys(of: "test", signers: [SharingWorld.key(2).verifyingKey]) == nil)
    }
}

/// The rules of Bazel's HTTP cache as bazel-remote keeps them, by a server that refuses all else.
@Suite struct StrictServerTests {
    @Test(arguments: [10, 100_000, 3_000_000])
    func `a server by the rules of Bazel's HTTP cache carries results`(size: Int) throws {
        let server = HostileServer()
        let folder = TemporaryFolder()
        let source = try Store.open("\(folder.path)/source")
        let result = try SharingWorld.make(
            source, outputs: ["out": SharingWorld.noise(size), "empty": []])
        func session(_ store: Store) throws -> RemoteSession {
            RemoteSession(
                store: store, slots: [RemoteSlot(try server.remote("strict/lab/2"), trust: .any)])
        }
        var options = PushOptions()
        options.signer = try SharingWorld.key(1)
        options.account = SharingWorld.account
        for round in 0..<2 {
            let push = try session(source)
            try push.push([result.claimed(by: SharingWorld.account)], options: options)
            #expect(push.count.results == (round == 0 ? 1 : 0))
            #expect(push.count.blobs == (round == 0 ? 3 : 0))
        }
        let remote = try server.remote("strict/lab/2")
        try remote.put(RemoteTag(name: "paper", keys: [result.key]))
        #expect(try remote.tag("paper")?.keys == [result.key])
        #expect(try remote.tag("other") == nil)
        #expect(try remote.probe(writing: true) == "readable and writable")
        let store = try Store.open("\(folder.path)/store")
        let pull = try session(store)
        #expect(
            try SharingWorld.fetch(result.key, pull) == .fetched(result, remote: "strict/lab/2"))
        #expect(try SharingWorld.fetch(Digest(of: [UInt8(9)].span), pull) == .absent)
        #expect(pull.failures[0] == nil)
        #expect(try store.bytes(of: result.outputs[1].digest) == SharingWorld.noise(size))
        #expect(!server.log.contains("MKCOL"))
        #expect(!server.log.contains("DELETE"))
    }

    @Test func `a log of more than 16 MiB travels whole, by a server and by a folder`() throws {
        let server = HostileServer()
        let folder = TemporaryFolder()
        let source = try Store.open("\(folder.path)/source")
        let plain = try SharingWorld.make(source)
        let log = try source.put([UInt8](repeating: 65, count: 17 << 20) + [10])
        let result = ActionResult(
            key: try source.put(Array("with a log".utf8)), kind: "test", version: 1,
            outputs: plain.outputs, log: log, seconds: 1, madeAt: plain.madeAt)
        try source.publish(result)
        let remotes: [(name: String, open: () throws -> any Remote)] = [
            ("server", { try server.remote("good") }),
            (
                "stick",
                {
                    try DirectoryRemote(
                        name: "stick", path: "\(folder.path)/stick", creating: true)
                }
            ),
        ]
        for (name, open) in remotes {
            let push = RemoteSession(
                store: source, slots: [RemoteSlot(try open(), trust: .any)])
            try push.push([result], options: PushOptions())
            let store = try Store.open("\(folder.path)/\(name)-reader")
            let pull = RemoteSession(store: store, slots: [RemoteSlot(try open(), trust: .any)])
            _ = try SharingWorld.fetch(result.key, pull)
            #expect(store.contains(log), "\(name)")
            // Whoever bounds what is taken does without it; the result is as good.
            let bounded = try Store.open("\(folder.path)/\(name)-bounded")
            let less = RemoteSession(
                store: bounded,
                slots: [RemoteSlot(try open(), trust: .any, largestBlob: 1 << 20)])
            #expect(try SharingWorld.fetch(result.key, less) != .absent)
            #expect(try bounded.result(for: result.key) != nil && !bounded.contains(log))
        }
    }
}
