/// A server that keeps what is put: `/cas/<digest>` the blob's own bytes, `/ac/<key>` an entry.
///
/// The layout is the one that bazel-remote serves and that nginx, Apache or `rclone serve` give with
/// WebDAV: anyone can check a blob with `curl URL/cas/DIGEST | sha256sum`.
package final class HTTPRemote: Remote {
    package let name: String
    private let base: String
    private let client: HTTPClient
    private var hasMadeFolders = false
    private lazy var scratch = FrameScratch()
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
        try entries(keys, at: { $0 }, each: each)
    }

    package func entries(
        _ keys: [Digest], by signer: VerifyingKey,
        each: (Digest, RemoteAnswer<RemoteEntry>) throws -> Void
    ) throws {
        try entries(keys, at: { RemoteEntry.address($0, by: signer) }, each: each)
    }

    private func entries(
        _ keys: [Digest], at name: (Digest) -> Digest,
        each: (Digest, RemoteAnswer<RemoteEntry>) throws -> Void
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

    package func fetch(
        _ blobs: [WantedBlob], into batch: BlobBatch,
        each: (WantedBlob, RemoteAnswer<Int>) throws -> Void
    ) throws {
        var place = 0
        try client.run {
            guard place < blobs.count else { return nil }
            defer { place += 1 }
            let blob = blobs[place]
            return HTTPExchange(
                .get, address("cas", blob.digest), tag: place, limit: blob.limit,
                openLimit: blob.size ?? WantedBlob.largestUndeclared,
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
                if let bytes = try scratch.smallBytes(of: blob.digest, layer: layer) {
                    return HTTPExchange(
                        .put, address("cas", blob.digest), tag: place, body: HTTPBytes(bytes))
                }
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
        try put(entries.map { ($0.key, $0.bytes) })
    }

    package func put(_ entries: [RemoteEntry], by signer: VerifyingKey) throws {
        try put(entries.map { (RemoteEntry.address($0.key, by: signer), $0.bytes) })
    }

    /// Writes documents under `ac`.
    private func put(_ documents: [(name: Digest, bytes: [UInt8])]) throws {
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
            throw StoreError.remote(
                name, "\(exchange.url): cannot be written (\(exchange.status))",
                fix: "make the folders cas and ac there, or give the server the right to make them")
        }
    }

    package func tag(_ name: String) throws -> RemoteTag? {
        try list(name, at: RemoteTag.key(name))
    }

    package func put(_ tag: RemoteTag) throws {
        try put([(RemoteTag.key(tag.name), tag.bytes)])
    }

    /// A list of keys that stands under `ac`.
    private func list(_ name: String, at address: Digest) throws -> RemoteTag? {
        let exchange = try client.run(
            HTTPExchange(
                .get, self.address("ac", address), limit: RemoteTag.largest, sink: HTTPBytes()))
        if exchange.isAbsent { return nil }
        try check(exchange)
        guard let bytes = (exchange.sink as? HTTPBytes)?.bytes,
            let tag = RemoteTag(name: name, parsing: bytes)
        else {
            throw StoreError.remote(
                self.name, "\(exchange.url): expected a list of keys", fix: "push \(name) again")
        }
        return tag
    }
}

extension HTTPRemote {
    package func keys(of kind: String, signers: [VerifyingKey]) throws -> [Digest]? {
        if let all = try listing() { return all }
        var found: [Digest] = []
        for signer in signers {
            found += try list(kind, at: RemoteTag.index(of: kind, by: signer))?.keys ?? []
        }
        return found.isEmpty ? nil : Set(found).sorted()
    }

    /// The names under `ac`, where the server lists a folder: `autoindex` of nginx, rclone and others
    /// each have their own page, and in all of them the names are 64 hexadecimal digits.
    private func listing() throws -> [Digest]? {
        let exchange = try client.run(
            HTTPExchange(.get, "\(base)/ac/", limit: RemoteTag.largest, sink: HTTPBytes()))
        // A server that keeps no list says so in many ways; one that does not answer, or wants other
        // credentials, is another matter.
        if case .final = exchange.failure, exchange.status >= 400, exchange.status != 401 {
            return nil
        }
        try check(exchange)
        guard exchange.isGood, let bytes = (exchange.sink as? HTTPBytes)?.bytes else { return nil }
        var names: Set<Digest> = []
        for word in bytes.split(whereSeparator: { hexDigitValue($0) == nil })
        where word.count == 64 && names.count < 1_000_000 {
            if let name = try? Digest(hex: String(decoding: word, as: UTF8.self)) {
                names.insert(name)
            }
        }
        return names.isEmpty ? nil : names.sorted()
    }

    package func note(_ keys: [Digest], of kind: String, by signer: VerifyingKey) throws {
        let place = RemoteTag.index(of: kind, by: signer)
        let known = (try? list(kind, at: place)?.keys) ?? []
        let new = Set(keys).subtracting(known)
        if new.isEmpty { return }
        try put([(place, RemoteTag(name: kind, keys: known + new.sorted()).bytes)])
    }

    package func probe(writing: Bool) throws -> String {
        // A key that nobody has: a server that answers it with anything has no results.
        let key = Digest(of: Array("bitlaw/probe/1\n\(randomName())".utf8).span)
        try entries([key]) { _, answer in
            if case .absent = answer { return }
            throw StoreError.remote(
                name, "\(base): answers addresses that nothing stands at",
                fix: "check the address; /cas/DIGEST and /ac/KEY have to be files there")
        }
        guard writing else { return "answers" }
        try put(RemoteTag(name: "bitlaw doctor", keys: []))
        guard try tag("bitlaw doctor")?.keys == [] else {
            throw StoreError.remote(
                name, "\(base): takes uploads, but does not give them back",
                fix: "serve the folder that uploads go to")
        }
        return "readable and writable"
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

    /// The bytes that have to come: as the result says, else as the server does.
    private var expected: Int?

    /// Only a large blob of a known size goes to the disk before it is whole.
    private var isSmall: Bool { expected.map { $0 <= 1 << 18 } ?? true }

    func begin(length: Int?) -> String? {
        expected = blob.size ?? length
        guard blob.size == nil, let length, length > 1 << 20, length > batch.store.freeBytes else {
            return nil
        }
        return "it declares \(length) bytes, but the disk of the store has "
            + "\(batch.store.freeBytes) left"
    }

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
        if draft == nil {
            draft = try BlobDraft(store: batch.store, contentSize: expected ?? 0)
        }
        unsafe hasher?.update(Span(_unsafeBytes: piece))
        try unsafe draft?.append(piece, isLast: count == expected)
    }

    /// Hands the blob to the batch; why not, where it is another.
    func finish() throws -> String? {
        if let size = blob.size ?? expected, count != size {
            return "expected \(size) bytes, found \(count)"
        }
        let found = isSmall ? Digest(of: small.span) : hasher.take()?.finalize()
        guard found == blob.digest else {
            return "its bytes hash to \(found?.hex ?? "nothing")"
        }
        if isSmall {
            try batch.add(small, as: blob.digest)
        } else if let draft {
            try batch.add(draft, as: blob.digest)
        }
        return nil
    }
}
