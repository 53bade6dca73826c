/// A zlib stream (RFC 1950): DEFLATE with the sum that guards it, as PNG has it.
package enum Zlib {
    /// The bytes of a stream; `nil` where it is damaged or longer than `limit`.
    ///
    /// - Complexity: linear in the output.
    package static func expanded(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard bytes.count >= 6, bytes[0] & 15 == 8, bytes[1] & 32 == 0,
            (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
        else { return nil }
        var stream = Inflate(bytes[2..<bytes.count - 4], limit: limit)
        guard stream.blocks() else { return nil }
        var (a, b) = (1, 0)
        for byte in stream.output {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        let sum = bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        return sum == b << 16 | a ? stream.output : nil
    }
}
