import CSystem
package import Canon
import Glibc

/// Writes a JSON value as one line.
///
/// - Returns: whether all of it was taken; `false` where nobody reads any more.
package func writeLine(_ json: JSON, to descriptor: CInt) -> Bool {
    var bytes = json.canonical()
    bytes.append(10)
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
        }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        offset += count
    }
    return true
}

/// The lines of a pipe or a channel, as they come.
package struct LineReceiver {
    /// Who may write; on a channel the kernel says who did.
    package enum Writer: Equatable, Sendable {
        /// Whoever holds the other end.
        case anybody
        /// The process with this number, and no other.
        case process(CInt)
        /// Whoever writes first, and no other.
        case first
    }

    /// The descriptor that is read; not owned.
    package let descriptor: CInt
    /// Another process than the one that may, which wrote as well; nothing is taken from then on.
    package private(set) var stranger: CInt?
    private var writer: Writer
    private var buffer: [UInt8] = []

    /// Begins to read a descriptor, which stays its owner's.
    package init(_ descriptor: CInt, from writer: Writer = .anybody) {
        self.descriptor = descriptor
        self.writer = writer
    }

    /// The lines that became whole with what has arrived; waits where nothing has.
    ///
    /// - Returns: `nil` at the end, where a line that nobody ended is lost with whoever wrote it.
    package mutating func receive() -> [[UInt8]]? {
        var sender: CInt = 0
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { room, count in
            var found = -1
            repeat {
                unsafe found =
                    writer == .anybody
                    ? read(descriptor, room.baseAddress, 65536)
                    : bitlaw_receive(descriptor, room.baseAddress, 65536, &sender)
            } while found < 0 && errno == EINTR
            count = max(0, found)
        }
        if chunk.isEmpty { return nil }
        if writer == .first { writer = .process(sender) }
        if case .process(let one) = writer, one != sender { stranger = stranger ?? sender }
        if stranger != nil { return [] }
        buffer += chunk
        guard let last = buffer.lastIndex(of: 10) else { return [] }
        let lines = buffer[..<last].split(separator: 10, omittingEmptySubsequences: false)
            .map(Array.init)
        buffer.removeSubrange(...last)
        return lines
    }
}
