/// The fields of one message in protobuf's wire format.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct WireReader {
    /// A field's value, as far as the wire tells it.
    enum Value {
        case whole(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    /// Begins with a message.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    /// The next field with its number; `nil` at the end.
    ///
    /// - Throws: ``FormatError`` where the message is damaged.
    mutating func next() throws(FormatError) -> (number: Int, value: Value)? {
        guard offset < bytes.endIndex else { return nil }
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw WireReader.damage }
        let number = Int(key >> 3)
        switch key & 7 {
        case 0: return (number, .whole(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let count = try varint()
            guard count <= UInt64(bytes.endIndex - offset) else { throw WireReader.damage }
            defer { offset += Int(count) }
            return (number, .bytes(bytes[offset..<offset + Int(count)]))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw WireReader.damage
        }
    }

    /// All numbers of a packed field of four or eight bytes each; `nil` where the size does not fit.
    static func packed(_ bytes: ArraySlice<UInt8>, width: Int) -> [UInt64]? {
        guard bytes.count % width == 0 else { return nil }
        let all = Array(bytes)
        return stride(from: 0, to: all.count, by: width).map {
            littleEndian(all, at: $0, count: width)
        }
    }

    private static let damage = FormatError("the message is no protobuf")

    private mutating func varint() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<10 {
            guard offset < bytes.endIndex else { throw WireReader.damage }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte < 0x80 { return value }
        }
        throw WireReader.damage
    }

    private mutating func fixed(_ width: Int) throws(FormatError) -> UInt64 {
        guard bytes.endIndex - offset >= width else { throw WireReader.damage }
        defer { offset += width }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
}
