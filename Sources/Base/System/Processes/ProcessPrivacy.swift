import CSystem
import Glibc

/// Closes this process to the other processes of its account.
package enum ProcessPrivacy {
    /// From now on none of them can attach to it, nor read its memory and environment, nor open its files by
    /// `/proc`; root can.
    ///
    /// A process that a debugger started stays open to it.
    package static func begin() {
        if !isTraced { _ = bitlaw_hide() }
    }

    private static var isTraced: Bool {
        guard let bytes = try? readWholeFile("/proc/self/status") else { return false }
        let line = bytes.split(separator: 10).first { $0.starts(with: "TracerPid:".utf8) }
        return line?.last != UInt8(ascii: "0")
    }
}
