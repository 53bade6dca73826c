import Canon
import Glibc
import Run
import Synchronization

/// Writing to the two streams.
///
/// Every text may hold words of others, so nothing that steers a terminal passes here but what
/// ``steer(_:)`` is given. Where the streams cannot be written, a run ends as by Ctrl-C, so that what it did
/// is recorded; every other command ends at once.
enum Output {
    /// The exit code of a program that could not write what it had to say; 0 while it can.
    private static let lost = Atomic<Int32>(0)

    /// The exit code, where something could not be written: no other tells as much.
    static var failure: Int32? {
        let code = lost.load(ordering: .relaxed)
        return code == 0 ? nil : code
    }

    /// Writes text as it is, for a program or a file behind a pipe; a terminal gets it as ``line(_:)``
    /// writes it.
    static func write(_ text: String) { write(isatty(1) == 1 ? shown(text) : text, to: 1) }

    static func line(_ text: String) { write(shown(text) + "\n", to: 1) }

    static func error(_ text: String) { write(shown(text), to: 2) }

    /// Moves the cursor and sets colours on the terminal of standard error; none of it is of others.
    static func steer(_ orders: String) { write(orders, to: 2) }

    private static func write(_ text: String, to descriptor: CInt) {
        guard let number = attempt(text, descriptor), failure == nil else { return }
        let code = number == EPIPE ? Code.readerGone : Code.store
        lost.store(code, ordering: .relaxed)
        if number != EPIPE && descriptor == 1 {
            let reason = unsafe String(cString: strerror(number))
            _ = attempt(
                "error: standard output: cannot write: \(reason)\n"
                    + "  fix: free space there, or write it elsewhere\n", 2)
        }
        if !Engine.interrupt() { Glibc.exit(code) }
    }

    /// Writes all of a text; the number of the error where that cannot be done.
    private static func attempt(_ text: String, _ descriptor: CInt) -> CInt? {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(
                    descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            if count <= 0 { return count < 0 ? errno : EIO }
            offset += count
        }
        return nil
    }
}
