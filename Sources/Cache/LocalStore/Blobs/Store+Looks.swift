package import Canon
import Packing
import System

extension Store {
    /// Looks at the copies of a blob: whether a file is there, ends where its frame does, and has content of
    /// a size.
    ///
    /// With `reading` the bytes are hashed too; without, only the headers of the frame are read, so a changed
    /// byte within a block is not found. What is damaged is set aside and noted in ``damage``.
    package func look(at digest: Digest, size: Int?, reading: Bool = false) throws -> BlobLook {
        for (index, layer) in layers.enumerated() {
            let isOwn = index == 0
            guard let content = try contentSize(of: digest, in: layer, isOwn: isOwn) else {
                continue
            }
            let isOther = size != nil && size != content
            // One of the two is wrong: the bytes tell which.
            if reading || isOther {
                let isGood = try unsafe read(digest, in: layer, isOwn: isOwn) { _ in }
                guard isGood else { continue }
            }
            return isOther ? .otherSize(content) : .whole(layer: index)
        }
        return .absent
    }

    /// The size of the content that the frame of a copy says it has; `nil` where there is none, or a damaged
    /// one, which is set aside.
    func contentSize(of digest: Digest, in layer: String, isOwn: Bool) throws -> Int? {
        let path = Store.blobPath(layer, digest)
        do {
            guard let file = try openCopy(path) else { return nil }
            let outline: FrameOutline?
            do {
                outline = try FrameOutline(of: file)
            } catch let error as OperationalError {
                throw ZstdError(reason: error.reason(at: path))
            }
            guard let outline else { throw ZstdError(reason: "it is no whole frame with a size") }
            if outline.length == file.size { return outline.content }
            throw ZstdError(
                reason: "its frame has \(outline.length) bytes, the file \(file.size)")
        } catch let error as ZstdError {
            try setAside(path, reason: error.reason, isOwn: isOwn)
        } catch let error as ClosedFile {
            note(Damage(path: path, reason: error.reason, outcome: .stays))
        }
        return nil
    }
}
