import Glibc
import Remotes
import Run

/// Progress of a transfer on standard error: a line that is redrawn on a terminal, nothing elsewhere.
final class TransferDisplay {
    private var line: TransferLine
    private let isLive: Bool
    private var isDrawn = false

    init(_ verb: String, _ common: StoreOptions) {
        line = TransferLine(verb, start: ContinuousClock.now)
        isLive = !common.quiet && !common.json && isatty(2) == 1
    }

    /// Shows how far it is.
    func show(_ count: TransferCount) {
        guard isLive, let text = line.next(count, at: ContinuousClock.now) else { return }
        Output.steer("\r\u{1B}[K")
        Output.error(text)
        isDrawn = true
    }

    /// Takes the line away.
    func end() {
        if isDrawn { Output.steer("\r\u{1B}[K") }
        isDrawn = false
    }

    /// Seconds so far.
    var seconds: Double { line.seconds(at: ContinuousClock.now) }
}
