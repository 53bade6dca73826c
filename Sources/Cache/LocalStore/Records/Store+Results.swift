package import Canon
import Glibc
package import System
import Trust

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
    /// Where a result stands in a layer.
    package static func resultPath(_ layer: String, _ key: Digest) -> String {
        let hex = key.hex
        return "\(layer)/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json"
    }

    /// The largest file of a result that is read: no kind comes near.
    static let largestResult = 4 << 20

    /// The result of an action, from the first layer that has one that its policy accepts, and that
    /// layer's number.
    ///
    /// A malformed file is set aside, noted in ``damage``, and treated as missing. A result that
    /// lacks the signatures it needs is noted in ``refusals``, and treated as missing. `mistake` says why a
    /// result cannot be that of the action, such as one with other outputs than its kind has: it is set aside
    /// too.
    package func result(
        for key: Digest, mistake: (ActionResult) -> String? = { _ in nil }
    ) throws -> (result: ActionResult, layer: Int)? {
        for (index, _) in layers.enumerated() {
            let policy = trust(ofLayer: index)
            if policy.takesAny {
                guard let found = try storedResult(for: key, layer: index) else { continue }
                guard let reason = mistake(found) else { return (found, index) }
                let place = Store.resultPath(layers[index], key)
                try setAside(place, reason: reason, isOwn: index == 0)
                continue
            }
            var refused: String?
            for candidate in try candidates(for: key, layer: index)
            where mistake(candidate) == nil {
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

    func readResult(_ path: String, key: Digest, isOwn: Bool) throws -> ActionResult? {
        do {
            let read = try readWholeFile(
                path, limit: Store.largestResult, followingLinks: false)
            guard let bytes = read else { return nil }
            if let result = ActionResult(asWritten: bytes, key: key) { return result }
            return try ActionResult(json: try JSON(parsing: bytes), key: key)
        } catch let error as JSONError {
            try setAside(path, reason: error.description, isOwn: isOwn)
        } catch let error as ResultFormatError {
            try setAside(path, reason: error.reason, isOwn: isOwn)
        } catch let error as OperationalError {
            switch error.code {
            case .missing: return nil  // its shard is no folder
            case .malformed, .untrusted, .permission, .inputOutput:
                try setAside(path, reason: error.reason(at: path), isOwn: isOwn)
            default: throw error
            }
        }
        return nil
    }

    /// Every result that a layer has under a key: the first, then those with other bits.
    package func candidates(for key: Digest, layer: Int) throws -> [ActionResult] {
        var listing = FolderListing()
        return try candidates(for: key, layer: layer, &listing)
    }

    /// Lists the folders of a layer that tell of results and their signatures.
    package func list(_ keys: [Digest], layer: Int, _ listing: inout FolderListing) throws {
        for key in keys {
            let shard = key.hex.prefix(2)
            for area in ["actions", "signatures"] {
                try listing.list("\(layers[layer])/\(area)/\(shard)")
            }
        }
    }

    /// The same for many keys, whose folders are listed once.
    package func candidates(for key: Digest, layer: Int, _ listing: inout FolderListing) throws
        -> [ActionResult]
    {
        var found: [ActionResult] = []
        let hex = key.hex
        let folder = "\(layers[layer])/actions/\(hex.prefix(2))"
        let names = try listing.names(folder, "\(hex.dropFirst(2)).")
        if names.isEmpty { return [] }
        if let first = try storedResult(for: key, layer: layer) { found.append(first) }
        let prefix = "\(hex.dropFirst(2)).conflict-"
        for name in names where name.hasPrefix(prefix) && found.count < 64 {
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
    /// A result that is there is never overwritten: where the bits differ, both are kept. One that was `made`
    /// here and now takes the place of one that nobody can use, and sets one aside that it proves wrong.
    @discardableResult
    package func publish(_ result: ActionResult, made: Bool = false) throws -> Publication {
        try publish([result], made: made).first ?? .stored
    }

    /// Makes results known; the waits for the disk are shared.
    @discardableResult
    package func publish(_ results: [ActionResult], made: Bool = false) throws -> [Publication] {
        try requireWritable()
        var published = [Publication](repeating: .stored, count: results.count)
        for start in stride(from: 0, to: results.count, by: 4096) {
            let some = results[start..<min(start + 4096, results.count)]
            let batch = try DraftBatch(self, area: "actions", expecting: some.count)
            try batch.add(Array(some)) {
                ($0.key, ".json")
            } bytes: {
                $0.json.canonical()
            }
            try batch.synchronize()
            try batch.move { place, draft in
                let result = results[start + place]
                published[start + place] = try publish(result, draft, made: made)
                // One that takes the place of another has its name too.
                return unsafe published[start + place] == .stored || access(draft.path, F_OK) != 0
            }
        }
        return published
    }

    /// Gives the draft of a result its name, or that of one with other bits.
    private func publish(
        _ result: ActionResult, _ draft: DraftBatch.Draft, made: Bool
    ) throws -> Publication {
        while true {
            if try place(draft.path, at: draft.target, replacing: false) { return .stored }
            guard let present = try storedResult(for: result.key, layer: 0) else {
                continue  // it was malformed and has been set aside
            }
            if made, let reason = present.contradiction(to: result) {
                try setAside(draft.target, reason: reason, isOwn: true)
                continue
            }
            if present.outputs == result.outputs { return .alreadyThere }
            if made, try !isWhole(present), try isWhole(result) {
                // Nobody could use the first: every run would execute the action again.
                try keepBeside(present, draft)
                try place(draft.path, at: draft.target, replacing: true)
            } else {
                try keepBeside(result, draft)
            }
            return .conflict(present)
        }
    }

    /// Keeps a result with other bits beside the one that counts.
    private func keepBeside(_ result: ActionResult, _ draft: DraftBatch.Draft) throws {
        // Named by its outputs, so that the same other bits are kept once.
        let digest = Digest(of: result.statement.json.canonical().span).short
        let other = "\(draft.target.dropLast(5)).conflict-\(digest).json"
        if unsafe access(other, F_OK) != 0 {
            try writeWholeFile(
                result.json.canonical(), to: other, .durable, drafts: "\(path)/tmp")
        }
    }

    /// Whether every output of a result is there.
    package func isWhole(_ result: ActionResult) throws -> Bool {
        try result.outputs.allSatisfy { try contains($0) }
    }

    /// Copies a result and all it names from a lower layer into the store, verified.
    ///
    /// No blob may have more bytes than the result says.
    /// - Returns: whether everything was there and good.
    package func copyUp(_ result: ActionResult, from layer: Int) throws -> Bool {
        // A log, or the description of the key, may be missing; no output may.
        var others = [WantedBlob(result.key, size: nil)]
        if let log = result.log { others.append(WantedBlob(log, size: nil)) }
        _ = try copyUp(others)
        let named = result.outputs.map { WantedBlob($0.digest, size: $0.size) }
        guard try copyUp(named) else { return false }
        guard let files = try filesOfTrees(in: result), try copyUp(files) else { return false }
        if layer > 0 { try add(signatures: signatures(of: result, layer: layer), of: result) }
        _ = try publish(result)
        return true
    }

    /// Copies blobs from lower layers into the store, verified, unless it has them itself.
    ///
    /// - Returns: whether every one was there and good.
    private func copyUp(_ blobs: [WantedBlob]) throws -> Bool {
        let missing = blobs.filter { layer(of: $0.digest) != 0 }
        if missing.isEmpty { return true }
        var isWhole = true
        let batch = try BlobBatch(store: self, expecting: missing.count)
        try batch.copy(missing, from: also, onBytes: { _ in }) { _, answer in
            if case .found = answer { return }
            isWhole = false
        }
        try batch.commit()
        return isWhole
    }

    /// Sets a result aside whose outputs turned out to be missing or damaged.
    package func forget(_ key: Digest, reason: String) throws {
        let path = Store.resultPath(self.path, key)
        if unsafe access(path, F_OK) == 0 { try setAside(path, reason: reason, isOwn: true) }
    }
}
