import System

/// The 512 bytes before a file in a tar archive (POSIX.1-1988, ustar).
enum TarHeader {
    /// Describes a plain file; the name is split at a slash where it is longer than 100 bytes.
    static func bytes(name: String, size: Int, isExecutable: Bool) throws -> [UInt8] {
        var (prefix, rest) = ([UInt8](), Array(name.utf8))
        if rest.count > 100 {
            let slash = rest.indices.first {
                rest[$0] == UInt8(ascii: "/") && rest.count - $0 - 1 <= 100
            }
            guard let slash, slash <= 155, slash > 0 else {
                throw OperationalError(
                    code: .malformed,
                    message: "\(name): expected a path of at most 255 bytes in the bundle",
                    remedy: "give the file a shorter path")
            }
            (prefix, rest) = (Array(rest[..<slash]), Array(rest[(slash + 1)...]))
        }
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: [UInt8], at place: Int) {
            header.replaceSubrange(place..<place + bytes.count, with: bytes)
        }
        func octal(_ value: Int, _ digits: Int) -> [UInt8] {
            let text = String(value, radix: 8)
            return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
        }
        put(rest, at: 0)
        put(octal(isExecutable ? 0o755 : 0o644, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        if size < 1 << 33 {
            put(octal(size, 11), at: 124)
        } else {
            // Base 256, as GNU tar and Python write sizes beyond 8 GiB.
            header[124] = 0x80
            for byte in 0..<8 { header[135 - byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
        }
        put(octal(0, 11), at: 136)
        put(Array(repeating: 0x20, count: 8), at: 148)
        header[156] = UInt8(ascii: "0")
        put(Array("ustar\u{0}00".utf8), at: 257)
        put(prefix, at: 345)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + [0, 0x20], at: 148)
        return header
    }
}
