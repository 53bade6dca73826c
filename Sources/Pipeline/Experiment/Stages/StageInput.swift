public import Canon
import System

/// One consumed output of one action (or file, or source): coordinates and bytes.
///
/// ```swift
/// for input in context.inputs("walks") {
///     let facts = try JSON(parsing: input.bytes())
///     let steps = input.coordinates.first { $0.axis == "steps" }?.value
///     context.log("\(input.producer): \(steps?.integer ?? 0), \(facts["distance"]?.double ?? 0)")
/// }
/// ```
public struct StageInput: Sendable {
    /// The producing action's name, such as `error[samples=1000]`; a path or URL for a file.
    public let producer: String
    /// Which output of the producer it is; empty for a file.
    public let output: String
    /// The producer's coordinates, in the order of its axes; empty where it varies over none.
    public let coordinates: [Coordinate]
    /// The digest of the bytes; of a folder that of its tree.
    public let digest: Digest
    /// What a program finds it under.
    package let name: String
    /// Whether it is a folder.
    public let isTree: Bool
    /// Whether it may be executed.
    package let isExecutable: Bool
    /// Whether it is one of a collection, even where there is no other.
    package let isCollected: Bool
    private let read: @Sendable () throws -> [UInt8]
    private let place: @Sendable () throws -> String

    /// Names an input and how its bytes are had: `read` gives the verified bytes, `place` the path
    /// of a file, or folder, with them.
    ///
    /// One that has no coordinates, not even none, stands alone.
    package init(
        producer: String, output: String = "", coordinates: [Coordinate]?, digest: Digest,
        name: String = "",
        isTree: Bool = false, isExecutable: Bool = false,
        read: @escaping @Sendable () throws -> [UInt8],
        place: @escaping @Sendable () throws -> String
    ) {
        self.producer = producer
        self.output = output
        self.coordinates = coordinates ?? []
        isCollected = coordinates != nil
        self.digest = digest
        self.name = name
        self.isTree = isTree
        self.isExecutable = isExecutable
        self.read = read
        self.place = place
    }

    /// The producing action's stage, such as `error`; a path or URL for a file.
    package var stage: String { String(producer.prefix { $0 != "[" }) }

    /// The bytes, verified against the digest.
    public func bytes() throws -> [UInt8] { try read() }

    /// The path of a read-only file with the bytes, in the attempt's folder.
    public func path() throws -> String { try place() }
}
