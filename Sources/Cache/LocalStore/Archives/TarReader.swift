import CZstd
package import Canon
import Glibc
import System

/// What an archive from outside may cost at most.
package struct ArchiveLimits: Sendable {
    /// Uncompressed bytes in all, headers included.
    package var bytes: Int
    /// Files.
    package var files: Int

    /// Names bounds.
    package init(bytes: Int = 64 << 30, files: Int = 2_000_000) {
        self.bytes = bytes
        self.files = files
    }
}

/// Reads an archive that nobody vouches for: plain files with harmless names, within bounds.
///
/// Links, devices, folders, absolute paths, `..`, names that stand twice and sizes beyond the
/// bounds are refused before anything of the entry is handed on. Nothing is written here.
package final class TarReader {
    private let stream: ZstdFileReader
    private let path: String
    private let limits: ArchiveLimits
    private var names: Set<String> = []
    /// Bytes of the entry, and of the padding behind it, that were not read yet.
    private var left = 0
    private var padding = 0

    /// Opens an archive.
    package init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        self.path = path
        self.limits = limits
        stream = try ZstdFileReader(path: path, limit: limits.bytes)
    }

    /// The next file; `nil` at the end of the archive.
    ///
    /// - Throws: ``OperationalError`` `malformed`: what was expected and found, and in which entry.
    package func next() throws -> (name: String, size: Int)? {
        try skip()
        let header = try stream.read(512)
        guard header.count == 512 else {
            throw refused("the end of the archive", "\(header.count) bytes")
        }
        if header.allSatisfy({ $0 == 0 }) {
            let rest = try stream.read(1 << 20)
            guard rest.allSatisfy({ $0 == 0 }), rest.count < 1 << 20, try stream.isAtEnd() else {
                throw refused("nothing behind the end of the archive", "more bytes")
            }
            return nil
        }
        try checkSum(header)
        let name = try checkedName(header)
        guard header[156] == UInt8(ascii: "0") || header[156] == 0 else {
            let kinds: [UInt8: String] = [
                0x31: "a hard link", 0x32: "a symbolic link", 0x33: "a device", 0x34: "a device",
                0x35: "a folder", 0x36: "a pipe",
            ]
            throw refused(
                "plain files alone", "\(kinds[header[156]] ?? "an entry of type \(header[156])")",
                name)
        }
        guard names.count <= limits.files else {
            throw refused("at most \(limits.files) files", "more", name)
        }
        let size = try size(header, name)
        left = size
        padding = (512 - size % 512) % 512
        return (name, size)
    }

    /// The whole of the current file, which may have at most `limit` bytes.
    package func bytes(limit: Int) throws -> [UInt8] {
        guard left <= limit else {
            throw refused("at most \(limit) bytes in a document", "\(left)")
        }
        var bytes: [UInt8] = []
        try read { bytes += $0 }
        return bytes
    }

    /// Hands on the current file in pieces.
    package func read(_ sink: ([UInt8]) throws -> Void) throws {
        while left > 0 {
            let piece = try stream.read(min(left, 1 << 18))
            guard !piece.isEmpty else { throw refused("\(left) more bytes", "the end of the file") }
            left -= piece.count
            try sink(piece)
        }
        guard try stream.read(padding).count == padding else {
            throw refused("padding", "the end of the file")
        }
        padding = 0
    }

    /// The SHA-256 of the current file.
    package func digest() throws -> Digest {
        var hasher = SHA256Hasher()
        try read { hasher.update($0.span) }
        return hasher.finalize()
    }

    private func skip() throws {
        if left > 0 || padding > 0 { try read { _ in } }
    }

    private func refused(_ expected: String, _ found: String, _ name: String = "")
        -> OperationalError
    {
        let place = name.isEmpty ? "" : " at \"\(name.prefix(100))\""
        return OperationalError(
            code: .malformed,
            message: "\(path): expected \(expected), found " + printable("\(found)\(place)"),
            remedy: "do not trust the file; ask for another copy of it")
    }

    private func checkSum(_ header: [UInt8]) throws {
        var copy = header
        for place in 148..<156 { copy[place] = 0x20 }
        let text = header[148..<156].filter { $0 >= 0x30 && $0 <= 0x37 }
        guard
            Int(String(decoding: text, as: UTF8.self), radix: 8) == copy.reduce(0, { $0 + Int($1) })
        else { throw refused("a tar header", "other bytes") }
    }

    private func checkedName(_ header: [UInt8]) throws -> String {
        func field(_ range: Range<Int>) -> ArraySlice<UInt8> {
            header[range].prefix { $0 != 0 }
        }
        let prefix = field(345..<500)
        let bytes = (prefix.isEmpty ? [] : Array(prefix) + [UInt8(ascii: "/")]) + field(0..<100)
        guard let name = String(validating: bytes, as: UTF8.self), isHarmlessPath(name) else {
            throw refused(
                "a relative path without .., . or empty parts",
                "\"\(String(decoding: bytes, as: UTF8.self).prefix(100))\"")
        }
        guard names.insert(name).inserted else { throw refused("each name once", "it twice", name) }
        return name
    }

    private func size(_ header: [UInt8], _ name: String) throws -> Int {
        let field = header[124..<136]
        var size: Int?
        if field.first == 0x80, field.dropFirst().prefix(3).allSatisfy({ $0 == 0 }) {
            size = field.dropFirst(4).reduce(0) { $0 << 8 | Int($1) }
        } else {
            let digits = field.prefix { $0 >= 0x30 && $0 <= 0x37 }
            size = Int(String(decoding: digits, as: UTF8.self), radix: 8)
        }
        guard let size, size >= 0, size <= limits.bytes - stream.count else {
            throw refused(
                "at most \(limits.bytes) bytes in all (--max-size)",
                size.map { "\($0) more" } ?? "no size", name)
        }
        return size
    }
}

/// Whether a path from outside stays where it is put: relative, no `..`, no empty part, no control
/// characters or backslashes.
package func isHarmlessPath(_ path: String) -> Bool {
    guard !path.isEmpty, path.utf8.count <= 255,
        path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
    else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".."
    }
}

/// Reads a zstd file as a stream of a bounded number of bytes.
@safe private final class ZstdFileReader {
    private let file: PlainFile
    private let path: String
    private let limit: Int
    private let context: OpaquePointer
    private var input: [UInt8] = []
    private var offset = 0
    private var isEnded = false
    /// Bytes handed out so far.
    private(set) var count = 0

    init(path: String, limit: Int) throws {
        self.path = path
        self.limit = limit
        file = try PlainFile.required(path)
        guard let context = unsafe ZSTD_createDCtx() else {
            preconditionFailure("zstd: out of memory")
        }
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// So many bytes, fewer only at the end.
    func read(_ wanted: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        while result.count < wanted, !isEnded {
            if offset == input.count { try fill() }
            let piece = try piece(wanted - result.count)
            result += piece
            if piece.isEmpty && offset == input.count && input.isEmpty && !isEnded {
                throw damaged("the frame is cut short")
            }
        }
        count += result.count
        guard count <= limit else { throw damaged("more than \(limit) bytes come out of it") }
        return result
    }

    func isAtEnd() throws -> Bool {
        if offset < input.count { return false }
        try fill()
        return input.isEmpty
    }

    private func fill() throws {
        input = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 17) { room, count in
            guard let base = room.baseAddress else { return }
            count = try unsafe file.read(into: base, 1 << 17)
        }
        offset = 0
    }

    private func piece(_ room: Int) throws -> [UInt8] {
        var status = 0
        let available = input.count
        let output = unsafe [UInt8](unsafeUninitializedCapacity: room) { target, count in
            unsafe input.withUnsafeBytes { bytes in
                var source = unsafe ZSTD_inBuffer(
                    src: bytes.baseAddress, size: available, pos: offset)
                var out = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: room, pos: 0)
                status = unsafe ZSTD_decompressStream(context, &out, &source)
                unsafe offset = source.pos
                unsafe count = out.pos
            }
        }
        if ZSTD_isError(status) != 0 {
            throw damaged(unsafe String(cString: ZSTD_getErrorName(status)))
        }
        if status == 0 { isEnded = true }
        return output
    }

    private func damaged(_ reason: String) -> OperationalError {
        OperationalError(
            code: .malformed, message: "\(path): expected a bundle (tar in zstd): \(reason)",
            remedy: "do not trust the file; ask for another copy of it")
    }
}
