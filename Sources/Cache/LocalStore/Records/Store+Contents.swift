package import Canon
import System

/// What the store itself holds, by name.
extension Store {
    /// Every readable result of the store itself, those with other bits under the same key included.
    ///
    /// - Complexity: reads every result.
    package func allResults() throws -> [ActionResult] {
        try keysOfResults().flatMap { try candidates(for: $0, layer: 0) }
    }

    /// The key of every result in the store itself, in order.
    package func keysOfResults() throws -> [Digest] {
        try digests(in: "actions", suffix: ".json")
    }

    /// Every blob of the store itself, by name.
    package func allBlobs() throws -> [Digest] { try digests(in: "cas", suffix: ".zst") }

    /// Every digest in a folder of the store, in order.
    private func digests(in folder: String, suffix: String) throws -> [Digest] {
        var found: [Digest] = []
        for shard in try namesInFolder("\(path)/\(folder)") {
            for name in try namesInFolder("\(path)/\(folder)/\(shard)") where name.hasSuffix(suffix)
            {
                if let digest = try? Digest(hex: shard + name.dropLast(suffix.count)) {
                    found.append(digest)
                }
            }
        }
        return found
    }

    /// The document of an action key as JSON; `nil` where no layer has it.
    package func keyDocument(_ key: Digest) -> JSON? {
        guard contains(key), let bytes = try? bytes(of: key) else { return nil }
        return try? JSON(parsing: bytes)
    }
}
