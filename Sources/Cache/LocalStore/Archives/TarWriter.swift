import Glibc
import System

/// Writes a deterministic archive: tar (POSIX ustar) in one zstd frame.
///
/// Every header has time 0, owner 0 and no names, so that the tar's bytes follow from the names and
/// contents alone. The compressed bytes also follow from the version of zstd.
@safe package final class TarWriter {
    private let path: String
    private let draft: String
    private let file: FileHandle
    private var compressor = ZstdCompressor(level: 3)
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
    private var isFinished = false

    /// Begins an archive beside its path, where it appears only when it is complete.
    package init(path: String) throws {
        self.path = path
        draft = "\(path).partial-\(randomName())"
        file = try FileHandle.required(draft, O_WRONLY | O_CREAT | O_EXCL)
    }

    deinit {
        unsafe buffer.deallocate()
        if !isFinished { _ = unsafe unlink(draft) }
    }

    /// Adds a small file.
    package func add(_ name: String, _ bytes: [UInt8], isExecutable: Bool = false) throws {
        try append(TarHeader.bytes(name: name, size: bytes.count, isExecutable: isExecutable))
        try append(bytes)
        try pad(bytes.count)
    }

    /// Adds a file of any size.
    package func add(_ name: String, fileAt source: String) throws {
        let handle = try FileHandle.required(source, O_RDONLY)
        let size = Int(try handle.status(path: source).st_size)
        try append(TarHeader.bytes(name: name, size: size, isExecutable: false))
        var done = 0
        while done < size {
            let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { room, count in
                guard let base = room.baseAddress else { return }
                count = try unsafe handle.read(
                    into: base, min(1 << 18, size - done), path: source)
            }
            guard !piece.isEmpty else {
                throw OperationalError(
                    code: .inputOutput, message: "\(source): became shorter while it was read",
                    remedy: "leave the file alone, then try again")
            }
            try append(piece)
            done += piece.count
        }
        try pad(size)
    }

    /// Ends the archive and puts it under its name.
    package func finish() throws {
        try append([UInt8](repeating: 0, count: 1024), isLast: true)
        try file.synchronize(path: draft)
        guard unsafe rename(draft, path) == 0 else { throw OperationalError.system("write", path) }
        isFinished = true
    }

    private func pad(_ size: Int) throws {
        let rest = size % 512
        if rest > 0 { try append([UInt8](repeating: 0, count: 512 - rest)) }
    }

    private func append(_ bytes: [UInt8], isLast: Bool = false) throws {
        try unsafe bytes.withUnsafeBytes {
            try unsafe compressor.compress($0, isLast: isLast, into: buffer, path: path) { piece in
                try unsafe file.write(piece, path: draft)
            }
        }
    }
}

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
