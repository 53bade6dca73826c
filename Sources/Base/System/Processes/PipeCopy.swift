import CSystem
import Glibc

/// Takes what a program prints, as it comes; used by one thread.
package protocol PrintedBytes: Sendable {
    /// Takes some bytes.
    ///
    /// - Throws: ``OperationalError`` where they cannot be kept; the program is not told.
    func take(_ bytes: [UInt8]) throws

    /// How many milliseconds of silence it waits for; `nil` where it waits for bytes alone.
    var patience: CInt? { get }

    /// Nothing has come for so long.
    func rest()
}

extension PrintedBytes {
    /// Waits for bytes alone.
    package var patience: CInt? { nil }

    /// Does nothing.
    package func rest() {}
}

/// A pipe that a program writes into, read here as it comes.
///
/// A program that was given a file itself could find its path in `/proc`, and write it anew.
package final class PipeCopy {
    /// The end that the program gets; closed here by ``closeTheirs()``.
    package private(set) var theirs: CInt
    private let ours: CInt
    private let work: BackgroundWork

    /// Begins to copy into a file, from its beginning.
    ///
    /// - Throws: ``OperationalError`` where it cannot be written, or no pipe can be made.
    package convenience init(intoFileAt path: String) throws {
        try self.init(into: PrintedFile(path))
    }

    /// Begins to hand over what comes.
    ///
    /// - Throws: ``OperationalError`` where no pipe can be made.
    package init(into taker: any PrintedBytes) throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe bitlaw_pipe(&ends) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        let source = ends[0]
        (ours, theirs) = (source, ends[1])
        work = BackgroundWork { try PipeCopy.copy(from: source, into: taker) }
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

    /// Waits until every writer has closed the pipe and all is taken.
    ///
    /// - Throws: ``OperationalError`` where it could not be kept; the rest was read and dropped.
    package func finish() throws {
        closeTheirs()
        try work.wait()
    }

    private static func copy(from source: CInt, into taker: any PrintedBytes) throws {
        var failure: (any Error)?
        while true {
            if failure == nil, let patience = taker.patience, !hasInput(source, patience) {
                taker.rest()
                continue
            }
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, count in
                var found = -1
                repeat {
                    found = unsafe read(source, room.baseAddress, 1 << 16)
                } while found < 0 && errno == EINTR
                count = max(0, found)
            }
            if bytes.isEmpty { break }
            // A program whose words cannot be kept must not wait for ever.
            if failure != nil { continue }
            do { try taker.take(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Whether something comes, or the end, within so many milliseconds.
    private static func hasInput(_ source: CInt, _ milliseconds: CInt) -> Bool {
        var wanted = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&wanted, 1, milliseconds) != 0
    }
}

/// A file that takes what a program prints.
private final class PrintedFile: PrintedBytes {
    private let file: FileHandle

    init(_ path: String) throws {
        file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_TRUNC)
    }

    func take(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes {
            try unsafe file.write($0, path: "what a program printed")
        }
    }
}
