/// How long an action that another process executes is left alone: longer each time, and never the same for
/// two processes.
struct LookPause: Equatable {
    /// The longest pause.
    static let longest = Duration.seconds(5)

    /// The pause before it is spread.
    private(set) var length = Duration.milliseconds(50)

    /// The pause after this one.
    var next: LookPause {
        var next = self
        next.length = min(LookPause.longest, length * 1.6)
        return next
    }

    /// Between half and the whole of it.
    var jittered: Duration { length * Double.random(in: 0.5...1) }
}
