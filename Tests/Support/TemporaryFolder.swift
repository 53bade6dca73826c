import Glibc

/// A folder that goes away with the value; its name has a space and a letter beyond ASCII.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let path: String

    /// Makes one; what stands in its name tells a person in `/tmp` whose it is.
    package init(named name: String = "tést") {
        var template = Array("/tmp/bitlaw \(name)-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map {
                unsafe String(cString: $0)
            }
        }
        guard let made else { fatalError("the tests need a folder in /tmp, and cannot make one") }
        path = made
    }

    deinit { run("chmod -R u+rwX .; cd /; rm -rf '\(path)'") }

    /// Runs a shell script in it.
    ///
    /// - Returns: the exit status, or the number of the signal that ended it, below zero.
    @discardableResult
    package func run(_ script: String) -> CInt {
        // The threads of the test runner block signals, and a shell inherits that: without its
        // SIGCHLD it waits for ever.
        var (none, own) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &own)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &own, nil) }
        let account = "export BITLAW_ACCOUNT_SECRET=${BITLAW_ACCOUNT_SECRET-\(accountSecret)}"
        let status = unsafe system("\(account); cd '\(path)' && { \(script)\n}")
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }

    /// Writes a file in it.
    package func write(_ name: String, _ bytes: [UInt8]) {
        guard let file = unsafe fopen("\(path)/\(name)", "wb") else { return }
        _ = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
        unsafe fclose(file)
    }

    /// Writes a text file in it.
    package func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    /// The bytes of a file in it; none where there is no such file.
    package func read(_ name: String) -> [UInt8] { bytesOfFile("\(path)/\(name)") ?? [] }

    /// The text of a file in it; empty where there is no such file.
    package func text(_ name: String) -> String { String(decoding: read(name), as: UTF8.self) }
}

/// The file with the secret of the account that the tests are run by, one for each process.
///
/// So no test writes into the configuration of the person; a test of other accounts names other files.
package let accountSecret: String = {
    let path = "/tmp/bitlaw-tests-\(getpid()).secret"
    guard let file = unsafe fopen(path, "wb") else {
        fatalError("the tests need a file in /tmp, and cannot make one")
    }
    unsafe fchmod(fileno(file), 0o600)
    unsafe fputs(String(repeating: "tests ok", count: 4), file)
    unsafe fclose(file)
    return path
}()

/// All bytes of a file; `nil` where it cannot be read.
package func bytesOfFile(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let part = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            unsafe count = fread(buffer.baseAddress, 1, 1 << 16, file)
        }
        if part.isEmpty { return bytes }
        bytes += part
    }
}
