package import Canon
package import LocalStore
import System

extension RemoteSession {
    /// Brings blobs that no result names to the first remote, those that it has excepted: files that
    /// people added to their store, and that an experiment reads.
    ///
    /// - Throws: ``OperationalError``.
    package func push(blobs digests: [Digest], options: PushOptions) throws {
        guard let slot = slots.first, !options.metaOnly else { return }
        var wanted: [WantedBlob] = []
        for digest in Set(digests).sorted() {
            guard let size = try store.size(of: digest) else { continue }
            if size > options.maxSize ?? .max {
                count.refused += 1
            } else {
                wanted.append(WantedBlob(digest, size: size))
            }
        }
        if wanted.isEmpty { return }
        let absent = try slot.remote.absent(wanted)
        let sent = wanted.filter { absent.contains($0.digest) }
        let bytes = sent.reduce(0) { $0 + ($1.size ?? 0) }
        if options.dryRun {
            count.blobs += sent.count
            count.bytes += bytes
            return
        }
        try slot.remote.keep(wanted.map { $0.digest })
        count.expected += bytes
        try slot.remote.put(sent, from: store) { _, bytes in
            count.blobs += 1
            count.bytes += bytes
            onProgress(count)
        }
    }

    /// The blobs that none of the remotes that work has.
    package func absent(_ blobs: [WantedBlob]) throws -> Set<Digest> {
        var open = blobs
        for place in slots.indices where !open.isEmpty {
            let absent = try with(place, asking: open.count) { try $0.remote.absent(open) }
            if let absent { open.removeAll { !absent.contains($0.digest) } }
        }
        return Set(open.map { $0.digest })
    }
}
