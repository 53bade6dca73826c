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
        let file = try PlainFile.required(source)
        let size = file.size
        try append(TarHeader.bytes(name: name, size: size, isExecutable: false))
        var done = 0
        while done < size {
            let piece = try file.read(min(1 << 18, size - done))
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
        try place(draft, at: path, replacing: true)
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
