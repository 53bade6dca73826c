import System

/// A blob whose frame is copied from other stores as it is.
struct FrameCopy: Sendable {
    /// What became of it.
    enum Outcome: Sendable, Equatable {
        /// It is written: so many bytes of the blob, and so many of the frame.
        case copied(content: Int, frame: Int)
        /// No layer has it.
        case absent
        /// The layers that have it have it damaged.
        case damaged(String)
        /// It is too large to be written as a whole.
        case large
    }

    let blob: WantedBlob
    /// The stores that may have it, in the order in which they are asked.
    let layers: [String]
    /// The file to write.
    let target: String

    /// Writes the file, once its bytes are known to be good; notes what is damaged in the store.
    func run(_ scratch: FrameScratch, noting store: Store) throws -> Outcome {
        var outcome = Outcome.absent
        for layer in layers {
            let path = Store.blobPath(layer, blob.digest)
            var frame: [UInt8] = []
            let verdict = try unsafe scratch.verify(
                blob, at: path, largest: FrameScratch.capacity, onBytes: { _ in }
            ) { unsafe frame.append(contentsOf: $0) }
            switch verdict {
            case .good(let content):
                try DraftWriter.write(frame, to: target)
                return .copied(content: content, frame: frame.count)
            case .large: return .large
            case .absent: continue
            case .damaged(let reason):
                store.note(Damage(path: path, reason: reason))
                outcome = .damaged(reason)
            }
        }
        return outcome
    }
}
