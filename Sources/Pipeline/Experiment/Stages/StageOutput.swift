import System

/// An output that a stage has made.
package enum StageOutput {
    /// It stands at a path.
    case file(String)
    /// It was given whole, and is small.
    case bytes([UInt8])

    /// The most bytes of an output that waits in memory for the end of its action.
    static let mostBytesInMemory = 1 << 16

    /// All its bytes; `nil` where the stage made no file at the path.
    ///
    /// - Throws: ``OperationalError`` where what stands there cannot be read.
    package func bytes() throws -> [UInt8]? {
        switch self {
        case .file(let path): try readWholeFile(path)
        case .bytes(let bytes): bytes
        }
    }
}
