package import Canon

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
