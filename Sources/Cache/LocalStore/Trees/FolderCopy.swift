import Canon
import Glibc
import System

/// A copy of a folder outside the store, without what is left out of it.
struct FolderCopy {
    private let source: SourceFolder
    private let path: String

    /// Copies into an empty folder.
    init(of source: SourceFolder, at path: String) {
        self.source = source
        self.path = path
    }

    /// Copies what is there.
    ///
    /// - Returns: the tree that was copied, each file as it was read.
    func make() throws -> Tree {
        guard let folder = try FolderHandle.open(path) else {
            throw OperationalError.system("open", path, ENOENT)
        }
        var entries = TreeReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        try source.walk { item, parent in
            switch item.content {
            case .folder:
                try folder.makeFolder(item.path)
                try entries.add(TreeEntry(item.path, .folder))
            // Links come last, so that no path leads through one.
            case .link(let target): try entries.add(TreeEntry(item.path, .link(target)))
            case .file(let status):
                let isExecutable = status.st_mode & S_IXUSR != 0
                let copy = try folder.makeFile(item.path, mode: isExecutable ? 0o555 : 0o444)
                let file = try source.open(item, in: parent)
                let (digest, size) = try unsafe FolderCopy.copy(
                    file, to: copy, path: "\(path)/\(item.path)", buffer)
                try copy.close(path: item.path)
                try entries.add(
                    TreeEntry(item.path, .file(digest, size: size, isExecutable: isExecutable)))
            }
            return true
        }
        let tree = try entries.tree()
        for case (let name, .link(let target)) in tree.entries.map({ ($0.path, $0.content) }) {
            try folder.makeLink(name, to: target)
        }
        return tree
    }

    private static func copy(
        _ file: borrowing PlainFile, to copy: borrowing FileHandle, path: String,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws -> (Digest, Int) {
        var hasher = SHA256Hasher()
        var size = 0
        while let base = buffer.baseAddress {
            let count = try unsafe file.read(into: base, buffer.count)
            if count == 0 { break }
            let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hasher.update(Span(_unsafeBytes: piece))
            try unsafe copy.write(piece, path: path)
            size += count
        }
        return (hasher.finalize(), size)
    }
}
