import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing

/// What holds for few results holds for as many as are copied by several threads, into shards that move
/// whole.
@Suite struct ManySmallTests {
    /// A store with so many results, whose outputs are eight small ones; nothing waits for the disk.
    private func store(_ path: String, from first: Int = 0, count: Int) throws -> (
        store: Store, results: [ActionResult]
    ) {
        let store = try Store.open(path, isDurable: false)
        let results = try (first..<first + count).map { number in
            let bytes = Array("output \(number % 8)\n".utf8)
            return ActionResult(
                key: try store.put(Array("key \(number)".utf8)), kind: "test", version: 1,
                outputs: [.init(name: "out", digest: try store.put(bytes), size: bytes.count)],
                log: nil, seconds: 1, madeAt: "2026-01-01T00:00:00Z")
        }
        try store.publish(results)
        return (store, results)
    }

    private func push(_ results: [ActionResult], of store: Store, to folder: String) throws
        -> TransferCount
    {
        let remote = try DirectoryRemote(name: "lab", path: folder, creating: true)
        let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
        try session.push(results, options: PushOptions())
        #expect(session.failures.allSatisfy { $0 == nil })
        return session.count
    }

    private func pull(_ keys: [Digest], from folder: String, into store: Store) throws -> [Digest:
        FetchOutcome]
    {
        let remote = try DirectoryRemote(name: "lab", path: folder, creating: false)
        let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
        var outcomes: [Digest: FetchOutcome] = [:]
        try session.fetch(keys) { outcomes[$0] = $1 }
        return outcomes
    }

    @Test
    func `five hundred results go to a new folder and come back, and a second push moves nothing`()
        throws
    {
        let folder = TemporaryFolder()
        let (from, results) = try store("\(folder.path)/a", count: 520)
        let remote = "\(folder.path)/lab"
        let first = try push(results, of: from, to: remote)
        #expect(first.results == 520 && first.blobs == 528 && first.present == 0)
        let second = try push(results, of: from, to: remote)
        #expect(second.results == 0 && second.blobs == 0 && second.present == 520)
        let to = try Store.open("\(folder.path)/b", isDurable: false)
        let outcomes = try pull(results.map { $0.key }, from: remote, into: to)
        #expect(outcomes.count == 520)
        for result in results {
            #expect(outcomes[result.key] == .fetched(result, remote: "lab"))
            #expect(try to.result(for: result.key)?.result == result)
        }
        for path in [remote, to.path] {
            #expect(try Store.open(path).verify().damage.isEmpty)
            #expect(folder.run("test -z \"$(ls '\(path)/tmp')\"") == 0)
            #expect(folder.run("test $(ls '\(path)'/cas/*/*.zst | wc -l) = 528") == 0)
        }
    }

    @Test func `two that fill a new folder at the same moment both bring all that is theirs`()
        async throws
    {
        let folder = TemporaryFolder()
        let remote = "\(folder.path)/lab"
        // Every shard is wanted by both, and half of the results are the same.
        let a = try store("\(folder.path)/a", count: 520)
        let b = try store("\(folder.path)/b", from: 260, count: 520)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for one in [a, b] {
                group.addTask { _ = try push(one.results, of: one.store, to: remote) }
            }
            try await group.waitForAll()
        }
        let lab = try Store.open(remote)
        let keys = Set((a.results + b.results).map { $0.key })
        #expect(keys.count == 780)
        #expect(try lab.keysOfResults() == keys.sorted())
        for result in a.results + b.results {
            #expect(try lab.result(for: result.key)?.result == result)
            #expect(try lab.bytes(of: result.outputs[0].digest) != nil)
        }
        #expect(try lab.verify().damage.isEmpty)
        #expect(folder.run("test -z \"$(ls '\(remote)/tmp')\"") == 0)
    }

    @Test func `of two results under one key in a batch of new shards, both are kept`() throws {
        let folder = TemporaryFolder()
        let results = try store("\(folder.path)/a", count: 520).results
        let other = ActionResult(
            key: results[0].key, kind: "test", version: 1, outputs: results[1].outputs, log: nil,
            seconds: 1, madeAt: "2026-01-01T00:00:00Z")
        let to = try Store.open("\(folder.path)/b", isDurable: false)
        let published = try to.publish(results + [other])
        #expect(published.dropLast() == Array(repeating: .stored, count: 520)[...])
        #expect(published.last == .conflict(results[0]))
        let kept = try to.candidates(for: other.key, layer: 0).map { $0.outputs }
        #expect(kept == [results[0].outputs, results[1].outputs])
        #expect(try to.publish(results) == Array(repeating: .alreadyThere, count: 520))
    }

    @Test func `damaged ones among many are named, and the others come`() throws {
        let folder = TemporaryFolder()
        let (from, results) = try store("\(folder.path)/a", count: 520)
        let remote = "\(folder.path)/lab"
        _ = try push(results, of: from, to: remote)
        let hex = results[3].outputs[0].digest.hex
        let path = "lab/cas/\(hex.prefix(2))/\(hex.dropFirst(2)).zst"
        folder.run("chmod u+w '\(path)'; echo > '\(path)'")
        let to = try Store.open("\(folder.path)/b", isDurable: false)
        let outcomes = try pull(results.map { $0.key }, from: remote, into: to)
        for (place, result) in results.enumerated() {
            if place % 8 == 3 {
                guard case .refused("lab", let reason) = outcomes[result.key] else {
                    Issue.record("\(place): \(String(describing: outcomes[result.key]))")
                    continue
                }
                #expect(reason.contains(result.outputs[0].digest.short))
                #expect(try to.result(for: result.key) == nil)
            } else {
                #expect(outcomes[result.key] == .fetched(result, remote: "lab"))
            }
        }
        #expect(try to.verify().damage.isEmpty)
    }

    @Test func `a disk that fills while many are written gives one error and no half of anything`()
        throws
    {
        let folder = TemporaryFolder()
        guard folder.run("mkdir disk; mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null") == 0 else {
            skip("no permission to mount a small tmpfs, so the full disk was not tried")
            return
        }
        defer { folder.run("umount disk") }
        let (from, results) = try store("\(folder.path)/a", count: 520)
        do {
            _ = try push(results, of: from, to: "\(folder.path)/disk/lab")
            Issue.record("it fitted")
        } catch let error as OperationalError {
            #expect(error.message.hasPrefix("remote lab: \(folder.path)/disk/lab/"))
            #expect(error.message.contains("No space left on device"))
        }
        #expect(folder.run("test -z \"$(ls disk/lab/tmp)\"") == 0)
        let lab = try Store.open("\(folder.path)/disk/lab")
        #expect(try lab.keysOfResults().isEmpty)
        #expect(try lab.verify().damage.isEmpty)
    }
}
