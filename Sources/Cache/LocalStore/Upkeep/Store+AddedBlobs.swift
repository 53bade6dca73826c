package import Canon
import Glibc
import System

/// The blobs that people added to the store by hand: each has a pin of its own.
extension Store {
    /// What the names of the pins of added files begin with.
    static let addedPrefix = "added-"

    /// Pins a blob that a person put into the store by hand, until `gc` is told otherwise.
    ///
    /// - Throws: ``OperationalError``.
    package func pinAdded(_ digest: Digest) throws { try pinAdded([digest]) }

    /// Pins blobs that a person put into the store by hand; the waits for the disk are shared.
    ///
    /// - Throws: ``OperationalError``.
    package func pinAdded(_ digests: [Digest]) throws {
        try requireWritable()
        let folder = "\(path)/pins"
        try makeFolder(folder)
        let pins = Set(digests).sorted().map { digest in
            let name = "\(Store.addedPrefix)\(digest.hex)"
            return Pin(
                bytes: Store.pin(ofAdded: digest), target: "\(folder)/\(name)",
                draft: "\(path)/tmp/\(name)-\(randomName())")
        }
        let barrier = try DiskBarrier(self, expecting: pins.count)
        defer { for pin in pins { _ = unsafe unlink(pin.draft) } }
        for pin in pins {
            try makeWay(for: pin.target)
            try writeWholeFile(pin.bytes, to: pin.draft, .none, isNew: true)
        }
        try barrier.wait(for: pins.count) {
            for pin in pins {
                try FileHandle.required(pin.draft, O_RDONLY).synchronize(path: pin.draft)
            }
        }
        for pin in pins { try place(pin.draft, at: pin.target, replacing: true) }
        try barrier.wait(forFolders: [folder])
    }

    /// A pin on its way to its place.
    private struct Pin {
        let bytes: [UInt8]
        let target: String
        let draft: String
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
