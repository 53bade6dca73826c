import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Testing

/// A server that lies, never ends, leads elsewhere: nothing of it is believed, nothing is written
/// that is not what its name says.
@Suite struct HostileRemoteTests {
    private let server = HostileServer()
    private let folder = TemporaryFolder()

    /// A result at the server under `good`, and an empty store.
    private func prepare(_ bytes: [UInt8]) throws -> (ActionResult, Store) {
        let source = try Store.open("\(folder.path)/source")
        let result = try SharingWorld.make(source, outputs: ["out": bytes])
        let session = RemoteSession(
            store: source, slots: [RemoteSlot(try server.remote("good"), trust: .any)])
        try session.push([result], options: PushOptions())
        return (result, try Store.open("\(folder.path)/store"))
    }

    private func fetch(_ result: ActionResult, _ store: Store, _ mode: String) throws -> (
        FetchOutcome, OperationalError?
    ) {
        let session = RemoteSession(
            store: store, slots: [RemoteSlot(try server.remote(mode), trust: .any)])
        let outcome = try SharingWorld.fetch(result.key, session)
        return (outcome, session.failures[0]?.error)
    }

    private func expectNothing(_ store: Store, _ result: ActionResult) throws {
        #expect(try store.result(for: result.key) == nil)
        #expect(!store.contains(result.outputs[0].digest))
        #expect(folder.run("test \"$(ls | tr '\\n' ' ')\" = 'source store '") == 0)
        #expect(folder.run("test -z \"$(ls store/tmp)\"") == 0)
        #expect(try store.verify().damage.isEmpty)
    }

    @Test(arguments: [1000, 3_000_000])
    func `an honest server gives what was put there, verified and durable`(size: Int) throws {
        let (result, store) = try prepare(SharingWorld.noise(size))
        #expect(try fetch(result, store, "good").0 == .fetched(result, remote: "good"))
        #expect(try store.result(for: result.key)?.result == result)
        #expect(try store.bytes(of: result.outputs[0].digest) == SharingWorld.noise(size))
        #expect(try store.bytes(of: result.key) == Array("a key".utf8))
        #expect(
            server.folder.run(
                "test \"$(sha256sum < cas/\(result.key.hex))\" = '\(result.key.hex)  -'")
                == 0)
    }

    @Test(arguments: [
        ("lie", "its bytes hash to"), ("short", "bytes, found"), ("long", "expected at most"),
        ("endless", "expected at most"), ("chunked", "5 bytes that it declares, found more"),
        ("declared", "1099511627776 declared"),
    ])
    func `a blob that is not what its name says is refused, and nothing is kept`(
        mode: String, reason: String
    ) throws {
        for size in [1000, 3_000_000] {
            let (result, store) = try prepare(SharingWorld.noise(size))
            guard case .refused(mode, let text) = try fetch(result, store, mode).0 else {
                Issue.record("\(mode) was not refused")
                continue
            }
            #expect(text.contains(reason), "\(text)")
            try expectNothing(store, result)
            folder.run("rm -rf source store")
        }
    }

    @Test(arguments: [
        ("ac-document", "expected at most 4194304 bytes"),
        ("ac-endless", "expected at most 4194304"),
        ("ac-lie", "no JSON"), ("ac-short", "no JSON"),
    ])
    func `a result document that is too large or no result is refused`(mode: String, reason: String)
        throws
    {
        let (result, store) = try prepare([5])
        guard case .refused(_, let text) = try fetch(result, store, mode).0 else {
            Issue.record("\(mode) was not refused")
            return
        }
        #expect(text.contains(reason), "\(text)")
        try expectNothing(store, result)
    }

    @Test(arguments: [
        (#""out":{"#, #""../../../evil":{"#, "is not allowed"),
        (#""out":{"#, #""/etc/evil":{"#, "is not allowed"),
        (#""out":{"#, #"".hidden":{"#, "is not allowed"),
        (#""size":1"#, #""size":-1"#, "no digest and size"),
        (#""size":1"#, #""size":9000000000000000"#, "declares 9000000000000000 bytes"),
        (#""format":"bitlaw/result/1""#, #""format":"bitlaw/result/9""#, "bitlaw/result/1"),
        (#""digest":""#, #""digest":"../"#, "no digest and size"),
        (#""kind":"test""#, #""kind":"t\u001b[2Jst""#, "found t\u{FFFD}[2Jst, 1.0, 2026"),
        (#""madeAt":"2026"#, #""madeAt":"\u001b[31m2026"#, "1.0, \u{FFFD}[31m2026"),
        (#""seconds":1"#, #""seconds":-1"#, "expected a kind's name, 0 or more seconds"),
        (#""out":{"#, #""\u001b[31mo\nrefused":{"#, "name \"\u{FFFD}[31mo\u{FFFD}refused\" is not"),
        (#""log":null"#, #""\u001b[31m":1,"\u001b[31m":2"#, "\u{FFFD}[31m\" stands there twice"),
    ])
    func `a result with a path for a name, or an impossible size, is refused`(
        good: String, bad: String, reason: String
    ) throws {
        let (result, store) = try prepare([5])
        let entry = String(decoding: server.folder.read("ac/\(result.key.hex)"), as: UTF8.self)
        #expect(entry.contains(good))
        server.folder.write(
            "replacement",
            Array(
                entry.replacing(good, with: bad).replacing(/,"sha256":"[0-9a-f]{64}"/, with: "")
                    .utf8))
        guard case .refused(_, let text) = try fetch(result, store, "ac-replace").0 else {
            Issue.record("\(bad) was not refused")
            return
        }
        #expect(text.contains(reason), "\(text)")
        try expectNothing(store, result)
    }

    @Test func `the entry of another key is refused`() throws {
        let (result, store) = try prepare([5])
        let other = try SharingWorld.make(
            try Store.open("\(folder.path)/source"), key: "another", outputs: ["out": [6]])
        let entry = RemoteEntry(SignedResult(other))
        server.folder.write("replacement", entry.bytes)
        guard case .refused(_, let text) = try fetch(result, store, "ac-replace").0 else {
            Issue.record("it was not refused")
            return
        }
        #expect(text.contains("its key is not the one in its name"))
        try expectNothing(store, result)
    }

    @Test(arguments: [
        ("slow", "too slow"), ("silent", "too slow"), ("elsewhere", "redirects to another server"),
        ("circle", "redirects in a circle"), ("file", "redirects to another server, nowhere"),
        ("refuse", "the server refuses access (403): not for you\u{FFFD}[31m"),
        ("headers", "headers"),
    ])
    func `a server that does not work is said once, with what to do`(mode: String, reason: String)
        throws
    {
        let (result, store) = try prepare([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
        let name = mode == "refuse" ? mode : mode
        let session = RemoteSession(
            store: store,
            slots: [
                RemoteSlot(
                    try HTTPRemote(
                        name: name, url: server.url(mode),
                        settings: HTTPSettings(patience: 1, retries: 0, backoff: 1)), trust: .any)
            ])
        var said: [OperationalError] = []
        session.onFailure = { said.append($0) }
        for _ in 0..<3 { _ = try SharingWorld.fetch(result.key, session) }
        #expect(said.count == 1)
        #expect(session.failures[0]?.skipped == 2)
        let text = said.first?.description ?? ""
        #expect(text.hasPrefix("remote \(name): http://127.0.0.1:"), "\(text)")
        #expect(text.contains(reason), "\(text)")
        #expect(text.contains("\n  fix: "))
        try expectNothing(store, result)
    }

    @Test func `credentials never follow a redirect to another host`() throws {
        let (result, store) = try prepare([5])
        let remote = try server.remote("elsewhere", credentials: .bearer("secret"))
        let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
        #expect(try SharingWorld.fetch(result.key, session) == .absent)
        #expect(session.failures[0]?.error.message.contains("another server") == true)
        #expect(server.log.contains("Bearer secret"))
        #expect(!server.log.contains("\n\(server.otherPort) "))
        #expect(!server.log.hasPrefix("\(server.otherPort) "))
    }

    /// Programs disagree about the host that these mean; we and libcurl may not.
    @Test(arguments: 0..<6)
    func `an address that could mean two hosts is no place to go to`(number: Int) throws {
        let (result, store) = try prepare([5])
        let remote = try server.remote("sly-\(number)", credentials: .bearer("secret"))
        let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
        #expect(try SharingWorld.fetch(result.key, session) == .absent)
        #expect(session.failures[0]?.error.message.contains("another server") == true)
        let lines = server.log.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("\(server.port) GET /sly") })
        #expect(!lines.contains { $0.hasPrefix("\(server.otherPort) ") })
        try expectNothing(store, result)
    }

    @Test(arguments: [
        "http://127.evil.example/x", "http://localhost.evil.example/x", "http://127.0.0.1.example",
        "http://[::2]/x", "http://ada:pw@127.0.0.1/x", "http://127.0.0.1\\@evil.example/x",
        "ftp://127.0.0.1/x", "http:///x", "http://127.0.0.1/x?y", "http://127.0.0.1/x y",
    ])
    func `a token goes to this machine or encrypted, and to nothing that only looks so`(url: String)
    {
        let error = #expect(throws: OperationalError.self) {
            try HTTPRemote(
                name: "lab", url: url, settings: HTTPSettings(credentials: .bearer("secret")))
        }
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `a redirect on the same host is followed`() throws {
        let (result, store) = try prepare([5])
        #expect(try fetch(result, store, "moved").0 == .fetched(result, remote: "moved"))
    }

    @Test func `a token is sent, and a wrong one is a clear error`() throws {
        let (result, store) = try prepare([5])
        for (token, isGood) in [("wrong", false), ("sesame", true)] {
            let remote = try server.remote("token", credentials: .bearer(token))
            let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
            let outcome = try SharingWorld.fetch(result.key, session)
            #expect((outcome == .fetched(result, remote: "token")) == isGood)
            #expect(
                isGood
                    || session.failures[0]?.error.remedy.contains("check the credentials") == true)
        }
    }

    @Test func `a token is not sent in the open to another machine`() throws {
        #expect(throws: OperationalError.self) {
            try HTTPRemote(
                name: "lab", url: "http://cache.example.org/x",
                settings: HTTPSettings(credentials: .bearer("secret")))
        }
    }

    @Test func `a server that is busy is asked again`() throws {
        let (result, store) = try prepare(SharingWorld.noise(2000))
        let remote = try server.remote("flaky")
        let session = RemoteSession(store: store, slots: [RemoteSlot(remote, trust: .any)])
        #expect(try SharingWorld.fetch(result.key, session) == .fetched(result, remote: "flaky"))
        #expect(remote.repeated >= 4)
    }

    @Test(arguments: [1000, 3_000_000])
    func `a connection that breaks goes on where it stopped`(size: Int) throws {
        let (result, store) = try prepare(SharingWorld.noise(size))
        #expect(try fetch(result, store, "cut").0 == .fetched(result, remote: "cut"))
        #expect(try store.bytes(of: result.outputs[0].digest) == SharingWorld.noise(size))
        let ranges = server.log.split(separator: "\n").filter {
            $0.contains("/cut/cas/\(result.outputs[0].digest.hex)") && $0.contains("bytes=")
        }
        #expect(ranges.count == 1)
    }

    @Test func `a wrong range is refused`() throws {
        let (result, store) = try prepare(SharingWorld.noise(3_000_000))
        guard case .refused(_, let text) = try fetch(result, store, "wrongrange").0 else {
            Issue.record("it was not refused")
            return
        }
        #expect(text.contains("found those from 0 on"))
        try expectNothing(store, result)
    }

    @Test(arguments: [("full", "disk is full"), ("readonly", "takes no uploads")])
    func `an upload that is refused names the way out`(mode: String, reason: String) throws {
        let source = try Store.open("\(folder.path)/source")
        let result = try SharingWorld.make(source)
        let session = RemoteSession(
            store: source, slots: [RemoteSlot(try server.remote(mode), trust: .any)])
        do {
            try session.push([result], options: PushOptions())
            Issue.record("it was taken")
        } catch let error as OperationalError {
            #expect(error.code == .remote && error.message.contains(reason), "\(error)")
        }
        #expect(!server.log.contains("PUT /\(mode)/ac/"))
    }

    @Test func `an encrypted server that nobody vouches for is refused`() throws {
        let made = folder.run(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 "
                + "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null && "
                + "cat key.pem cert.pem > both.pem")
        guard made == 0 else {
            skip("no openssl command, so the certificate was not tried")
            return
        }
        let server = HostileServer(certificate: "\(folder.path)/both.pem")
        let store = try Store.open("\(folder.path)/store")
        let session = RemoteSession(
            store: store, slots: [RemoteSlot(try server.remote("good"), trust: .any)])
        #expect(try SharingWorld.fetch(Digest(of: [UInt8(1)].span), session) == .absent)
        let error = session.failures[0]?.error
        #expect(error?.message.contains("the encrypted connection was refused") == true)
        #expect(error?.remedy.contains("SSL_CERT_FILE") == true)
        #expect(!server.log.contains("GET"))
    }
}
