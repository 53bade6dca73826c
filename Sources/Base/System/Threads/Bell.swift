import CSystem
import Glibc

/// Wakes a thread that waits for descriptors: another thread rings, and a descriptor can be read from.
package final class Bell: Sendable {
    private let ends: (read: CInt, write: CInt)

    /// Makes a bell that nobody has rung.
    ///
    /// - Throws: ``OperationalError`` where the system has no descriptor left.
    package init() throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe bitlaw_pipe(&ends) == 0 else {
            throw OperationalError.system("make", "a pipe")
        }
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// Can be read from once somebody has rung.
    package var descriptor: CInt { ends.read }

    /// Wakes who waits.
    package func ring() {
        var byte: UInt8 = 1
        _ = unsafe write(ends.write, &byte, 1)
    }

    /// Hears one ring, and waits for it where there was none.
    package func silence() {
        var byte: UInt8 = 0
        while unsafe read(ends.read, &byte, 1) < 0 && errno == EINTR {}
    }
}
