package import Canon
package import LocalStore
import System
package import Trust

/// A server that keeps what is put: `/cas/<digest>` the blob's own bytes, `/ac/<key>` an entry.
///
/// The layout is the one that bazel-remote serves and that nginx, Apache or `rclone serve` give with
/// WebDAV: anyone can check a blob with `curl URL/cas/DIGEST | sha256sum`.
package final class HTTPRemote: Remote {
    /// What a person calls it.
    package let name: String
    let base: String
    let client: HTTPClient
    /// Told of the bytes of blobs as they move.
    package var onBytes: (Int) -> Void = { _ in }
    private var hasMadeFolders = false
    /// When the oldest of the entries was read that may be written next.
    var lastLook: ContinuousClock.Instant?
    /// How old that may be, so that an entry is written without another look at it.
    package var freshness = Duration.seconds(2)
    private lazy var scratch = FrameScratch()
    /// What serves, and ends with the remote.
    private let server: AnyObject?

    /// Names a server; nothing is sent yet.
    ///
    /// `keeping` is held as long as the remote is.
    ///
    /// - Throws: ``OperationalError`` `remote`.
    package init(name: String, url: String, settings: HTTPSettings, keeping: AnyObject? = nil)
        throws
    {
        self.name = name
        server = keeping
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        base = url
        do {
            client = try HTTPClient(base: url, settings: settings)
        } catch {
            throw OperationalError.remote(name, error.message, fix: error.remedy)
        }
    }

    /// How many requests were repeated after a failure.
    package var repeated: Int { client.repeated }

    func address(_ folder: String, _ digest: Digest) -> String {
        "\(base)/\(folder)/\(digest.hex)"
    }

    /// The failure of an exchange as this remote's.
    func check(_ exchange: HTTPExchange) throws {
        switch exchange.failure {
        case nil: return
        case .transient(let reason):
            throw OperationalError.remote(
                name,
                "\(exchange.url): \(reason)"
                    + (exchange.attempts > 1 ? " (\(exchange.attempts) attempts)" : ""),
                fix: "check the network and the server; what was transferred stays")
        case .final(let reason, let fix):
            throw OperationalError.remote(name, "\(exchange.url): \(reason)", fix: fix)
        }
    }

    /// Whether what an answer lacks is the object's fault alone, not the remote's.
    private func isObjectsFault(_ exchange: HTTPExchange) -> String? {
        guard exchange.refusal != nil, exchange.hasBegun,
            case .final(let reason, _) = exchange.failure
        else { return nil }
        return reason
    }

    /// Reads the entries under keys, many at once.
    package func entries(
        _ keys: [Digest], each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void
    ) throws {
        lastLook = lastLook ?? ContinuousClock.now
        try entries(keys, at: { $0 }, each: each)
    }

    /// Reads what one signer said under keys.
    package func entries(
        _ keys: [Digest], by signer: VerifyingKey,
        each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void
    ) throws {
        try entries(keys, at: { RemoteEntry.address($0, by: signer) }, each: each)
    }

    private func entries(
        _ keys: [Digest], at name: (Digest) -> Digest,
        each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void
    ) throws {
        var place = 0
        try client.run {
            guard place < keys.count else { return nil }
            defer { place += 1 }
            return HTTPExchange(
                .get, address("ac", name(keys[place])), tag: place, limit: RemoteEntry.largest,
                sink: HTTPBytes())
        } done: { exchange in
            let key = keys[exchange.tag]
            if exchange.isAbsent { return try each(key, .absent) }
            if let reason = isObjectsFault(exchange) { return try each(key, .bad(reason)) }
            try check(exchange)
            let bytes = (exchange.sink as? HTTPBytes)?.bytes ?? []
            let entry: RemoteEntry
            do throws(ResultFormatError) {
                entry = try RemoteEntry(parsing: bytes, key: key)
            } catch { return try each(key, .bad(error.reason)) }
            try each(key, .found(entry))
        }
    }

    /// Downloads blobs into a batch: hashed, bounded and compressed as they come.
    package func fetch(
        _ blobs: [WantedBlob], into batch: BlobBatch,
        each: (WantedBlob, StoreAnswer<Int>) throws -> Void
    ) throws {
        var place = 0
        try client.run {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            let blob = blobs[place]
            return HTTPExchange(
                .get, address("cas", blob.digest), tag: place, limit: blob.limit,
                openLimit: blob.size ?? WantedBlob.largestUndeclared,
                sink: BlobSink(blob, batch: batch, onBytes: onBytes))
        } done: { exchange in
            let blob = blobs[exchange.tag]
            if exchange.isAbsent { return try each(blob, .absent) }
            if let reason = isObjectsFault(exchange) { return try each(blob, .bad(reason)) }
            try check(exchange)
            if let sink = exchange.sink as? BlobSink, let reason = try sink.finish() {
                return try each(blob, .bad(reason))
            }
            try each(blob, .found(exchange.received))
            if batch.isFull { try batch.commit() }
        }
    }

    /// Asks for each blob whether it is there, with the right length.
    package func absent(_ blobs: [WantedBlob]) throws -> Set<Digest> {
        var found: Set<Digest> = []
        var place = 0
        try client.run {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            return HTTPExchange(.head, address("cas", blobs[place].digest), tag: place)
        } done: { exchange in
            let blob = blobs[exchange.tag]
            if exchange.isAbsent {
                found.insert(blob.digest)
                return
            }
            try check(exchange)
            // Another length is a file that somebody else wrote there: it is replaced.
            if let size = blob.size, let length = exchange.declaredLength, size != length {
                found.insert(blob.digest)
            }
        }
        return found
    }

    /// Uploads blobs of a store, each verified as it is read.
    package func put(
        _ blobs: [WantedBlob], from store: Store, each: (WantedBlob, Int) throws -> Void
    ) throws {
        var place = 0
        try upload {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            let blob = blobs[place]
            for layer in store.layers {
                if let bytes = try scratch.smallBytes(of: blob.digest, layer: layer) {
                    return HTTPExchange(
                        .put, address("cas", blob.digest), tag: place, body: HTTPBytes(bytes))
                }
                if let reader = try BlobReader(blob.digest, layer: layer) {
                    reader.onBytes = onBytes
                    return HTTPExchange(
                        .put, address("cas", blob.digest), tag: place, body: reader)
                }
            }
            throw OperationalError(
                code: .missing, message: "\(store.path): blob \(blob.digest.hex) is gone",
                remedy: "bitlaw verify --repair, then push again")
        } done: { exchange in
            let size = exchange.body?.size ?? 0
            if exchange.body is HTTPBytes { onBytes(size) }
            try each(blobs[exchange.tag], size)
        }
    }

    /// Writes what one signer said.
    package func put(_ entries: [RemoteEntry], by signer: VerifyingKey) throws {
        try put(entries.map { (RemoteEntry.address($0.key, by: signer), $0.bytes) })
    }

    /// Writes documents under `ac`.
    func put(_ documents: [(name: Digest, bytes: [UInt8])]) throws {
        var place = 0
        try upload {
            guard place < documents.count else { return nil }
            defer { place += 1 }
            return HTTPExchange(
                .put, address("ac", documents[place].name), tag: place,
                body: HTTPBytes(documents[place].bytes))
        } done: { _ in
        }
    }

    /// Runs uploads; where the server says that the folder is missing, makes it and tries again.
    private func upload(
        next: () throws -> HTTPExchange?, done: (HTTPExchange) throws -> Void
    ) throws {
        var again: [HTTPExchange] = []
        try client.run(next: next) { exchange in
            if exchange.failure == nil, [404, 409].contains(exchange.status), !hasMadeFolders {
                again.append(exchange)
                return
            }
            try finishUpload(exchange)
            try done(exchange)
        }
        guard !again.isEmpty else { return }
        for folder in ["", "cas", "ac"] {
            _ = try client.run(HTTPExchange(.makeCollection, "\(base)/\(folder)"))
        }
        hasMadeFolders = true
        try client.run {
            again.popLast()
        } done: { exchange in
            try finishUpload(exchange)
            try done(exchange)
        }
    }

    private func finishUpload(_ exchange: HTTPExchange) throws {
        try check(exchange)
        guard exchange.isGood else {
            throw OperationalError.remote(
                name, "\(exchange.url): cannot be written (\(exchange.status))",
                fix: "make the folders cas and ac there, or give the server the right to make them")
        }
    }
}
