import Canon
import Packing
import System

extension StoreInspection {
    /// Reads and hashes blobs; those in a shard of another name are put back where their bytes belong.
    mutating func readBlobs(sample: Int?, progress: (Int, Int) -> Void) {
        let (files, misplaced) = shardFiles("cas") { $0 == Store.blobSuffix }
        for file in misplaced { putBack("\(store.path)/\(file)") }
        var chosen = files.map { $0.digest }
        if let sample, sample < chosen.count {
            chosen = (0..<max(0, sample)).map { chosen[$0 * chosen.count / sample] }
        }
        for (index, digest) in chosen.enumerated() {
            readBlob(digest)
            found.blobs += 1
            progress(index + 1, chosen.count)
        }
    }

    private mutating func readBlob(_ digest: Digest) {
        // What is small and good is read with buffers that are there; all else has its damage told below.
        if let bytes = (try? scratch.smallBytes(of: digest, layer: store.path)) ?? nil {
            found.bytes += bytes.count
            sizes[digest] = bytes.count
            return
        }
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
