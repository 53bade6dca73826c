/// A server that keeps what is put: `/cas/<digest>` the blob's own bytes, `/ac/<key>` an entry.
///
/// The layout is the one that bazel-remote serves and that nginx, Apache or `rclone serve` give with
/// WebDAV: anyone can check a blob with `curl URL/cas/DIGEST | sha256sum`.
package final class HTTPRemote: Remote {
    package let name: String
    private let base: String
    private let client: HTTPClient
    private var hasMadeFolders = false
    /// What serves, and ends with the remote.
    private let server: AnyObject?

    /// Names a server; nothing is sent yet.
    ///
    /// `keeping` is held as long as the remote is.
    ///
    /// - Throws: ``StoreError`` `remote`.
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
            throw StoreError.remote(name, error.message, fix: error.remedy)
        }
    }

    /// How many requests were repeated after a failure.
    package var repeated: Int { client.repeated }

    private func address(_ folder: String, _ digest: Digest) -> String {
        "\(base)/\(folder)/\(digest.hex)"
    }

    /// The failure of an exchange as this remote's.
    private func check(_ exchange: HTTPExchange) throws {
        switch exchange.failure {
        case nil: return
        case .transient(let reason):
            throw StoreError.remote(
                name,
                "\(exchange.url): \(reason)"
                    + (exchange.attempts > 1 ? " (\(exchange.attempts) attempts)" : ""),
                fix: "check the network and the server; what was transferred stays")
        case .final(let reason, let fix):
            throw StoreError.remote(name, "\(exchange.url): \(reason)", fix: fix)
        }
    }

    /// Whether what an answer lacks is the object's fault alone, not the remote's.
    private func isObjectsFault(_ exchange: HTTPExchange) -> String? {
        guard exchange.refusal != nil, exchange.hasBegun,
            case .final(let reason, _) = exchange.failure
        else { return nil }
        return reason
    }

    package func entries(
        _ keys: [Digest], each: (Digest, RemoteAnswer<RemoteEntry>) throws -> Void
    ) throws {
        var place = 0
        try client.run {
            guard place < keys.count else { return nil }
            defer { place += 1 }
            return HTTPExchange(
                .get, address("ac", keys[place]), tag: place, limit: RemoteEntry.largest,
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

    package func fetch(
        _ blobs: [WantedBlob], into batch: BlobBatch,
        each: (WantedBlob, RemoteAnswer<Int>) throws -> Void
    ) throws {
        let blobs = try measured(blobs)
        var place = 0
        try client.run {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            let blob = blobs[place]
            return HTTPExchange(
                .get, address("cas", blob.digest), tag: place, limit: blob.limit,
                sink: BlobSink(blob, batch: batch))
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

    /// Blobs that may be large though no result declares their size, with the size that the server
    /// declares: the digest decides in the end, the size only bounds what is taken.
    private func measured(_ blobs: [WantedBlob]) throws -> [WantedBlob] {
        let places = blobs.indices.filter {
            blobs[$0].size == nil && blobs[$0].limit > WantedBlob.largestUndeclared
        }
        if places.isEmpty { return blobs }
        var measured = blobs
        var next = places[...]
        try client.run {
            next.popFirst().map {
                HTTPExchange(.head, address("cas", blobs[$0].digest), tag: $0)
            }
        } done: { exchange in
            let blob = blobs[exchange.tag]
            guard exchange.isGood, let length = exchange.declaredLength, length <= blob.limit else {
                return
            }
            measured[exchange.tag] = WantedBlob(blob.digest, size: length)
        }
        return measured.map {
            $0.size == nil ? WantedBlob($0.digest, size: nil) : $0
        }
    }

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

    package func put(
        _ blobs: [WantedBlob], from store: Store, each: (WantedBlob, Int) throws -> Void
    ) throws {
        var place = 0
        try upload {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            let blob = blobs[place]
            for layer in store.layers {
                if let reader = try BlobReader(blob.digest, layer: layer) {
                    return HTTPExchange(
                        .put, address("cas", blob.digest), tag: place, body: reader)
                }
            }
            throw StoreError(
                code: .missing, message: "\(store.path): blob \(blob.digest.hex) is gone",
                remedy: "bitlaw verify --repair, then push again")
        } done: { exchange in
            try each(blobs[exchange.tag], exchange.body?.size ?? 0)
        }
    }

    package func put(_ entries: [RemoteEntry]) throws {
        var place = 0
        try upload {
            guard place < entries.count else { return nil }
            defer { place += 1 }
            return HTTPExchange(
                .put, address("ac", entries[place].key), tag: place,
                body: HTTPBytes(entries[place].bytes))
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
            throw StoreError.remote(
                name, "\(exchange.url): cannot be written (\(exchange.status))",
                fix: "make the folders cas and ac there, or give the server the right to make them")
        }
    }

    package func tag(_ name: String) throws -> RemoteTag? {
        let exchange = try client.run(
            HTTPExchange(
                .get, address("ac", RemoteTag.key(name)), limit: RemoteTag.largest,
                sink: HTTPBytes()))
        if exchange.isAbsent { return nil }
        try check(exchange)
        guard let bytes = (exchange.sink as? HTTPBytes)?.bytes,
            let tag = RemoteTag(name: name, parsing: bytes)
        else {
            throw StoreError.remote(
                self.name, "\(exchange.url): expected a list of keys",
                fix: "push the tag \(name) again")
        }
        return tag
    }

    package func put(_ tag: RemoteTag) throws {
        var waiting: HTTPExchange? = HTTPExchange(
            .put, address("ac", RemoteTag.key(tag.name)), body: HTTPBytes(tag.bytes))
        try upload {
            defer { waiting = nil }
            return waiting
        } done: { _ in
        }
    }
}

/// Takes a blob's own bytes: hashed, compressed and written as they come, none beyond the declared.
private final class BlobSink: HTTPSink {
    private let blob: WantedBlob
    private let batch: BlobBatch
    private var draft: BlobDraft?
    private var hasher: SHA256Hasher? = SHA256Hasher()
    private var small: [UInt8] = []
    private var count = 0

    init(_ blob: WantedBlob, batch: BlobBatch) {
        self.blob = blob
        self.batch = batch
    }

    /// Only a large blob of a known size goes to the disk before it is whole.
    private var isSmall: Bool { blob.size.map { $0 <= 1 << 18 } ?? true }

    func restart() {
        draft = nil
        hasher = SHA256Hasher()
        small = []
        count = 0
    }

    func receive(_ piece: UnsafeRawBufferPointer) throws {
        count += piece.count
        if isSmall {
            unsafe small.append(contentsOf: piece)
            return
        }
        if draft == nil { draft = try BlobDraft(store: batch.store, contentSize: blob.limit) }
        unsafe hasher?.update(Span(_unsafeBytes: piece))
        try unsafe draft?.append(piece, isLast: count == blob.limit)
    }

    /// Hands the blob to the batch; why not, where it is another.
    func finish() throws -> String? {
        if let size = blob.size, count != size {
            return "expected \(size) bytes, found \(count)"
        }
        let found = isSmall ? Digest(of: small.span) : hasher.take()?.finalize()
        guard found == blob.digest else {
            return "its bytes hash to \(found?.hex ?? "nothing")"
        }
        if isSmall {
            try batch.add(small, as: blob.digest)
        } else if let draft {
            batch.add(draft, as: blob.digest)
        }
        return nil
    }
}
