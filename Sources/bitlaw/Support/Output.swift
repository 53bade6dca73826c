import Canon
import Glibc

/// Writing to the two streams; a reader that went away ends the program quietly.
///
/// Every text may hold words of others, so nothing that steers a terminal passes here but what
/// ``steer(_:)`` is given.
enum Output {
    /// Writes text as it is, for a program or a file behind a pipe; a terminal gets it as ``line(_:)``
    /// writes it.
    static func write(_ text: String) { write(isatty(1) == 1 ? shown(text) : text, to: 1) }

    static func line(_ text: String) { write(shown(text) + "\n", to: 1) }

    static func error(_ text: String) { write(shown(text), to: 2) }

    /// Moves the cursor and sets colours on the terminal of standard error; none of it is of others.
    static func steer(_ orders: String) { write(orders, to: 2) }

    private static func write(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(
                    descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            if count <= 0 { Glibc.exit(errno == EPIPE ? Code.done : Code.store) }
            offset += count
        }
    }
}
