import Canon
import Packing
import System

extension StoreInspection {
    /// How many blobs are read before it is told how many were.
    private static let batch = 4096

    /// Reads and hashes blobs; those in a shard of another name are put back where their bytes belong.
    mutating func readBlobs(sample: Int?, progress: (Int, Int) -> Void) {
        for file in blobFiles.misplaced { putBack("\(store.path)/\(file)") }
        var chosen = blobFiles.named.map { $0.digest }
        if let sample, sample < chosen.count {
            chosen = (0..<max(0, sample)).map { chosen[$0 * chosen.count / sample] }
        }
        let keys = Set(resultFiles.named.map { $0.digest })
        sizes.reserveCapacity(chosen.count)
        for start in stride(from: 0, to: chosen.count, by: StoreInspection.batch) {
            let digests = Array(chosen[start..<min(start + StoreInspection.batch, chosen.count)])
            for (digest, blob) in zip(digests, smallBlobs(digests, keys)) {
                if let blob { note(digest, blob) } else { readBlob(digest) }
                found.blobs += 1
            }
            progress(found.blobs, chosen.count)
        }
    }

    /// A small blob that is good.
    private struct SmallBlob: Sendable {
        let size: Int
        /// What it says of the kind, where it is the description of a result's key.
        let kind: DescribedKind?
    }

    private mutating func note(_ digest: Digest, _ blob: SmallBlob) {
        found.bytes += blob.size
        sizes[digest] = blob.size
        described[digest] = blob.kind
    }

    /// Reads what is small and good by all processors, with buffers that are there; `nil` for all else, which
    /// has its damage told as it is read again.
    private func smallBlobs(_ digests: [Digest], _ keys: Set<Digest>) -> [SmallBlob?] {
        let layer = store.path
        let read = try? digests.concurrentMap { part in
            let scratch = FrameScratch()
            return part.map { digest -> SmallBlob? in
                guard let bytes = (try? scratch.smallBytes(of: digest, layer: layer)) ?? nil else {
                    return nil
                }
                return SmallBlob(
                    size: bytes.count, kind: keys.contains(digest) ? DescribedKind(bytes) : nil)
            }
        }
        return read ?? digests.map { _ in nil }
    }

    private mutating func readBlob(_ digest: Digest) {
        var size = 0
        var isGood = false
        attempt(Store.blobPath(store.path, digest)) {
            isGood = try unsafe store.read(digest, in: store.path, isOwn: true) { piece in
                size += piece.count
            }
        }
        found.bytes += size
        if isGood { sizes[digest] = size }
    }

    private func putBack(_ path: String) {
        attempt(path) {
            do {
                guard let digest = try unsafe store.digestOfFrame(at: path) else { return }
                try store.putBack(path, as: digest)
            } catch let error as ZstdError {
                try store.setAside(path, reason: error.reason, isOwn: true)
            } catch let error as ClosedFile {
                leave(path, error.reason)
            }
        }
    }

    /// The size of a blob, whichever layer has it; `nil` where none has.
    func size(of digest: Digest) -> Int? {
        if let known = sizes[digest] { return known }
        for (index, layer) in store.layers.enumerated() {
            var size: Int?
            attempt(Store.blobPath(layer, digest)) {
                size = try store.contentSize(of: digest, in: layer, isOwn: index == 0)
            }
            if let size { return size }
        }
        return nil
    }
}

extension StoreInspection.DescribedKind {
    /// What the description of a key says; `nil` where the bytes are none.
    init?(_ bytes: [UInt8]) {
        guard let document = try? JSON(parsing: bytes), let kind = document["kind"]?.text,
            let version = document["version"]?.integer
        else { return nil }
        self.init(kind: kind, version: version)
    }
}
