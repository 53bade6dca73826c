extension Store {
    /// The key of every result in the store itself, in order.
    package func keysOfResults() throws -> [Digest] {
        try digests(in: "actions", suffix: ".json")
    }

    /// The document of an action key as JSON; `nil` where no layer has it.
    package func keyDocument(_ key: Digest) -> JSON? {
        guard contains(key), let bytes = try? bytes(of: key) else { return nil }
        return try? JSON(parsing: bytes)
    }
}

/// Writes a whole file, durably, in place of what stands there: complete or not at all.
///
/// - Throws: ``StoreError`` naming the path.
package func writeFileDurably(_ bytes: [UInt8], to path: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    try writeDurably(bytes, folder: folder.isEmpty ? "/" : folder, name: name, temporary: folder)
}
