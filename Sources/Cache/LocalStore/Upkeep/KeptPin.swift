import Canon

/// What a pin keeps.
struct KeptPin {
    /// The keys and blobs.
    let digests: [Digest]

    /// Reads a file of `pins/`.
    ///
    /// The name of a file that was added has its digest, so it is kept whatever its pin says. The name of
    /// what was pushed has the digest of its list, so damage of it is seen.
    /// - Throws: ``UnreadableFile``.
    init(name: String, _ bytes: [UInt8]?) throws {
        let listed = bytes.flatMap { try? JSON(parsing: $0).elements }?.map {
            $0.text.flatMap { try? Digest(hex: $0) }
        }
        let found = listed.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) }
        if let added = Store.addedDigest(ofPin: name) {
            digests = Set((found ?? []) + [added]).sorted()
            return
        }
        guard let bytes, let found else {
            throw UnreadableFile(reason: "expected a JSON list of SHA-256 digests")
        }
        if let named = Store.pushedDigest(ofPin: name), named != Digest(of: bytes.span) {
            throw UnreadableFile(reason: "its bytes have another SHA-256 than its name says")
        }
        digests = found
    }
}
