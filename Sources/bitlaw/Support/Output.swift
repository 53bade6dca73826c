import Glibc

/// Writing to the two streams; a reader that went away ends the program quietly.
enum Output {
    static func write(_ text: String) { write(text, to: 1) }

    static func line(_ text: String) { write(text + "\n", to: 1) }

    static func error(_ text: String) { write(text, to: 2) }

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
