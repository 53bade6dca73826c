import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing

/// `gc` acts on all that it can read, or not at all.
@Suite struct GarbageTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/s" }

    private func record(_ keys: [Digest], _ more: String = "") -> [UInt8] {
        let actions = keys.map { "{\"key\":\"\($0.hex)\",\"state\":\"ran\"}" }.joined(
            separator: ",\n")
        return Array(
            ("{\"actions\":[\n\(actions)],\n\(more)\"experiment\":\"x\",\"format\":\"bitlaw/run/1\","
                + "\"outcome\":\"done\"}\n").utf8)
    }

    /// A store with a run of one result.
    private func makeRun(_ key: String = "a key") throws -> (name: String, result: ActionResult) {
        let store = try Store.open(path)
        let result = try SharingWorld.make(store, key: key, outputs: ["out": Array(key.utf8)])
        let name = try store.makeRunName("00000000")
        try store.addRun(record([result.key]), name: name)
        return (name, result)
    }

    private func collect(_ policy: GarbagePolicy = GarbagePolicy()) throws -> GarbageReport {
        try Store.open(path, exclusive: true).collectGarbage(policy, dryRun: false)
    }

    private func hasAll(_ result: ActionResult) throws -> Bool {
        let store = try Store.open(path)
        return try store.result(for: result.key) != nil
            && result.outputs.allSatisfy { store.contains($0.digest) }
    }

    /// Every byte of a file changed in turn, by one bit and to another character: nothing is lost.
    private func expectNoLoss(_ file: String, _ result: ActionResult) throws {
        let bytes = folder.read(file)
        #expect(!bytes.isEmpty)
        for place in bytes.indices {
            for flip: UInt8 in [1, 0x20] {
                var damaged = bytes
                damaged[place] ^= flip
                folder.write(file, damaged)
                let refusal = (try? collect()) == nil
                #expect(try hasAll(result), "byte \(place) ^ \(flip), refused: \(refusal)")
            }
        }
        folder.write(file, bytes)
        _ = try collect()
        #expect(try hasAll(result))
    }

    @Test func `any changed byte of a record loses nothing`() throws {
        let (name, result) = try makeRun()
        try expectNoLoss("s/runs/\(name).json", result)
    }

    @Test func `any changed byte of the pin of an added file or of a push loses nothing`() throws {
        let added: Digest
        let result: ActionResult
        do {
            let store = try Store.open(path)
            result = try SharingWorld.make(store)
            try store.pinPushed([result.key])
            added = try store.put([7, 7])
            try store.pinAdded(added)
        }
        folder.run("ls s/pins/pushed-* > name")
        let pushed = String(folder.text("name").dropLast())
        try expectNoLoss(pushed, result)
        folder.write("s/pins/added-\(added.hex)", "")
        _ = try collect()
        #expect(try Store.open(path).contains(added))
    }

    @Test(arguments: [
        ("", "it is no whole JSON document"),
        ("{\"actions\":[]}", "expected `format` \"bitlaw/run/1\" or \"bitlaw/run/2\", found none"),
        (
            "{\"format\":\"bitlaw/run/3\",\"steps\":[]}",
            "expected `format` \"bitlaw/run/1\" or \"bitlaw/run/2\", found \"bitlaw/run/3\": a newer "
                + "bitlaw may have written it"
        ),
        ("{\"format\":\"bitlaw/run/1\",\"steps\":[]}", "expected a list of `actions`, found none"),
        (
            "{\"format\":\"bitlaw/run/1\",\"actions\":[{\"key\":\"X\"}]}",
            "the key of action 0 is no SHA-256"
        ),
        ("{\"format\":\"bitlaw/run/1\",\"actions\":[{}]}", "action 0 has no `key`"),
    ])
    func `a record that cannot be read stops gc, which names it and removes nothing`(
        text: String, reason: String
    ) throws {
        let (name, result) = try makeRun()
        folder.write("s/runs/\(name).json", text)
        let error = #expect(throws: OperationalError.self) { try collect(GarbagePolicy(runs: 1)) }
        #expect(error?.code == .corrupt)
        #expect(
            error?.message.hasPrefix(
                "gc removed nothing: it cannot tell what 1 file keeps\n  \(path)/runs/\(name).json: \(reason)"
            )
                == true, "\(error?.message ?? "")")
        #expect(try hasAll(result))
    }

    @Test func `a pin that cannot be read, and a file of another name, stop gc as well`() throws {
        let (_, result) = try makeRun()
        folder.run("mkdir s/pins; echo '[\"X\"]' > s/pins/paper; cp s/pins/paper s/runs/notes")
        let error = #expect(throws: OperationalError.self) { try collect() }
        #expect(error?.message.contains("2 files keep") == true)
        #expect(
            error?.message.contains("s/pins/paper: expected a JSON list of SHA-256 digests") == true
        )
        #expect(error?.message.contains("s/runs/notes: expected a run's record NAME.json") == true)
        folder.run("rm s/pins/paper s/runs/notes")
        #expect(try collect().results == 0)
        #expect(try hasAll(result))
    }

    @Test func `results for which no run and no pin tells anything are not removed unasked`() throws
    {
        let result = try SharingWorld.make(try Store.open(path))
        let error = #expect(throws: OperationalError.self) { try collect() }
        #expect(error?.message.contains("there is no run and no pin") == true)
        #expect(try hasAll(result))
        #expect(try collect(GarbagePolicy(keepsPushed: false)).results == 1)
    }

    @Test func `what a killed run noted is kept, a line that was cut off excepted`() throws {
        let (_, lost) = try makeRun("lost")
        let kept: ActionResult
        do {
            let store = try Store.open(path)
            kept = try SharingWorld.make(store, key: "kept", outputs: ["out": [9]])
            let journal = RunJournal(store, experiment: "x", file: "x.yaml", startedAt: "")
            journal.note(kept.key)
            try journal.begin()
        }
        folder.run("for f in s/runs/*.begun; do printf 0123 >> \"$f\"; done")
        #expect(try collect(GarbagePolicy(runs: 1)).runs.isEmpty)
        #expect(try hasAll(kept) && hasAll(lost), "the newest run, and the newest complete one")
        _ = try makeRun("third")
        #expect(try collect(GarbagePolicy(runs: 1)).runs.count == 2)
        #expect(try !hasAll(kept) && !hasAll(lost))
    }

    @Test func `a clock that was set back does not make the newest run the oldest`() throws {
        let (first, old) = try makeRun("old")
        folder.run(
            "mv s/runs/\(first).json s/runs/2199-01-01T00-00-00Z-000000-1-00000000.json")
        let (second, new) = try makeRun("new")
        let names = try Store.open(path).runNames()
        #expect(names == [second, "2199-01-01T00-00-00Z-000000-1-00000000"])
        #expect(
            try collect(GarbagePolicy(runs: 1)).runs == ["2199-01-01T00-00-00Z-000000-1-00000000"])
        #expect(try hasAll(new) && !hasAll(old))
    }

    @Test(arguments: [
        ("2150-01-01T00-00-00Z-000000-1", "1960-01-01T00-00-00Z-000000-2"),
        ("1960-01-01T00-00-00Z-000000-1", "2150-01-01T00-00-00Z-000000-2"),
        ("2150-01-01T00-00-00Z", "1960-01-01T00-00-00Z-000000-1"),
    ])
    func `the newest run is the one that was recorded last, whatever its clock said`(
        before: String, after: String
    ) throws {
        let (first, old) = try makeRun("old")
        folder.run("mv s/runs/\(first).json s/runs/\(before)-00000000.json")
        let (second, new) = try makeRun("new")
        folder.run("mv s/runs/\(second).json s/runs/\(after)-00000000.json")
        #expect(try collect(GarbagePolicy(runs: 1)).runs == ["\(before)-00000000"])
        #expect(try hasAll(new) && !hasAll(old))
    }

    @Test func `a folder keeps what was pushed to it without a tag`() throws {
        let ours = try Store.open("\(folder.path)/ours")
        let result = try SharingWorld.make(ours)
        do {
            let remote = try DirectoryRemote(name: "lab", path: path, creating: true)
            let session = RemoteSession(store: ours, slots: [RemoteSlot(remote, trust: .any)])
            try session.push([result], options: PushOptions())
        }
        #expect(try collect().results == 0)
        #expect(try hasAll(result))
        #expect(try collect(GarbagePolicy(keepsPushed: false)).results == 1)
    }

    @Test func `gc waits until others close the store`() async throws {
        var store: Store? = try Store.open(path)
        let error = #expect(throws: OperationalError.self) {
            try Store.open(path, exclusive: true, waiting: 0)
        }
        #expect(error?.message == "\(path): another bitlaw is using the store")
        #expect(store != nil)
        let waiting = Task.detached { [path] in
            try Store.open(path, exclusive: true, waiting: 600).path
        }
        #expect(try Store.open(path, joins: true).path == path, "a worker of who has it open")
        store = nil
        #expect(try await waiting.value == path)
    }

    @Test func `drafts that a kill left go with the next command, if nobody else is there`() throws
    {
        let first = try Store.open(path)
        folder.run("mkdir s/tmp/shards-1; touch s/tmp/draft-1 s/tmp/blob-1 s/tmp/shards-1/x")
        _ = try Store.open(path)
        #expect(folder.run("ls s/tmp/draft-1 s/tmp/blob-1 s/tmp/shards-1/x >/dev/null") == 0)
        withExtendedLifetime(first) {}
    }

    @Test func `drafts go when the store is opened, also as a remote or for gc`() throws {
        func kill() throws {
            _ = try Store.open(path)
            folder.run("mkdir s/tmp/shards-1; touch s/tmp/draft-1 s/tmp/blob-1 s/tmp/shards-1/x")
            folder.run("touch s/tmp/2026-01-01T00-00-00Z-000000-1-00000000.json-1 s/tmp/pushed-1-2")
        }
        try kill()
        _ = try Store.open(path)
        #expect(folder.run("test -z \"$(ls s/tmp)\"") == 0)
        try kill()
        _ = try DirectoryRemote(name: "lab", path: path, creating: false)
        #expect(folder.run("test -z \"$(ls s/tmp)\"") == 0)
        try kill()
        _ = try collect()
        #expect(folder.run("test -z \"$(ls s/tmp)\"") == 0)
    }
}
