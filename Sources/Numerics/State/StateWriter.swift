/// Writes the state of a long computation as bytes: a name, numbers one after the other, a checksum.
///
/// All are little-endian: the name has 8 bytes, a number 8, a list its count and then its elements (a
/// `Float` has 4 bytes). The last 8 bytes are a checksum over those before.
package struct StateWriter {
    private var bytes: [UInt8] = []

    /// Starts a state; the name says whose it is and in which layout: 8 letters or digits.
    package init(name: String, size: Int = 0) {
        precondition(name.utf8.count == 8, "\(name): expected 8 letters")
        bytes.reserveCapacity(size + 16)
        bytes += name.utf8
    }

    /// Adds a whole number.
    package mutating func add(_ value: Int) { add(UInt64(bitPattern: Int64(value))) }

    /// Adds 64 bits.
    package mutating func add(_ word: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }

    /// Adds a number.
    package mutating func add(_ value: Double) { add(value.bitPattern) }

    /// Adds a list.
    package mutating func add(_ values: [Double]) {
        add(values.count)
        for value in values { add(value.bitPattern) }
    }

    /// Adds a list.
    package mutating func add(_ values: [Float]) {
        add(values.count)
        for value in values {
            let word = value.bitPattern
            for place in 0..<4 {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * place)))
            }
        }
    }

    /// Adds bytes, such as the state of a part.
    package mutating func add(_ part: [UInt8]) {
        add(part.count)
        bytes += part
    }

    /// The whole state.
    package consuming func finish() -> [UInt8] { Self.sealed(bytes) }

    /// Bytes with their checksum behind them.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var writer = StateWriter(bytes)
        writer.add(StateReader.checksum(bytes[...]))
        return writer.bytes
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }
}
