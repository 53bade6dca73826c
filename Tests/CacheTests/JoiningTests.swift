import Canon
import LocalStore
import Remotes
import TestSupport
import Testing

/// Two people write different results under one key of a server that keeps the later write.
@Suite struct JoiningTests {
    private let server = HostileServer()
    private let folder = TemporaryFolder()

    /// What is there after Ada's push, where somebody else writes at the worst moment.
    private func push(_ mode: String) throws -> (found: [ActionResult], ours: [ActionResult]) {
        let ada = try Store.open("\(folder.path)/ada")
        let first = try SharingWorld.make(ada, outputs: ["out": [1]])
        let second = try SharingWorld.make(
            try Store.open("\(folder.path)/grace"), outputs: ["out": [2]])
        #expect(first.key == second.key)
        server.folder.run("mkdir -p ac")
        server.folder.write("replacement", RemoteEntry(SignedResult(second)).bytes)
        let remote = try server.remote(mode)
        remote.freshness = .seconds(-1)
        let session = RemoteSession(store: ada, slots: [RemoteSlot(remote, trust: .any)])
        try session.push([first], options: PushOptions())
        let entry = try RemoteEntry(
            parsing: server.folder.read("ac/\(first.key.hex)"), key: first.key)
        return (entry.results.map { $0.result }, [first, second])
    }

    @Test func `what somebody wrote after our look is joined before we write`() throws {
        let (found, ours) = try push("late")
        #expect(found == [ours[1], ours[0]])
    }

    @Test func `what somebody wrote over ours is joined and written again`() throws {
        let (found, ours) = try push("race")
        #expect(found == [ours[1], ours[0]])
    }

    @Test func `somebody who writes the same key without end does not keep us for ever`() throws {
        let (found, ours) = try push("rival")
        #expect(found == [ours[1]])
        #expect(server.log.split(separator: "\n").count { $0.contains(" PUT /rival/ac/") } == 8)
    }

    @Test func `a push that is over at once looks once`() throws {
        let ada = try Store.open("\(folder.path)/ada")
        let result = try SharingWorld.make(ada)
        let remote = try server.remote("good")
        remote.freshness = .seconds(3600)
        try RemoteSession(store: ada, slots: [RemoteSlot(remote, trust: .any)]).push(
            [result], options: PushOptions())
        #expect(server.log.split(separator: "\n").count { $0.contains(" GET /good/ac/") } == 1)
    }
}
