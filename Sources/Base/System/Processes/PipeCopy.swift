import CSystem
import Glibc

/// A pipe that a program writes into, copied into a file of ours as it comes.
///
/// A program that was given the file itself could find its path in `/proc`, and write it anew.
package final class PipeCopy {
    /// The end that the program gets; closed here by ``closeTheirs()``.
    package private(set) var theirs: CInt
    private let ours: CInt
    private let work: BackgroundWork
    /// The file that is copied into, where it was opened here: open as long as something may come.
    private let file: FileHandle?

    /// Begins to copy into a file, from its beginning.
    ///
    /// - Throws: ``OperationalError`` where it cannot be written, or no pipe can be made.
    package convenience init(intoFileAt path: String) throws {
        let file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_TRUNC)
        try self.init(into: file.descriptor, keeping: file)
    }

    /// Begins to copy to where our own errors go.
    ///
    /// - Throws: ``OperationalError`` where no pipe can be made.
    package convenience init() throws { try self.init(into: 2, keeping: nil) }

    private init(into target: CInt, keeping file: consuming FileHandle?) throws {
        self.file = file
        var ends: [CInt] = [-1, -1]
        guard unsafe bitlaw_pipe(&ends) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        let source = ends[0]
        (ours, theirs) = (source, ends[1])
        work = BackgroundWork { try PipeCopy.copy(from: source, into: target) }
    }

    deinit {
        closeTheirs()
        try? work.wait()
        close(ours)
    }

    /// Closes our copy of the program's end, once the program has it.
    package func closeTheirs() {
        if theirs >= 0 { close(theirs) }
        theirs = -1
    }

    /// Waits until every writer has closed the pipe and all is copied.
    ///
    /// - Throws: ``OperationalError`` where the file could not be written; the rest was read and dropped.
    package func finish() throws {
        closeTheirs()
        try work.wait()
    }

    private static func copy(from source: CInt, into file: CInt) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var failure: OperationalError?
        while true {
            let count = unsafe read(source, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            var done = 0
            // A program whose words cannot be kept must not wait for ever.
            while failure == nil && done < count {
                let written = unsafe write(
                    file, buffer.baseAddress?.advanced(by: done), count - done)
                if written < 0 && errno == EINTR { continue }
                if written <= 0 {
                    failure = OperationalError.system("write", "what a program printed")
                }
                done += max(0, written)
            }
        }
        if let failure { throw failure }
    }
}
