extension Store {
    /// Every readable result of the store itself, those with other bits under the same key included.
    ///
    /// - Complexity: reads every result.
    package func allResults() throws -> [ActionResult] {
        try digests(in: "actions", suffix: ".json").flatMap { try candidates(for: $0, layer: 0) }
    }

    /// Every blob of the store itself, by name.
    package func allBlobs() throws -> [Digest] { try digests(in: "cas", suffix: ".zst") }
}
