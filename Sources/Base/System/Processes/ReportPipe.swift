import CSystem
import Glibc

/// A pipe through which a program reports about itself: a line or two.
package final class ReportPipe {
    /// The end that is read.
    package let ours: CInt
    /// The end that the program gets; closed here by ``closeTheirs()``.
    package private(set) var theirs: CInt

    /// Makes a pipe.
    ///
    /// - Throws: ``OperationalError`` where there can be none.
    package init() throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe bitlaw_pipe(&ends) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        (ours, theirs) = (ends[0], ends[1])
        // Nobody is waited for.
        _ = fcntl(ours, F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeTheirs()
        close(ours)
    }

    /// Closes our copy of the program's end, once the program has it.
    package func closeTheirs() {
        if theirs >= 0 { close(theirs) }
        theirs = -1
    }
}
