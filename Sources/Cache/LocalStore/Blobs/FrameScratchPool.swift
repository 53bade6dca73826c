import Synchronization

/// Scratches that wait for the next frame: whoever reads a blob takes one and gives it back.
final class FrameScratchPool: Sendable {
    private let waiting = Mutex<[FrameScratch]>([])

    /// Lends a scratch that nobody else has meanwhile.
    func lend<Answer>(_ body: (FrameScratch) throws -> Answer) rethrows -> Answer {
        let scratch = waiting.withLock { $0.popLast() } ?? FrameScratch()
        defer { waiting.withLock { $0.append(scratch) } }
        return try body(scratch)
    }
}
