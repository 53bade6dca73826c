import Synchronization

/// Readers that wait for the next frame: whoever reads a blob takes one and gives it back.
final class FrameReaderPool: Sendable {
    private let waiting = Mutex<[FrameReader]>([])

    /// Lends a reader that nobody else has meanwhile.
    func lend<Answer>(_ body: (FrameReader) throws -> Answer) rethrows -> Answer {
        let reader = waiting.withLock { $0.popLast() } ?? FrameReader()
        defer { waiting.withLock { $0.append(reader) } }
        return try body(reader)
    }
}
