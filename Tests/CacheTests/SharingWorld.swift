import Canon
import Glibc
import LocalStore
import Remotes
import System
import TestSupport
import Trust

/// Stores with results, and servers on loopback, for the tests of sharing.
enum SharingWorld {
    /// A result with outputs of these bytes, whole in the store.
    @discardableResult
    static func make(
        _ store: Store, key text: String = "a key",
        outputs: [String: [UInt8]] = ["out": [1, 2, 3]],
        seconds: Double = 1
    ) throws -> ActionResult {
        let key = try store.put(Array(text.utf8))
        let result = ActionResult(
            key: key, kind: "test", version: 1,
            outputs: try outputs.map { name, bytes in
                ActionResult.Output(name: name, digest: try store.put(bytes), size: bytes.count)
            }, log: nil, seconds: seconds, madeAt: "2026-01-01T00:00:00Z")
        try store.publish(result)
        return result
    }

    /// The account whose results are signed.
    static let account = AccountSecret(bytes: Array(repeating: 3, count: 32))

    /// Bytes that do not compress, the same each time.
    static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// A key from a fixed seed.
    static func key(_ byte: UInt8) throws -> SigningKey {
        try SigningKey(text: hexText([UInt8](repeating: byte, count: 32)), origin: "the test")
    }

    /// What became of one key.
    static func fetch(_ key: Digest, _ session: RemoteSession) throws -> FetchOutcome {
        var found = FetchOutcome.absent
        try session.fetch([key]) { _, outcome in found = outcome }
        return found
    }
}

/// The server of `Tests/Support/hostile.py`, as long as the value lives.
@safe final class HostileServer {
    let folder: TemporaryFolder
    let port: Int
    let otherPort: Int
    private let input: UnsafeMutablePointer<FILE>?
    private let scheme: String

    /// Starts it, with TLS where a certificate is named.
    init(certificate: String? = nil) {
        folder = TemporaryFolder()
        scheme = certificate == nil ? "http" : "https"
        let command =
            "python3 '\(Repository.support("hostile.py"))' '\(folder.path)' '\(folder.path)/port' "
            + (certificate.map { "'\($0)'" } ?? "")
        // Closed on exec: a program that another test starts must not keep the server alive.
        unsafe input = unsafe popen(command, "we")
        folder.run("while ! test -e port; do sleep 0.01; done")
        let ports = folder.text("port")
            .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        (port, otherPort) = (ports.first ?? 0, ports.last ?? 0)
    }

    deinit { unsafe pclose(input) }

    /// Its address, with a misbehaviour.
    func url(_ mode: String) -> String { "\(scheme)://127.0.0.1:\(port)/\(mode)" }

    /// A remote that misbehaves like this; failures are found out soon.
    func remote(_ mode: String, credentials: HTTPSettings.Credentials = .netrc) throws -> HTTPRemote
    {
        try HTTPRemote(
            name: mode, url: url(mode),
            settings: HTTPSettings(
                credentials: credentials, parallel: 4, patience: 1, retries: 3, backoff: 1))
    }

    /// The requests so far.
    var log: String { folder.text("log") }
}
