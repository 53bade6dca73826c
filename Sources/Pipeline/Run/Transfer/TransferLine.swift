import Canon
package import Remotes

/// The line that shows how far a push or pull is: counts, rate, time left.
package struct TransferLine: Sendable {
    private let verb: String
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant?

    /// Begins at an instant; `verb` says what is done, such as `pushed`.
    package init(_ verb: String, start: ContinuousClock.Instant) {
        self.verb = verb
        self.start = start
    }

    /// The line at an instant; `nil` within a fifth of a second of the one before.
    ///
    /// The rate is that of all bytes since the start. Time left is told where more bytes are known to
    /// come; logs and descriptions of keys, whose sizes nobody declares, are not among them.
    package mutating func next(_ count: TransferCount, at now: ContinuousClock.Instant) -> String? {
        if let last, now - last < .milliseconds(200) { return nil }
        last = now
        let seconds = max(0.001, (now - start) / .seconds(1))
        let rate = Double(count.moved) / seconds
        var text =
            "\(verb) \(counted(count.results, "result")), \(counted(count.blobs, "blob")), "
            + "\(ByteCount.text(count.moved)), \(ByteCount.text(Int(rate)))/s"
        if count.expected > count.moved && count.moved > 0 {
            text += ", \(Duration.text(Double(count.expected - count.moved) / rate)) left"
        }
        return text
    }

    /// Seconds from the start to an instant.
    package func seconds(at now: ContinuousClock.Instant) -> Double { (now - start) / .seconds(1) }
}
