import Glibc
import Synchronization

/// How many times a person or the system asked the process to stop.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// Counts SIGINT and SIGTERM from now on, and lets a closed pipe be an error instead of a death.
    static func listen() {
        count.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { _ in Interruption.count.add(1, ordering: .relaxed) }
        }
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// The requests so far.
    static var requests: Int { count.load(ordering: .relaxed) }
}
