import System

extension BlobBatch {
    /// Copies the frames of blobs from other stores as they are, hashed and bounded on the way; what is
    /// good waits here then.
    ///
    /// A copy that is damaged, or gives more bytes than it may, is noted in the store's
    /// ``Store/damage`` and counts as missing. Small ones are copied by all processors.
    package func copy(
        _ blobs: [WantedBlob], from layers: [String], onBytes: (Int) -> Void,
        each: (WantedBlob, StoreAnswer<Int>) throws -> Void
    ) throws {
        for start in stride(from: 0, to: blobs.count, by: 1024) {
            let some = blobs[start..<min(start + 1024, blobs.count)]
            let drafts = try some.map { try reserve($0.digest) }
            let copies = zip(some, drafts).map {
                FrameCopy(blob: $0, layers: layers, target: $1.path)
            }
            let outcomes = try copies.concurrentMap { [store] part in
                let scratch = FrameScratch()
                return try part.map { try $0.run(scratch, noting: store) }
            }
            var written: [DraftBatch.Draft] = []
            for (draft, outcome) in zip(drafts, outcomes) {
                if case .copied = outcome { written.append(draft) }
            }
            keep(written)
            for (copy, outcome) in zip(copies, outcomes) {
                switch outcome {
                case .copied(let content, let frame):
                    note(copy.blob.digest, frame)
                    onBytes(content)
                    try each(copy.blob, .found(content))
                case .absent: try each(copy.blob, .absent)
                case .damaged(let reason): try each(copy.blob, .bad(reason))
                case .large: try each(copy.blob, try copyLarge(copy, onBytes: onBytes))
                }
                if isFull { try commit() }
            }
        }
    }

    /// Copies a frame piece by piece.
    private func copyLarge(_ copy: FrameCopy, onBytes: (Int) -> Void) throws -> StoreAnswer<Int> {
        var answer = StoreAnswer<Int>.absent
        for layer in copy.layers {
            let path = Store.blobPath(layer, copy.blob.digest)
            let draft = try BlobDraft(frameIn: store)
            let verdict = try unsafe scratch.verify(
                copy.blob, at: path, largest: .max, onBytes: onBytes
            ) { try unsafe draft.write(frame: $0) }
            switch verdict {
            case .good(let content):
                try add(draft, as: copy.blob.digest)
                return .found(content)
            case .absent, .large: continue
            case .damaged(let reason):
                store.note(Damage(path: path, reason: reason))
                answer = .bad(reason)
            }
        }
        return answer
    }
}
