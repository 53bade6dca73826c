package import Canon
import System

/// One consumed output of one action (or file, or source): coordinates and bytes.
package struct StageInput: Sendable {
    /// The producing action's name, such as `error[samples=1000]`; a path or URL for a file.
    package let producer: String
    /// The producer's coordinates, in the order of its axes; empty where it varies over none.
    package let coordinates: [Coordinate]
    /// The digest of the bytes.
    package let digest: Digest
    private let read: @Sendable () throws -> [UInt8]
    private let place: @Sendable () throws -> String

    /// Names an input and how its bytes are had: `read` gives the verified bytes, `place` the path
    /// of a file with them.
    package init(
        producer: String, coordinates: [Coordinate], digest: Digest,
        read: @escaping @Sendable () throws -> [UInt8],
        place: @escaping @Sendable () throws -> String
    ) {
        self.producer = producer
        self.coordinates = coordinates
        self.digest = digest
        self.read = read
        self.place = place
    }

    /// The bytes, verified against the digest.
    package func bytes() throws -> [UInt8] { try read() }

    /// The path of a read-only file with the bytes, in the attempt's folder.
    package func path() throws -> String { try place() }
}
