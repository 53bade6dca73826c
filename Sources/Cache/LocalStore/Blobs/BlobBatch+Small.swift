import Canon
import System

extension BlobBatch {
    /// Adds many small blobs, each of at most ``FrameScratch/capacity`` bytes, hashed and compressed by all
    /// processors.
    ///
    /// - Returns: their digests, in their order.
    func add(_ blobs: [[UInt8]]) throws -> [Digest] {
        let digests = try blobs.concurrentMap { $0.map { Digest(of: $0.span) } }
        var seen: Set<Digest> = []
        let fresh = zip(digests, blobs).filter { digest, _ in
            !waiting.contains(digest) && !isStored(digest) && seen.insert(digest).inserted
        }
        let frames = try fresh.map { $1 }.concurrentMap { part in
            let scratch = FrameScratch()
            return try part.map { try scratch.compress($0) }
        }
        for (blob, frame) in zip(fresh, frames) { try add(frame: frame, as: blob.0) }
        return digests
    }
}
