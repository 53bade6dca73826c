import CSystem
import Glibc
import System

/// Waits until many files, or many names, are on the disk.
///
/// A few are waited for one by one. Many are written by one `syncfs` of their file system: it costs
/// about as much as one of them, and tells every error since the barrier was made.
struct DiskBarrier: ~Copyable {
    /// Of the file system; none where a single thing is expected.
    private let handle: FileHandle?
    /// That of the handle; -1 where there is none.
    private let descriptor: CInt
    private let path: String
    private let isDurable: Bool
    /// Brings to the disk what is written so far, while more is being written.
    private var writer: BackgroundWork?

    /// After how many small files it is worth while to begin with them.
    static let group = 1024

    /// Opens the file system of a store, before what is to be waited for is written: about so many things.
    init(_ store: Store, expecting count: Int) throws {
        path = "\(store.path)/tmp"
        if count > 1 {
            let opened = try FileHandle.required(path, O_RDONLY | O_DIRECTORY)
            descriptor = opened.descriptor
            handle = consume opened
        } else {
            descriptor = -1
            handle = nil
        }
        isDurable = store.isDurable
    }

    /// Lets the disk begin with everything that is written so far, unless it still does.
    ///
    /// Promises nothing. Errors are told by ``wait(for:each:)`` all the same: the kernel tells one to
    /// every descriptor that was open, and this uses one of its own.
    mutating func startWriting() {
        guard isDurable, writer?.hasEnded ?? true else { return }
        writer = BackgroundWork { [path] in
            let handle = try FileHandle.required(path, O_RDONLY | O_DIRECTORY)
            _ = bitlaw_sync_file_system(handle.descriptor)
        }
    }

    /// Waits for so many things; `each` waits for them one by one.
    ///
    /// A store that need not last waits for nothing.
    func wait(for count: Int, each: () throws -> Void) throws {
        if !isDurable { return }
        guard count >= 8, descriptor >= 0 else { return try each() }
        while bitlaw_sync_file_system(descriptor) != 0 {
            if errno == EINTR { continue }
            // A file system that does not know the call: the slow way is the sure one.
            if errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP { return try each() }
            throw OperationalError.system("write to disk", path)
        }
    }

    /// Waits for the names in folders.
    func wait(forFolders folders: Set<String>) throws {
        try wait(for: folders.count) {
            for folder in folders.sorted() { try synchronizeFolder(folder) }
        }
    }
}
