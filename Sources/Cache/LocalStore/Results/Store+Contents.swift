package import Canon
import Glibc

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

extension Store {
    /// What is left of the store's disk, in bytes; no bound where that cannot be told.
    package var freeBytes: Int {
        var status = statvfs()
        return unsafe statvfs(path, &status) == 0
            ? Int(status.f_bavail) * Int(status.f_frsize) : .max
    }
}
