import Packing

/// The records of a TFRecord file: each with its length and with sums that guard both.
///
/// Source: tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
struct RecordReader {
    private let bytes: [UInt8]
    /// Where the next record begins.
    private(set) var offset = 0

    /// Begins with a file.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next record; `nil` at the end.
    ///
    /// - Throws: ``FormatError`` with the byte where the file is damaged or cut short.
    mutating func next() throws(FormatError) -> ArraySlice<UInt8>? {
        guard offset < bytes.count else { return nil }
        guard bytes.count - offset >= 12 else { throw cutShort() }
        guard isGuarded(offset..<offset + 8) else {
            throw FormatError("byte \(offset + 1): the record's length differs from its check sum")
        }
        let count = littleEndian(bytes, at: offset, count: 8)
        guard count <= UInt64(bytes.count) else { throw cutShort() }
        let start = offset + 12
        guard bytes.count - start >= Int(count) + 4 else { throw cutShort() }
        let content = start..<start + Int(count)
        guard isGuarded(content) else {
            throw FormatError("byte \(start + 1): the record differs from its check sum")
        }
        offset = content.upperBound + 4
        return bytes[content]
    }

    /// Whether the file's first bytes are a record's length with the sum that belongs to it.
    var isOne: Bool { bytes.count >= 12 && isGuarded(0..<8) }

    /// Whether the four bytes after a range are its masked sum.
    private func isGuarded(_ range: Range<Int>) -> Bool {
        let sum = CyclicSum.castagnoli.sum(of: bytes[range])
        let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
        return littleEndian(bytes, at: range.upperBound, count: 4) == UInt64(masked)
    }

    private func cutShort() -> FormatError {
        FormatError(
            "byte \(offset + 1): the record is cut short by the end of the file; does its program still run?"
        )
    }
}
