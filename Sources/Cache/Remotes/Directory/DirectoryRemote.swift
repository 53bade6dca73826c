package import Canon
import Glibc
package import LocalStore
import System
package import Trust

/// A store in a folder: local, on NFS, on a stick.
package final class DirectoryRemote: Remote {
    /// What a person calls it.
    package let name: String
    private let path: String
    private let store: Store
    /// Told of the bytes of blobs as they move.
    package var onBytes: (Int) -> Void = { _ in }
    private var checkedFolders: Set<String> = []

    /// Opens the folder; `creating` makes a store where there is none.
    ///
    /// - Throws: ``OperationalError`` `remote`, with what is in the way.
    package init(name: String, path: String, creating: Bool) throws {
        self.name = name
        self.path = path
        do {
            // Before anything is locked or written there.
            for folder in Store.folders {
                try DirectoryRemote.requireReal("\(path)/\(folder)")
            }
            store = try Store.open(path, creating: creating)
        } catch let error as OperationalError {
            throw OperationalError.remote(name, error.message, fix: DirectoryRemote.fix(error))
        }
    }

    /// Runs what writes there; what its file system refuses is the remote's failure, not the store's.
    private func writing<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as OperationalError
            where error.code != .corrupt && error.message.hasPrefix(path)
        {
            throw OperationalError.remote(name, error.message, fix: DirectoryRemote.fix(error))
        }
    }

    /// What to do where the folder is somebody's, and not the store of a run.
    private static func fix(_ error: OperationalError) -> String {
        switch error.code {
        case .missing:
            "check the path, and that its file system is mounted; bitlaw push --to makes a store there"
        case .notAStore: "name a folder that bitlaw push made, or an empty one to push to"
        case .diskFull: "free space there, or take less along with push --max-size"
        case .permission: "ask its owner for permission (docs/sharing.md has what a group needs)"
        case .readOnly: "ask its owner for write permission"
        default: error.remedy
        }
    }

    /// Refuses a link where a folder of the store should be: it could lead anywhere.
    private static func requireReal(_ folder: String) throws {
        var status = stat()
        guard unsafe lstat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return }
        throw OperationalError(
            code: .untrusted, message: "\(folder): expected a folder, found a link or a file",
            remedy: "somebody put it there; do not use this store before its owner looked at it")
    }

    private func requireReal(shardsOf digests: [Digest], in folders: [String]) throws {
        for digest in digests {
            for folder in folders {
                let shard = "\(path)/\(folder)/\(digest.hex.prefix(2))"
                if checkedFolders.insert(shard).inserted { try DirectoryRemote.requireReal(shard) }
            }
        }
    }

    /// Reads the results under keys, with all their signatures.
    package func entries(
        _ keys: [Digest], each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void
    ) throws {
        var listing = FolderListing()
        try store.list(keys, layer: 0, &listing)
        // In pieces: what strangers describe at length does not pile up in memory.
        for start in stride(from: 0, to: keys.count, by: 256) {
            let piece = Array(keys[start..<min(start + 256, keys.count)])
            let answers = try piece.concurrentMap { [store, listing] part in
                var listing = listing
                return try part.map { try DirectoryRemote.entry($0, of: store, &listing) }
            }
            for (key, answer) in zip(piece, answers) { try each(key, answer) }
        }
    }

    private static func entry(
        _ key: Digest, of store: Store, _ listing: inout FolderListing
    ) throws -> StoreAnswer<RemoteEntry> {
        var entry: RemoteEntry?
        for candidate in try store.candidates(for: key, layer: 0, &listing) {
            let signed = try store.signed(candidate, &listing)
            if entry == nil { entry = RemoteEntry(signed) } else { entry?.add(signed) }
        }
        if let entry { return .found(entry) }
        let path = Store.resultPath(store.path, key)
        let damage = store.damage.last { $0.path == path }
        return damage.map { .bad($0.reason) } ?? .absent
    }

    /// Copies the frames of blobs as they are, verified.
    package func fetch(
        _ blobs: [WantedBlob], into batch: BlobBatch,
        each: (WantedBlob, StoreAnswer<Int>) throws -> Void
    ) throws {
        try batch.copy(blobs, from: [path], onBytes: onBytes, each: each)
    }

    /// The blobs that are not in the folder.
    package func absent(_ blobs: [WantedBlob]) throws -> Set<Digest> {
        Set(blobs.map { $0.digest }.filter { !store.contains($0) })
    }

    /// Copies blobs of a store into the folder, durably.
    package func put(
        _ blobs: [WantedBlob], from source: Store, each: (WantedBlob, Int) throws -> Void
    ) throws {
        try writing { try putAll(blobs, from: source, each: each) }
    }

    private func putAll(
        _ blobs: [WantedBlob], from source: Store, each: (WantedBlob, Int) throws -> Void
    ) throws {
        try requireReal(shardsOf: blobs.map { $0.digest }, in: ["cas"])
        let batch = try BlobBatch(store: store, expecting: blobs.count)
        var missing: [WantedBlob] = []
        for blob in blobs {
            if batch.isStored(blob.digest) {
                try each(blob, blob.size ?? 0)
            } else {
                missing.append(blob)
            }
        }
        try batch.copy(missing, from: source.layers, onBytes: onBytes) { blob, answer in
            guard case .found(let bytes) = answer else {
                throw OperationalError(
                    code: .corrupt,
                    message: "\(source.path): no good copy of \(blob.digest.hex)",
                    remedy: "bitlaw verify --repair, then push again")
            }
            try each(blob, bytes)
        }
        try batch.commit()
    }

    /// Adds results and signatures; none that is there is changed.
    package func put(_ entries: [RemoteEntry]) throws {
        try writing {
            try requireReal(shardsOf: entries.map { $0.key }, in: ["actions", "signatures"])
            try store.add(signaturesOf: entries.flatMap { $0.results })
            try store.publish(entries.flatMap { $0.results }.map { $0.result.marked([]) })
        }
    }

    /// Nothing: a folder has a file for each signature (docs/FORMAT.md), and ``entries(_:each:)``
    /// reads them all.
    package func entries(
        _ keys: [Digest], by signer: VerifyingKey,
        each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void
    ) throws {
        for key in keys { try each(key, .absent) }
    }

    /// Nothing, as for ``entries(_:by:each:)``.
    package func put(_ entries: [RemoteEntry], by signer: VerifyingKey) {}

    /// The key of every result in the folder.
    package func keys(of kind: String, signers: [VerifyingKey]) throws -> [Digest]? {
        try store.keysOfResults()
    }

    /// Nothing: the folder lists what it has.
    package func note(_ keys: [Digest], of kind: String, by signer: VerifyingKey) {}

    /// Pins what is pushed: the `gc` of the folder knows no run that reaches it.
    package func keep(_ digests: [Digest]) throws { try writing { try store.pinPushed(digests) } }

    /// Tries whether the folder can be read, and with `writing` whether a file can be made durable in it.
    package func probe(writing: Bool) throws -> String {
        if store.isReadOnly {
            guard writing else { return "readable, not writable for you" }
            throw OperationalError.remote(
                name, "\(path): cannot be written by you",
                fix: "ask its owner for write permission (docs/sharing.md has what a group needs)")
        }
        if writing {
            do {
                let batch = try DraftBatch(store, area: "cas", expecting: 1)
                try batch.add([], for: Digest(of: [UInt8]().span), suffix: ".zst")
                try batch.synchronize()
            } catch let error as OperationalError {
                throw OperationalError.remote(name, error.message, fix: error.remedy)
            }
        }
        return writing ? "readable and writable" : "readable"
    }

    /// The keys under a name.
    package func tag(_ name: String) throws -> RemoteTag? { try store.tag(name) }

    /// Gives keys a name, by a pin.
    package func put(_ tag: RemoteTag) throws { try writing { try store.put(tag) } }
}
