import Canon

/// The seed of an action: part of its key, shown by `why`.
enum DerivedSeed {
    /// The first 8 bytes of SHA-256 over the canonical JSON of
    /// `["bitlaw/seed/1", seed, stream, {replicate axis: value}]`.
    ///
    /// Only replicate-like axes enter, so actions that differ in another axis share their random
    /// numbers, and adding a point to an axis changes nobody's seed.
    static func derive(experiment: UInt64, stream: String, replicates: [String: JSON]) -> UInt64 {
        let document: JSON = [
            "bitlaw/seed/1", .string(String(experiment)), .string(stream), .object(replicates),
        ]
        let hex = Digest(of: document.canonical().span).hex
        return UInt64(hex.prefix(16), radix: 16) ?? 0
    }
}
