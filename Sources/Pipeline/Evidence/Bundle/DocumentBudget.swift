import Canon
import System

/// What the documents of one archive may cost in all, so that a small archive cannot fill the memory: each
/// of them is bounded, and so is their sum.
struct DocumentBudget {
    /// Bytes that may still be read, and JSON values that may still be made of them.
    private(set) var (bytes, values): (Int, Int)

    /// Allows 64 MiB and a million values, and more for an archive that is itself large: documents of
    /// digests do not compress.
    init(archive path: String) {
        let size = min(sizeOfFile(path) ?? 0, 1 << 40)
        bytes = (64 << 20) + 64 * size
        values = 1_000_000 + size
    }

    /// Takes the bytes of a document that is about to be read.
    ///
    /// - Throws: ``OperationalError`` `malformed` where there are not so many left.
    mutating func take(_ size: Int, for name: String) throws {
        guard size <= bytes else {
            throw OperationalError(
                code: .malformed,
                message:
                    "\(printable(name)): expected documents that are small beside their archive, "
                    + "found more than 64 MiB and 64 times its bytes",
                remedy: "do not read this archive; ask whoever sent it how it was made")
        }
        bytes -= size
    }

    /// Reads a document; `nil` where it is no JSON, and where it has more values than are left.
    mutating func json(_ bytes: [UInt8]) -> JSON? { try? JSON(parsing: bytes, values: &values) }
}
