/// How a file is compressed, by its first bytes.
package enum Packing: String, Sendable {
    case gzip
    case zstd

    /// The most bytes that one file may give: 1 GiB.
    package static let most = 1 << 30

    private static let zstdMagic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    /// What the first bytes say; `nil` for a file that is neither.
    package init?(_ bytes: [UInt8]) {
        if bytes.starts(with: Gzip.magic) {
            self = .gzip
        } else if bytes.starts(with: Packing.zstdMagic) {
            self = .zstd
        } else {
            return nil
        }
    }

    /// What a compressed file holds.
    ///
    /// - Throws: ``PackingError`` with the place where the file is damaged or cut short, or where it gives
    ///   more than `limit` bytes.
    package func expanded(
        _ bytes: [UInt8], limit: Int = Packing.most
    ) throws(PackingError) -> [UInt8] {
        switch self {
        case .gzip: return try Gzip.expanded(bytes, limit: limit)
        case .zstd: return try Packing.zstd(bytes, limit: limit)
        }
    }

    /// Zstd frames, one after the other, in small pieces, so that the place of a damage is known.
    private static func zstd(_ bytes: [UInt8], limit: Int) throws(PackingError) -> [UInt8] {
        var output: [UInt8] = []
        var decompressor = ZstdDecompressor(takesMore: true)
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        var start = 0
        do {
            while start < bytes.count {
                let end = min(start + 4096, bytes.count)
                try unsafe bytes[start..<end].withUnsafeBytes { input in
                    try unsafe buffer.withUnsafeMutableBytes { buffer in
                        try unsafe decompressor.decompress(input, into: buffer) { piece in
                            guard output.count + piece.count <= limit else {
                                throw PackingError.tooLong(.zstd, limit: limit)
                            }
                            unsafe output.append(contentsOf: piece)
                        }
                    }
                }
                start = end
            }
        } catch let error as PackingError {
            throw error
        } catch { throw .damaged(.zstd, at: start) }
        guard decompressor.isComplete else { throw .cutShort(.zstd, at: bytes.count) }
        return output
    }
}
