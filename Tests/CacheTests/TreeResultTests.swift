import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing
import Trust

/// Results with outputs that are folders: what is kept, copied, pushed, pulled and verified with them.
@Suite struct TreeResultTests {
    private let folder = TemporaryFolder()

    private func store(_ name: String = "s", also: [String] = []) throws -> Store {
        try Store.open("\(folder.path)/\(name)", also: also.map { "\(folder.path)/\($0)" })
    }

    /// A result with one folder as output, of two files of which one is as large as a blob gets in memory.
    @discardableResult
    private func make(_ store: Store, key text: String = "a key") throws -> ActionResult {
        let key = try store.put(Array(text.utf8))
        folder.run(
            "rm -rf made; mkdir -p made/sub; cd made; echo '\(text)' > sub/one; printf two > two; "
                + "head -c 300000 /dev/zero > zeros")
        let (_, digest, size) = try store.put(treeAt: "\(folder.path)/made")
        let result = ActionResult(
            key: key, kind: "test", version: 1,
            outputs: [.init(name: "out", digest: digest, size: size, isTree: true)], log: nil,
            seconds: 1, madeAt: "2026-01-01T00:00:00Z")
        try store.publish(result)
        return result
    }

    private func blob(_ text: String, _ name: String = "s") -> String {
        let hex = Digest(of: Array(text.utf8).span).hex
        return "\(folder.path)/\(name)/cas/\(hex.prefix(2))/\(hex.dropFirst(2)).zst"
    }

    @Test func `a result says which outputs are folders, and its signature too`() throws {
        let result = try make(try store())
        let json = result.json
        #expect(json["outputs"]?["out"]?["tree"] == true)
        #expect(try ActionResult(json: json, key: result.key) == result)
        #expect(ActionResult(asWritten: json.canonical(), key: result.key) == result)
        #expect(result.statement.json["predicate"]?["trees"] == ["out"])
        let file = ActionResult(
            key: result.key, kind: "test", version: 1,
            outputs: result.outputs.map { .init(name: $0.name, digest: $0.digest, size: $0.size) },
            log: nil, seconds: 1, madeAt: "2026-01-01T00:00:00Z")
        #expect(file != result && file.digest != result.digest)
        #expect(file.statement.json["predicate"]?["trees"] == nil)
        var members = try #require(file.json.members)
        members["outputs"] = ["out": ["digest": "00", "size": 0, "tree": false]]
        #expect(throws: ResultFormatError.self) {
            try ActionResult(json: .object(members), key: result.key)
        }
    }

    @Test func `a result without one file of a folder is not whole`() throws {
        let result = try make(try store())
        #expect(try store().isWhole(result))
        folder.run("rm '\(blob("two"))'")
        #expect(try !store().isWhole(result))
    }

    @Test func `clean-up keeps the files of folders that a run names, and no others`() throws {
        let result = try make(try store())
        _ = try make(try store(), key: "another")
        try addRun(#"{"key":"\#(result.key.hex)","state":"ran"}"#)
        try collect()
        #expect(try self.store().isWhole(result))
        #expect(folder.run("! test -e '\(blob("another\n"))'") == 0)
    }

    private func addRun(_ action: String) throws {
        let record =
            #"{"actions":[\#(action)],"experiment":"x","format":"bitlaw/run/1","outcome":"done"}"#
        let store = try store()
        try store.addRun(Array((record + "\n").utf8), name: try store.makeRunName("00000000"))
    }

    private func collect() throws {
        _ = try Store.open("\(folder.path)/s", exclusive: true)
            .collectGarbage(GarbagePolicy(), dryRun: false)
    }

    @Test func `clean-up keeps the files of a folder whose result is damaged, by the record`()
        throws
    {
        let made = try make(try store())
        let output = made.outputs[0].digest.hex
        try addRun(
            #"{"key":"\#(made.key.hex)","outputs":{"out":"\#(output)"},"state":"ran","trees":["out"]}"#
        )
        let hex = made.key.hex
        folder.run("echo x > s/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json")
        try collect()
        #expect(try store().isWhole(made))
    }

    @Test func `verify names each file of a folder that is missing, and what is no manifest`()
        throws
    {
        let store = try store()
        let result = try make(store)
        folder.run("rm '\(blob("two"))'")
        let report = try store.verify()
        #expect(report.damage.isEmpty && report.incomplete == [result.key])
        #expect(
            report.missing.map { $0.role } == [.file(result, "out", path: "two")])
        let text = try store.put(Array("no manifest".utf8))
        let key = try store.put(Array("b key".utf8))
        try store.publish(
            ActionResult(
                key: key, kind: "test", version: 1,
                outputs: [.init(name: "out", digest: text, size: 11, isTree: true)], log: nil,
                seconds: 0, madeAt: ""))
        let damage = try store.verify().damage
        #expect(
            damage.map { $0.reason }
                == ["it says that `out` is a folder, its blob is no manifest of one"])
    }

    @Test func `a folder is copied up with its files, or not at all`() throws {
        let result = try make(try store("theirs"))
        let mine = try store("mine", also: ["theirs"])
        #expect(try mine.copyUp(result, from: 1))
        #expect(try store("mine").isWhole(result))
        folder.run("rm '\(blob("two", "theirs"))'")
        let other = try store("other", also: ["theirs"])
        #expect(try !other.copyUp(result, from: 1))
        #expect(try store("other").result(for: result.key) == nil)
    }

    private func session(_ store: Store, creating: Bool = false, largest: Int = 64 << 30) throws
        -> RemoteSession
    {
        let remote = try DirectoryRemote(
            name: "stick", path: "\(folder.path)/stick", creating: creating)
        return RemoteSession(
            store: store, slots: [RemoteSlot(remote, trust: .any, largestBlob: largest)])
    }

    @Test func `a folder travels with its files, each once`() throws {
        let store = try store()
        let results = [try make(store), try make(store, key: "another")]
        let push = try session(store, creating: true)
        try push.push(results, options: PushOptions())
        // Two keys, two manifests, two files of their own, two that both have.
        #expect(push.count.results == 2 && push.count.blobs == 8)
        let copy = try self.store("copy")
        let pull = try session(copy)
        #expect(
            try SharingWorld.fetch(results[0].key, pull) == .fetched(results[0], remote: "stick"))
        #expect(try copy.isWhole(results[0]) && pull.count.blobs == 5)
        #expect(
            try SharingWorld.fetch(results[1].key, pull) == .fetched(results[1], remote: "stick"))
        #expect(pull.count.blobs == 8)
        #expect(try copy.verify().damage.isEmpty && copy.verify().missing.isEmpty)
    }

    @Test func `what lacks a file of a folder, or has one that is too large, is refused by name`()
        throws
    {
        let result = try make(try store("stick"))
        let zeros = Digest(of: [UInt8](repeating: 0, count: 300_000).span)
        let bounded = try session(try store("a"), largest: 299_999)
        #expect(
            try SharingWorld.fetch(result.key, bounded)
                == .refused(
                    remote: "stick",
                    reason:
                        "a file of its folders declares 300000 bytes, more than the 299999 that "
                        + "are taken (max-blob in bitlaw.yaml)"))
        folder.run("rm stick/cas/\(zeros.hex.prefix(2))/\(zeros.hex.dropFirst(2)).zst")
        let session = try session(try store("b"))
        #expect(
            try SharingWorld.fetch(result.key, session)
                == .refused(
                    remote: "stick",
                    reason: "the file \(zeros.short) of a folder is not there"))
        #expect(try store("b").result(for: result.key) == nil)
    }
}
