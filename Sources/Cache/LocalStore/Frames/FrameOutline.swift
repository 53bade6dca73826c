import Canon
import System

/// What the headers of a zstd frame say: the size of its content, and where it ends.
///
/// Reads the frame's header and the three bytes before each block, and decompresses nothing: so a file that
/// was cut off or grew is found at the cost of one read, for content beyond 128 KiB one for each block.
/// Source: RFC 8878, section 3.1.1.
struct FrameOutline: Equatable {
    /// The bytes of the content.
    let content: Int
    /// The bytes of the frame.
    let length: Int

    /// The most bytes of a frame's header and of its first block's.
    private static let most = 18 + 3

    /// Reads the headers of a file; `nil` where it is no frame with a content size, or ends within one.
    init?(of file: borrowing PlainFile) throws {
        let start = try file.read(FrameOutline.most, at: 0)
        guard let header = FrameHeader(start) else { return nil }
        content = header.content
        var offset = header.length
        while true {
            let bytes =
                offset + 3 <= start.count
                ? start[offset..<offset + 3] : try file.read(3, at: offset)[...]
            guard bytes.count == 3, let block = BlockHeader(bytes) else { return nil }
            offset += 3 + block.length
            guard offset <= file.size else { return nil }
            if block.isLast { break }
        }
        length = offset + (header.hasChecksum ? 4 : 0)
    }
}

/// The header of a frame.
private struct FrameHeader {
    let content: Int
    let length: Int
    let hasChecksum: Bool

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 6, bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) else { return nil }
        let flags = bytes[4]
        let isSingle = flags & 0x20 != 0
        guard flags & 0x08 == 0 else { return nil }
        hasChecksum = flags & 0x04 != 0
        let sizeOfSize = [isSingle ? 1 : 0, 2, 4, 8][Int(flags >> 6)]
        let start = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][Int(flags & 3)]
        length = start + sizeOfSize
        guard sizeOfSize > 0, bytes.count >= length else { return nil }
        var size: UInt64 = sizeOfSize == 2 ? 256 : 0
        for (place, byte) in bytes[start..<length].enumerated() {
            size &+= UInt64(byte) << (8 * UInt64(place))
        }
        guard let content = Int(exactly: size) else { return nil }
        self.content = content
    }
}

/// The three bytes before a block.
private struct BlockHeader {
    let isLast: Bool
    /// The bytes of the block that follow.
    let length: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        let value = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        isLast = value & 1 == 1
        switch value >> 1 & 3 {
        case 0, 2: length = value >> 3
        case 1: length = 1  // one byte, repeated
        default: return nil
        }
    }
}
