import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// A folder that others may write into too: what they put there leads nowhere.
@Suite struct HostileFolderTests {
    private let folder = TemporaryFolder()

    /// A store that is shared by a group, and beside it a file that is its owner's alone.
    private func shared() throws -> Store {
        folder.run("mkdir s; chmod 2775 s; echo secret > private; chmod 600 private")
        return try Store.open("\(folder.path)/s")
    }

    private func expectPrivate() {
        #expect(folder.run("test \"$(stat -c %a private):$(cat private)\" = 600:secret") == 0)
    }

    @Test(arguments: ["ln -s ../../private", "ln ./private"])
    func `a lock that somebody replaced by another file gives that file to nobody`(link: String)
        throws
    {
        _ = try shared()
        folder.run("rm s/locks/store.lock; \(link) s/locks/store.lock")
        _ = try? Store.open("\(folder.path)/s")
        _ = try? DirectoryRemote(name: "s", path: "\(folder.path)/s", creating: false)
        expectPrivate()
        if link.contains("-s") {
            let error = #expect(throws: OperationalError.self) {
                try Store.open("\(folder.path)/s")
            }
            #expect(error?.code == .untrusted)
            #expect(
                error?.message
                    == "\(folder.path)/s/locks/store.lock: expected a file of the store, found a link"
            )
        }
    }

    @Test func `the index of a store is no link to another file`() throws {
        let store = try shared()
        folder.run("ln -s ../private s/index")
        let digest = Digest(of: [UInt8(1)].span)
        let error = #expect(throws: OperationalError.self) {
            try store.remember(digest, as: "something")
        }
        #expect(error?.code == .untrusted)
        expectPrivate()
    }

    @Test(arguments: ["mkfifo", "mkdir", "ln -s /dev/zero", "truncate -s 1G"])
    func `what stands in place of the format file is told, and not waited for`(command: String)
        throws
    {
        _ = try shared()
        folder.run("rm s/format; \(command) s/format")
        let error = #expect(throws: OperationalError.self) {
            try DirectoryRemote(name: "lab", path: "\(folder.path)/s", creating: false)
        }
        #expect(error?.code == .remote)
        #expect(error?.message.hasPrefix("remote lab: \(folder.path)/s/format: ") == true)
    }

    @Test func `links in place of a good blob, result, signature or tag are not followed`() throws {
        let theirs = try Store.open("\(folder.path)/theirs")
        let result = try SharingWorld.make(theirs)
        let signer = try SharingWorld.key(1)
        let signature = try #require(result.signature(by: signer))
        try theirs.add(signatures: [signature], of: result)
        try theirs.put(RemoteTag(name: "paper", keys: [result.key]))
        let policy = TrustPolicy(required: 1, signers: ["ada": signer.verifyingKey])
        func fetched(_ trust: TrustPolicy) throws -> FetchOutcome {
            folder.run("rm -rf ours")
            let remote = try DirectoryRemote(
                name: "theirs", path: "\(folder.path)/theirs", creating: false)
            return try SharingWorld.fetch(
                result.key,
                RemoteSession(
                    store: try Store.open("\(folder.path)/ours"),
                    slots: [RemoteSlot(remote, trust: trust)]))
        }
        #expect(try fetched(policy) == .fetched(result, remote: "theirs"))
        func replace(_ file: String) {
            folder.run(
                "f=$(ls \(file)); mv $f elsewhere; ln -s \"$PWD/elsewhere\" $f; echo $f > name")
        }
        func restore() { folder.run("f=$(cat name); rm -f $f; mv elsewhere $f") }
        let hex = result.outputs[0].digest.hex
        let blob = "theirs/cas/\(hex.prefix(2))/\(hex.dropFirst(2)).zst"
        replace(blob)
        guard case .refused(_, let reason) = try fetched(.any) else {
            Issue.record("a link in place of a blob was followed")
            return
        }
        #expect(reason.hasSuffix("it is a link"), "\(reason)")
        restore()
        replace("theirs/signatures/*/*.json")
        #expect(try fetched(policy) != .fetched(result, remote: "theirs"))
        restore()
        replace("theirs/pins/paper")
        let error = #expect(throws: OperationalError.self) {
            try DirectoryRemote(
                name: "theirs", path: "\(folder.path)/theirs", creating: false
            ).tag("paper")
        }
        #expect(error?.code == .untrusted)
        replace("theirs/actions/*/*.json")
        guard case .refused(_, let told) = try fetched(.any) else {
            Issue.record("a link in place of a result was followed")
            return
        }
        #expect(told.contains("found a link"), "\(told)")
    }

    @Test func `the description of a key that never ends is not read into memory`() throws {
        let store = try Store.open("\(folder.path)/a")
        let many = try store.put([UInt8](repeating: 65, count: 3 << 20))
        #expect(try store.bytes(of: many, limit: 3 << 20)?.count == 3 << 20)
        #expect(try store.bytes(of: many, limit: 3 << 20 - 1) == nil)
        #expect(store.damage.last?.reason == "it gives more than \(3 << 20 - 1) bytes")
    }

    @Test func `gc removes results with other bits with their key, and keeps them with it`() throws
    {
        let store = try Store.open("\(folder.path)/a", exclusive: true)
        var kept: [ActionResult] = []
        for (key, isKept) in [("kept", true), ("gone", false)] {
            let first = try SharingWorld.make(
                store, key: key, outputs: ["out": Array("1\(key)".utf8)])
            let second = try SharingWorld.make(
                store, key: key, outputs: ["out": Array("2\(key)".utf8)])
            #expect(first.key == second.key)
            if isKept { kept = [first, second] }
        }
        try store.put(RemoteTag(name: "paper", keys: [kept[0].key]))
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: false)
        #expect(try store.candidates(for: kept[0].key, layer: 0) == kept)
        #expect(kept.allSatisfy { store.contains($0.outputs[0].digest) })
        #expect(folder.run("test $(find a/actions -type f | wc -l) = 2") == 0)
        #expect(try store.allBlobs().count == 3)
    }
}
