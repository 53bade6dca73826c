package import Canon

/// What a check of the store found.
package struct VerifyReport: Sendable, Equatable {
    /// How many blobs and results were read.
    package var blobs = 0
    /// How many action results were read.
    package var results = 0
    /// Uncompressed bytes that were hashed.
    package var bytes = 0
    /// What was damaged; set aside already where the store could be written.
    package var damage: [Damage] = []
    /// Results whose outputs are not all there: the next run makes them again.
    package var incomplete: [Digest] = []
}

extension Store {
    /// Reads and hashes every blob, or an evenly spread sample, and reads every result.
    ///
    /// `sample` is how many blobs at most; `progress` is told how many of how many were read.
    package func verify(
        sample: Int? = nil, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> VerifyReport {
        var report = VerifyReport()
        let before = damage.count
        var blobs = try allBlobs()
        if let sample, sample < blobs.count {
            blobs = (0..<max(0, sample)).map { blobs[$0 * blobs.count / sample] }
        }
        for (index, digest) in blobs.enumerated() {
            _ = try unsafe read(digest, in: path, isOwn: true) { piece in
                report.bytes += piece.count
            }
            report.blobs += 1
            progress(index + 1, blobs.count)
        }
        for key in try keysOfResults() {
            guard let found = try result(for: key), found.layer == 0 else { continue }
            report.results += 1
            if !found.result.outputs.allSatisfy({ contains($0.digest) }) {
                report.incomplete.append(key)
            }
        }
        report.damage = Array(damage.dropFirst(before))
        return report
    }
}
