package import Canon

/// The seed of an action: part of its key, shown by `why`.
package enum DerivedSeed {
    /// The first 8 bytes of SHA-256 over the canonical JSON of
    /// `["bitlaw/seed/1", seed, stream, {replicate axis: value}]`.
    ///
    /// Only replicate-like axes enter, so actions that differ in another axis share their random
    /// numbers, and adding a point to an axis changes nobody's seed. The stream is empty for a program
    /// that is given no seed: then the seed only keeps its replicates apart.
    package static func derive(
        experiment: UInt64, stream: String, replicates: [String: JSON]
    ) -> UInt64 {
        let document: JSON = [
            "bitlaw/seed/1", .string(String(experiment)), .string(stream), .object(replicates),
        ]
        let hex = Digest(of: document.canonical().span).hex
        return UInt64(hex.prefix(16), radix: 16) ?? 0
    }

    /// A seed as keys and people see it: `0x` and 16 digits.
    package static func text(_ seed: UInt64) -> String {
        let digits = String(seed, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Reads what ``text(_:)`` wrote; `nil` for anything else.
    package static func read(_ text: String) -> UInt64? { UInt64(text.dropFirst(2), radix: 16) }
}
