import Glibc

/// What became of a result that was published.
package enum Publication: Equatable, Sendable {
    /// It is the first under its key.
    case stored
    /// An equal one stood there.
    case alreadyThere
    /// One with other bits stood there; both are kept.
    case conflict(ActionResult)
}

extension Store {
    static func resultPath(_ layer: String, _ key: Digest) -> String {
        let hex = key.hex
        return "\(layer)/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json"
    }

    /// The largest file of a result that is read: no kind comes near.
    static let largestResult = 4 << 20

    /// The result of an action, from the first layer that has one that its policy accepts, and that
    /// layer's number.
    ///
    /// A malformed file is set aside, noted in ``damage``, and treated as missing. A result that
    /// lacks the signatures it needs is noted in ``refusals``, and treated as missing.
    package func result(for key: Digest) throws -> (result: ActionResult, layer: Int)? {
        for (index, _) in layers.enumerated() {
            let policy = trust(ofLayer: index)
            if policy.takesAny {
                if let found = try storedResult(for: key, layer: index) { return (found, index) }
                continue
            }
            var refused: String?
            for candidate in try candidates(for: key, layer: index) {
                let signed = try signed(candidate, layer: index)
                if policy.accepts(signed) { return (candidate, index) }
                refused = refused ?? policy.refusal(of: signed)
            }
            if let refused {
                note(Refusal(origin: layers[index], key: key, reason: refused))
            }
        }
        return nil
    }

    /// The first result that a layer has under a key, whoever made it.
    func storedResult(for key: Digest, layer index: Int) throws -> ActionResult? {
        try readResult(Store.resultPath(layers[index], key), key: key, isOwn: index == 0)
    }

    private func readResult(_ path: String, key: Digest, isOwn: Bool) throws -> ActionResult? {
        do {
            guard let bytes = try readSmallFile(path, limit: Store.largestResult) else {
                return nil
            }
            if let result = ActionResult(asWritten: bytes, key: key) { return result }
            return try ActionResult(json: try JSON(parsing: bytes), key: key)
        } catch let error as JSONError {
            try setAside(path, reason: error.description, isOwn: isOwn)
        } catch let error as ResultFormatError {
            try setAside(path, reason: error.reason, isOwn: isOwn)
        } catch let error as StoreError where error.code == .malformed || error.code == .untrusted {
            try setAside(path, reason: error.message, isOwn: isOwn)
        }
        return nil
    }

    /// Every result that a layer has under a key: the first, then those with other bits.
    package func candidates(for key: Digest, layer: Int) throws -> [ActionResult] {
        var listing = FolderListing()
        return try candidates(for: key, layer: layer, &listing)
    }

    /// The same for many keys, whose folders are listed once.
    func candidates(for key: Digest, layer: Int, _ listing: inout FolderListing) throws
        -> [ActionResult]
    {
        var found: [ActionResult] = []
        if let first = try storedResult(for: key, layer: layer) { found.append(first) }
        let folder = "\(layers[layer])/actions/\(key.hex.prefix(2))"
        let prefix = "\(key.hex.dropFirst(2)).conflict-"
        for name in try listing.names(folder, prefix) where found.count < 64 {
            if let other = try readResult("\(folder)/\(name)", key: key, isOwn: layer == 0),
                !found.contains(where: { $0.outputs == other.outputs })
            {
                found.append(other)
            }
        }
        return found
    }

    /// Makes a result known, durably; every blob that it names has to be stored before.
    ///
    /// A result that is there is never overwritten: where the bits differ, both are kept.
    @discardableResult
    package func publish(_ result: ActionResult) throws -> Publication {
        try publish([result]).first ?? .stored
    }

    /// Makes results known; the waits for the disk are shared.
    @discardableResult
    package func publish(_ results: [ActionResult]) throws -> [Publication] {
        try requireWritable()
        var published: [Publication] = []
        let barrier = try DiskBarrier(self)
        for start in stride(from: 0, to: results.count, by: 4096) {
            let drafts = try results[start..<min(start + 4096, results.count)].map {
                try ResultDraft($0, store: self)
            }
            try barrier.wait(for: drafts.count) {
                for draft in drafts { try draft.synchronize() }
            }
            var folders: Set<String> = []
            for draft in drafts { published.append(try publish(draft, folders: &folders)) }
            try barrier.wait(forFolders: folders)
        }
        return published
    }

    /// Gives a draft its name; `folders` collects what has to reach the disk after it.
    private func publish(_ draft: ResultDraft, folders: inout Set<String>) throws -> Publication {
        let result = draft.result
        let target = Store.resultPath(path, result.key)
        let hex = result.key.hex
        let folder = "\(path)/actions/\(hex.prefix(2))"
        while true {
            if draft.file.renameNew(to: target) {
                folders.insert(folder)
                return .stored
            }
            switch errno {
            case ENOENT:
                try makeFolder(folder)
                folders.insert("\(path)/actions")
            case EEXIST:
                guard let present = try storedResult(for: result.key, layer: 0) else {
                    continue  // it was malformed and has been set aside
                }
                if present.outputs == result.outputs { return .alreadyThere }
                // Named by its outputs, so that the same other bits are kept once.
                let digest = Digest(of: result.statement.json.canonical().span).short
                let name = "\(hex.dropFirst(2)).conflict-\(digest).json"
                if unsafe access("\(folder)/\(name)", F_OK) != 0 {
                    try writeDurably(
                        draft.bytes, folder: folder, name: name, temporary: "\(path)/tmp")
                }
                return .conflict(present)
            case EPERM, EMLINK, EOPNOTSUPP:
                // A file system without hard links: rename is the best there is.
                try draft.file.rename(to: target)
                folders.insert(folder)
                return .stored
            default: throw StoreError.system("write", target)
            }
        }
    }

    /// Copies a result and all it names from a lower layer into the store, verified.
    ///
    /// No blob may have more bytes than the result says.
    /// - Returns: whether everything was there and good.
    package func copyUp(_ result: ActionResult, from layer: Int) throws -> Bool {
        var wanted = result.outputs.map { WantedBlob($0.digest, size: $0.size) }
        wanted += [WantedBlob(result.key, size: nil)]
        if let log = result.log { wanted.append(WantedBlob(log, size: nil)) }
        let batch = try BlobBatch(store: self)
        for (place, blob) in wanted.enumerated() where self.layer(of: blob.digest) != 0 {
            var isThere = false
            for lower in layers.dropFirst() where !isThere {
                isThere = try copyFrame(blob, from: lower, into: batch)
            }
            // A log, or the description of the key, may be missing; no output may.
            guard isThere || place >= result.outputs.count else { return false }
        }
        try batch.commit()
        if layer > 0 { try add(signatures: signatures(of: result, layer: layer), of: result) }
        _ = try publish(result)
        return true
    }

    /// Sets a result aside whose outputs turned out to be missing or damaged.
    package func forget(_ key: Digest, reason: String) throws {
        let path = Store.resultPath(self.path, key)
        if unsafe access(path, F_OK) == 0 { try setAside(path, reason: reason, isOwn: true) }
    }
}

/// A small file that is being written: in `tmp/`, gone with the value unless it is renamed.
final class TextDraft {
    let path: String
    private var isRenamed = false

    convenience init(_ bytes: [UInt8], in store: Store) throws {
        try self.init(bytes, temporary: "\(store.path)/tmp")
    }

    init(_ bytes: [UInt8], temporary: String) throws {
        path = "\(temporary)/text-\(randomName())"
        let file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
        try file.close(path: path)
    }

    deinit { if !isRenamed { _ = unsafe unlink(path) } }

    func synchronize() throws {
        try FileHandle.required(path, O_RDONLY).synchronize(path: path)
    }

    func rename(to target: String) throws {
        guard unsafe Glibc.rename(path, target) == 0 else {
            throw StoreError.system("write", target)
        }
        isRenamed = true
    }

    /// Gives the file its name unless something has it already.
    ///
    /// - Returns: whether it has it; else `errno` tells why not.
    func renameNew(to target: String) -> Bool {
        let number = Cache.renameNew(path, to: target)
        if number == 0 {
            isRenamed = true
            return true
        }
        // NFS and others do not know the call; link(2), unlike rename(2), refuses to replace too.
        guard number == EINVAL || number == ENOSYS || number == EOPNOTSUPP else {
            errno = number
            return false
        }
        return unsafe link(path, target) == 0
    }
}

/// A result that is being written.
private struct ResultDraft {
    let result: ActionResult
    let bytes: [UInt8]
    let file: TextDraft

    init(_ result: ActionResult, store: Store) throws {
        self.result = result
        bytes = result.json.canonical()
        file = try TextDraft(bytes, in: store)
    }

    func synchronize() throws { try file.synchronize() }
}
