import Glibc
import System

/// `rclone serve webdav` for one remote, on a port of this machine that only we have the password of.
///
/// It ends with the process that started it.
final class RcloneServer {
    /// The address that it answers at.
    let url: String
    /// The name and password that it asks for.
    let (user, password): (String, String)
    private let process: ChildProcess

    /// Starts the server and waits until it answers.
    ///
    /// - Throws: ``OperationalError`` `remote`, with rclone's own words.
    init(name: String, remote: String, patience: Int, person: EnvironmentVariables) throws {
        func failure(_ what: String, _ fix: String) -> OperationalError {
            OperationalError(code: .remote, message: "remote \(name): \(what)", remedy: fix)
        }
        var generator = SystemRandomNumberGenerator()
        user = "bitlaw"
        password =
            String(generator.next() as UInt64, radix: 36)
            + String(generator.next() as UInt64, radix: 36)
        // mkstemp(3) puts a new name in place of the six letters at the end.
        var template = Array("\(person.temporaryFolder)/bitlaw-rclone-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else {
            throw failure(
                "cannot make a file in \(person.temporaryFolder)",
                "free space there, or name another folder in TMPDIR")
        }
        close(descriptor)
        let words = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = unsafe unlink(words) }
        // The password travels in the environment: a command line is readable for everyone.
        let environment =
            person.words + ["RCLONE_USER=\(user)", "RCLONE_PASS=\(password)"]
        let script =
            "exec rclone serve webdav --addr 127.0.0.1:0 --dir-cache-time 2s --log-level NOTICE "
            + "-- \"$0\" 2>\"$1\""
        do {
            process = try ChildProcess(
                ["/bin/sh", "-c", script, remote, words], environment: environment, folder: "/",
                streams: .file("/dev/null"))
        } catch let error as OperationalError { throw failure(error.message, "check /bin/sh") }
        var address: String?
        for _ in 0..<(100 * max(1, patience)) where address == nil {
            usleep(10_000)
            let text = String(
                decoding: try readWholeFile(words, limit: 1 << 20) ?? [], as: UTF8.self)
            if let start = text.firstRange(of: "http://127.0.0.1:") {
                address = String(text[start.lowerBound...].prefix { !$0.isWhitespace && $0 != "]" })
            } else if let status = process.poll() {
                let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
                throw status == 127
                    ? failure("rclone is not installed", "apt-get install rclone")
                    : failure(
                        "rclone ended with exit code \(status): \(last)",
                        "rclone lsd \(remote)   (checks that rclone itself reaches it)")
            }
        }
        guard let address else {
            process.end()
            throw failure(
                "rclone did not begin to serve within \(patience) s",
                "rclone lsd \(remote)   (checks that rclone itself reaches it)")
        }
        url = address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    deinit {
        process.end(SIGTERM)
        _ = process.wait()
    }
}
