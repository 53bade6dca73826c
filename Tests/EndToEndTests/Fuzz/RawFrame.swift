/// A zstd frame whose blocks are not compressed (RFC 8878), so that damage reaches what is inside.
enum RawFrame {
    /// The frame of some bytes.
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        // Magic number; a single segment whose size has eight bytes.
        var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe0]
        for shift in 0..<8 { frame.append(UInt8(truncatingIfNeeded: bytes.count >> (8 * shift))) }
        var start = 0
        repeat {
            let end = min(start + 1 << 17, bytes.count)
            let header = (end - start) << 3 | (end == bytes.count ? 1 : 0)
            for shift in 0..<3 { frame.append(UInt8(truncatingIfNeeded: header >> (8 * shift))) }
            frame += bytes[start..<end]
            start = end
        } while start < bytes.count
        return frame
    }
}

/// The headers of an archive.
enum TarSum {
    /// The archive with the checksum of every header right that stands where one is expected.
    static func mended(_ archive: [UInt8]) -> [UInt8] {
        var bytes = archive
        var place = 0
        while place + 512 <= bytes.count, bytes[place..<place + 512].contains(where: { $0 != 0 }) {
            for spot in 148..<156 { bytes[place + spot] = 0x20 }
            let sum = bytes[place..<place + 512].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text =
                Array((String(repeating: "0", count: max(0, 6 - digits.count)) + digits).utf8) + [
                    0, 0x20,
                ]
            bytes.replaceSubrange(place + 148..<place + 156, with: text)
            let size = bytes[place + 124..<place + 135].reduce(0) { ($0 &* 8) &+ Int($1 & 7) }
            guard size >= 0, size < bytes.count else { break }
            place += 512 + (size + 511) / 512 * 512
        }
        return bytes
    }
}
