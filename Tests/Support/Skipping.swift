import Glibc

/// Says that something was not tried; `make test` and `make test-all` say it again at their end.
package func skip(_ reason: String) { print("SKIPPED: \(reason)") }

/// Whether a program is on this machine.
///
/// - Returns: `false`, and says from which Debian package it comes and what was not tried, where it
///   is not.
package func isInstalled(_ program: String, package: String, else loss: String) -> Bool {
    if unsafe system("command -v \(program) >/dev/null || test -x /usr/sbin/\(program)") == 0 {
        return true
    }
    skip("no \(program) (apt-get install \(package)): \(loss)")
    return false
}

/// Whether the tests run as root.
///
/// - Returns: `false`, and says what was not tried, where they do not.
package func isRoot(else loss: String) -> Bool {
    if geteuid() == 0 { return true }
    skip("not root, so \(loss)")
    return false
}
