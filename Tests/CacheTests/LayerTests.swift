import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// Stores of other people, as layers and as remotes in folders.
@Suite struct LayerTests {
    private let folder = TemporaryFolder()

    private func session(_ store: Store, _ path: String, creating: Bool = false) throws
        -> RemoteSession
    {
        let remote = try DirectoryRemote(
            name: "stick", path: "\(folder.path)/\(path)", creating: creating)
        return RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
    }

    @Test func `a push to a folder makes a store that anyone can check and pull from`() throws {
        let source = try Store.open("\(folder.path)/source")
        let results = try (0..<40).map {
            try SharingWorld.make(
                source, key: "key \($0)", outputs: ["out": SharingWorld.noise(1000 + $0)])
        }
        var options = PushOptions()
        options.signer = try SharingWorld.key(1)
        options.account = SharingWorld.account
        let made = results.map { $0.claimed(by: SharingWorld.account) }
        let push = try session(source, "stick", creating: true)
        try push.push(made, options: options)
        #expect(push.count.results == 40 && push.count.blobs == 80)
        let again = try session(source, "stick")
        try again.push(made, options: options)
        #expect(again.count.results == 0 && again.count.blobs == 0 && again.count.present == 40)
        #expect(
            folder.run(
                "cd stick/cas && for f in */*; do test $(zstd -dcq $f | sha256sum | cut -c1-64) = "
                    + "$(echo $f | tr -d / | cut -c1-64) || exit 1; done") == 0)
        let store = try Store.open("\(folder.path)/store")
        let pull = try session(store, "stick")
        var fetched = 0
        try pull.fetch(results.map { $0.key }) { _, outcome in
            if case .fetched = outcome { fetched += 1 }
        }
        #expect(fetched == 40)
        #expect(try store.verify().damage.isEmpty)
        let policy = TrustPolicy(
            required: 1, signers: ["ada": try SharingWorld.key(1).verifyingKey])
        #expect(try results.allSatisfy { policy.accepts(try store.signed($0)) })
    }

    @Test func `results alone travel with meta-only, and the rest later`() throws {
        let source = try Store.open("\(folder.path)/source")
        let result = try SharingWorld.make(source)
        var options = PushOptions()
        options.metaOnly = true
        try session(source, "stick", creating: true).push([result], options: options)
        let stick = try Store.open("\(folder.path)/stick")
        #expect(try stick.result(for: result.key)?.result == result)
        #expect(stick.contains(result.key) && !stick.contains(result.outputs[0].digest))
        let store = try Store.open("\(folder.path)/store")
        guard
            case .refused(_, let reason) = try SharingWorld.fetch(
                result.key, session(store, "stick"))
        else {
            Issue.record("a result without its output was taken")
            return
        }
        #expect(reason.hasSuffix("is not there"))
        options.metaOnly = false
        try session(source, "stick").push([result], options: options)
        #expect(
            try SharingWorld.fetch(result.key, session(store, "stick"))
                == .fetched(result, remote: "stick"))
    }

    /// A frame of a few bytes that says it has, or gives, a gigabyte.
    @Test func `a decompression bomb in a layer or folder is stopped at the declared size`() throws
    {
        let theirs = try Store.open("\(folder.path)/theirs")
        let result = try SharingWorld.make(theirs, outputs: ["out": SharingWorld.noise(5000)])
        let hex = result.outputs[0].digest.hex
        let blob = "theirs/cas/\(hex.prefix(2))/\(hex.dropFirst(2)).zst"
        for make in [
            "head -c 1000000000 /dev/zero | zstd -q > bomb",
            "head -c 1000000000 /dev/zero > zeros && zstd -q zeros -o bomb && rm zeros",
        ] {
            folder.run("rm -rf bomb ours; \(make); rm -f \(blob); cp bomb \(blob)")
            let ours = try Store.open("\(folder.path)/ours", also: ["\(folder.path)/theirs"])
            #expect(try !ours.copyUp(result, from: 1))
            #expect(ours.damage.first?.reason == "it gives more than 5000 bytes")
            let pulled = try Store.open("\(folder.path)/pulled")
            guard
                case .refused(_, let reason) = try SharingWorld.fetch(
                    result.key, session(pulled, "theirs"))
            else {
                Issue.record("the bomb was taken")
                continue
            }
            #expect(reason.contains("it gives more than 5000 bytes"))
            #expect(
                folder.run("test $(du -s pulled ours | cut -f1 | paste -sd+ | bc) -lt 400") == 0)
        }
    }

    @Test(arguments: [
        "ln -s /etc/passwd BLOB", "mkfifo BLOB", "mkdir BLOB", "head -c 99 /dev/zero > BLOB",
        "ln -s /dev/zero BLOB",
    ])
    func `links, pipes, folders and noise in place of a blob are no blob`(command: String) throws {
        let theirs = try Store.open("\(folder.path)/theirs")
        let result = try SharingWorld.make(theirs)
        let hex = result.outputs[0].digest.hex
        let blob = "theirs/cas/\(hex.prefix(2))/\(hex.dropFirst(2)).zst"
        folder.run("rm -f \(blob); \(command.replacing("BLOB", with: blob))")
        let ours = try Store.open("\(folder.path)/ours", also: ["\(folder.path)/theirs"])
        #expect(try !ours.copyUp(result, from: 1))
        guard case .refused = try SharingWorld.fetch(result.key, session(ours, "theirs")) else {
            Issue.record("it was taken")
            return
        }
        #expect(try ours.result(for: result.key)?.layer != 0)
    }

    @Test func `a result of a gigabyte is not read`() throws {
        let theirs = try Store.open("\(folder.path)/theirs")
        let result = try SharingWorld.make(theirs)
        let hex = result.key.hex
        folder.run(
            "f=theirs/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json; rm -f $f; truncate -s 1G $f"
        )
        let ours = try Store.open("\(folder.path)/ours", also: ["\(folder.path)/theirs"])
        #expect(try ours.result(for: result.key) == nil)
        #expect(
            ours.damage.first?.reason.contains("at most 4194304 bytes, found 1073741824") == true)
    }

    @Test(arguments: ["cas", "actions", "signatures", "tmp", "locks", "quarantine"])
    func `a push through a link that leads out of the folder is refused`(name: String) throws {
        let source = try Store.open("\(folder.path)/source")
        let result = try SharingWorld.make(source)
        _ = try Store.open("\(folder.path)/stick")
        folder.run("mkdir victim; rm -rf stick/\(name); ln -s ../victim stick/\(name)")
        #expect(throws: OperationalError.self) {
            try session(source, "stick").push([result], options: PushOptions())
        }
        folder.run("rm stick/\(name); mkdir -p stick/cas stick/actions stick/tmp")
        let hex = result.outputs[0].digest.hex
        folder.run("mkdir -p stick/\(name); ln -s ../../victim stick/cas/\(hex.prefix(2))")
        #expect(throws: OperationalError.self) {
            try session(source, "stick").push([result], options: PushOptions())
        }
        #expect(folder.run("test -z \"$(ls victim)\"") == 0)
    }

    @Test func `two people with different umasks share a folder with the set-group bit`()
        async throws
    {
        guard isRoot(else: "two users with different umasks were not tried") else { return }
        folder.run("mkdir -m 2775 shared; chmod a+rx .; chgrp 65533 shared")
        // Root makes the store with umask 002, in a process of its own: a umask is of the whole process.
        await #expect(processExitsWith: .exitCode(42)) { [path = folder.path as String] in
            umask(0o002)
            let store = try Store.open("\(path)/a")
            let first = try SharingWorld.make(store)
            let remote = try DirectoryRemote(
                name: "stick", path: "\(path)/shared", creating: true)
            try RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)]).push(
                [first], options: PushOptions())
            exit(42)
        }
        #expect(folder.run("test \"$(stat -c %a:%g shared/cas)\" = 2775:65533") == 0)
        #expect(folder.run("test -z \"$(find shared -type f ! -perm -444 -name '*.zst')\"") == 0)
    }
}
