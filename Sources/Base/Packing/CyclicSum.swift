/// A cyclic redundancy check of 32 bits whose low bit comes first.
package struct CyclicSum: Sendable {
    private let table: [UInt32]

    /// The sum of gzip and PNG.
    package static let ieee = CyclicSum(polynomial: 0xEDB8_8320)
    /// Castagnoli's sum, of TFRecord files (RFC 3720, appendix B.4).
    package static let castagnoli = CyclicSum(polynomial: 0x82F6_3B78)

    private init(polynomial: UInt32) {
        table = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { rest, _ in
                rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1
            }
        }
    }

    /// The sum of some bytes.
    package func sum(of bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
