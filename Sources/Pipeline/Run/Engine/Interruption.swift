import CSystem
import Glibc
import Synchronization

/// How many times a person or the system asked the process to stop.
package enum Interruption {
    private static let count = Atomic<Int>(0)
    private static let hasListener = Atomic<Bool>(false)

    /// Counts requests to stop from now on, and lets a closed pipe be an error instead of a death.
    ///
    /// They come as SIGINT, as SIGTERM, and as SIGHUP from a terminal that is closed; where nohup lets
    /// SIGHUP be ignored, it stays ignored.
    package static func listen() {
        count.store(0, ordering: .relaxed)
        let numbers = [SIGINT, SIGTERM] + (bitlaw_ignores(SIGHUP) != 0 ? [] : [SIGHUP])
        for number in numbers {
            _ = signal(number) { _ in Interruption.count.add(1, ordering: .relaxed) }
        }
        _ = signal(SIGPIPE, SIG_IGN)
        // A parent may have started us with signals blocked; then Ctrl-C would do nothing.
        var stopping = sigset_t()
        unsafe sigemptyset(&stopping)
        for number in numbers { unsafe sigaddset(&stopping, number) }
        unsafe sigprocmask(SIG_UNBLOCK, &stopping, nil)
    }

    /// Says whether a run looks at the requests from now on.
    static func listen(_ isListening: Bool) {
        hasListener.store(isListening, ordering: .relaxed)
    }

    /// Asks the run to stop, as a person does; whether there is one.
    static func request() -> Bool {
        let isHeard = hasListener.load(ordering: .relaxed)
        if isHeard { count.add(1, ordering: .relaxed) }
        return isHeard
    }

    /// The requests so far.
    package static var requests: Int { count.load(ordering: .relaxed) }
}
