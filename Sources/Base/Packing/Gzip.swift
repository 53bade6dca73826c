/// A gzip file (RFC 1952): one or more members, each DEFLATE with a check sum and a length.
struct Gzip {
    private let bytes: [UInt8]
    private let limit: Int
    private var offset = 0
    private var output: [UInt8] = []

    /// The first bytes of each file.
    static let magic: [UInt8] = [0x1F, 0x8B]

    /// The bytes of all members.
    ///
    /// - Throws: ``PackingError`` with the place where the file is damaged or cut short.
    static func expanded(_ bytes: [UInt8], limit: Int) throws(PackingError) -> [UInt8] {
        var file = Gzip(bytes: bytes, limit: limit)
        repeat { try file.member() } while file.hasMore()
        return file.output
    }

    private init(bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    /// Whether another member follows; zeros at the end are padding.
    private func hasMore() -> Bool { bytes[offset...].contains { $0 != 0 } }

    private mutating func take(_ count: Int) throws(PackingError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw .cutShort(.gzip, at: bytes.count) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    private mutating func skipText() throws(PackingError) {
        while try take(1).first != 0 {}
    }

    private mutating func header() throws(PackingError) {
        let start = offset
        let fixed = Array(try take(10))
        guard fixed.starts(with: Gzip.magic), fixed[2] == 8, fixed[3] & 0xE0 == 0 else {
            throw .damaged(.gzip, at: start)
        }
        if fixed[3] & 4 != 0 {
            let size = try take(2).reversed().reduce(0) { $0 << 8 | Int($1) }
            _ = try take(size)
        }
        if fixed[3] & 8 != 0 { try skipText() }
        if fixed[3] & 16 != 0 { try skipText() }
        if fixed[3] & 2 != 0 { _ = try take(2) }
    }

    private mutating func member() throws(PackingError) {
        try header()
        let room = limit - output.count
        var stream = Inflate(bytes[offset...], limit: room)
        guard stream.blocks() else {
            if stream.isTooLong { throw .tooLong(.gzip, limit: limit) }
            throw stream.offset >= bytes.count
                ? .cutShort(.gzip, at: bytes.count) : .damaged(.gzip, at: stream.offset)
        }
        offset = stream.offset
        let end = offset
        let sum = try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        let size = try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        guard sum == CyclicSum.ieee.sum(of: stream.output[...]),
            size == UInt32(truncatingIfNeeded: stream.output.count)
        else { throw .damaged(.gzip, at: end) }
        output = output.isEmpty ? stream.output : output + stream.output
    }
}
