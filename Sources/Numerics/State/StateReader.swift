/// What a state lacks to be the one that was expected; the computation then starts anew.
package struct NotThisState: Error {
    /// A state that is refused.
    package init() {}
}

/// Reads a state that ``StateWriter`` wrote; whatever the bytes are, it reads nothing beyond their end and
/// makes room for no more than they hold.
package struct StateReader {
    private let bytes: [UInt8]
    private var place = 8
    /// Where the checksum starts.
    private let end: Int

    /// The value that `body` reads from a state of a name; `nil` where the bytes are damaged, are of another
    /// name, end too soon or too late, or where `body` finds that they are of another computation.
    package static func read<Value>(
        _ bytes: [UInt8], name: String,
        _ body: (inout StateReader) throws(NotThisState) -> Value
    ) -> Value? {
        do throws(NotThisState) {
            var reader = try StateReader(bytes, name)
            let value = try body(&reader)
            guard reader.place == reader.end else { throw NotThisState() }
            return value
        } catch { return nil }
    }

    private init(_ bytes: [UInt8], _ name: String) throws(NotThisState) {
        self.bytes = bytes
        end = bytes.count - 8
        guard end >= 8, bytes[..<8].elementsEqual(name.utf8) else { throw NotThisState() }
        guard StateReader.littleEndian(bytes[end...]) == StateReader.checksum(bytes[..<end]) else {
            throw NotThisState()
        }
    }

    /// A whole number within bounds.
    package mutating func integer(in range: ClosedRange<Int>) throws(NotThisState) -> Int {
        let value = Int(Int64(bitPattern: try word()))
        guard range.contains(value) else { throw NotThisState() }
        return value
    }

    /// Refuses a state in which another number than this stands here.
    package mutating func expect(_ value: Int) throws(NotThisState) {
        _ = try integer(in: value...value)
    }

    /// Refuses a state in which other bits than these stand here, such as a seed's.
    package mutating func expect(_ bits: UInt64) throws(NotThisState) {
        guard try word() == bits else { throw NotThisState() }
    }

    /// A number, as it was written: NaN too.
    package mutating func number() throws(NotThisState) -> Double {
        Double(bitPattern: try word())
    }

    /// A list of so many numbers.
    package mutating func numbers(_ count: Int) throws(NotThisState) -> [Double] {
        try room(count, 8)
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(Double(bitPattern: next(8))) }
        return values
    }

    /// A list of so many numbers in single precision.
    package mutating func floats(_ count: Int) throws(NotThisState) -> [Float] {
        try room(count, 4)
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            values.append(Float(bitPattern: UInt32(truncatingIfNeeded: next(4))))
        }
        return values
    }

    /// The bytes of a part.
    package mutating func part() throws(NotThisState) -> [UInt8] {
        let count = try integer(in: 0...max(0, end - place))
        guard count <= end - place else { throw NotThisState() }
        defer { place += count }
        return Array(bytes[place..<(place + count)])
    }

    /// Checks that a list of so many elements of a size comes next, before anyone makes room for it.
    private mutating func room(_ count: Int, _ size: Int) throws(NotThisState) {
        try expect(count)
        guard count <= (end - place) / size else { throw NotThisState() }
    }

    private mutating func word() throws(NotThisState) -> UInt64 {
        guard end - place >= 8 else { throw NotThisState() }
        return next(8)
    }

    /// The next bytes, which are there.
    private mutating func next(_ size: Int) -> UInt64 {
        defer { place += size }
        return StateReader.littleEndian(bytes[place..<(place + size)])
    }

    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Mixes bytes into 64 bits: any single change changes it, and several do but for a chance of 2⁻⁶⁴.
    ///
    /// Against accident, not against a forger: the store has a SHA-256 of its own over what it keeps.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var state = UInt64(bytes.count) ^ 0x9e37_79b9_7f4a_7c15
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let next = min(place + 8, bytes.endIndex)
            // Each step is one-to-one in the state: a difference, once there, does not go away by itself.
            state = (state ^ littleEndian(bytes[place..<next])) &* 0xff51_afd7_ed55_8ccd
            state ^= state >> 32
            place = next
        }
        return state
    }
}
