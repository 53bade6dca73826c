package import Canon
import System

/// The blobs that people added to the store by hand: each has a pin of its own.
extension Store {
    /// What the names of the pins of added files begin with.
    static let addedPrefix = "added-"

    /// Pins a blob that a person put into the store by hand, until `gc` is told otherwise.
    ///
    /// - Throws: ``OperationalError``.
    package func pinAdded(_ digest: Digest) throws {
        try requireWritable()
        try makeFolder("\(path)/pins")
        try makeWay(for: "\(path)/pins/\(Store.addedPrefix)\(digest.hex)")
        try writeWholeFile(
            Store.pin(ofAdded: digest),
            to: "\(path)/pins/\(Store.addedPrefix)\(digest.hex)", .durable, drafts: "\(path)/tmp")
    }

    /// The blobs that people added to the store by hand, whether they are there or not.
    package func addedBlobs() throws -> [Digest] {
        try namesInFolder("\(path)/pins").compactMap(Store.addedDigest)
    }

    /// The digest in the name of the pin of an added file; `nil` for another kind of pin.
    static func addedDigest(ofPin name: String) -> Digest? {
        guard name.hasPrefix(addedPrefix) else { return nil }
        return try? Digest(hex: String(name.dropFirst(addedPrefix.count)))
    }

    /// What the pin of an added file says.
    static func pin(ofAdded digest: Digest) -> [UInt8] {
        JSON.array([.string(digest.hex)]).canonical()
    }
}
