package import Cache
import Glibc

extension RemoteConfiguration {
    /// A remote that is given by an address instead of a name.
    package init(given text: String, project: String) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self.init(name: text, address: .url(text))
        } else if text.hasPrefix("rclone:") {
            self.init(name: text, address: .rclone(String(text.dropFirst(7))))
        } else {
            self.init(name: text, address: .folder(ProjectFolder.absolute(text)))
        }
    }

    /// Opens the remote for a person, whose variables have secrets, proxies and what rclone needs; `creating`
    /// makes a store in a folder that has none.
    ///
    /// - Throws: ``StoreError`` `remote`.
    package func open(creating: Bool, for person: EnvironmentVariables) throws -> any Remote {
        switch address {
        case .folder(let path):
            return try DirectoryRemote(name: name, path: path, creating: creating)
        case .url(let url):
            return try HTTPRemote(name: name, url: url, settings: try settings(person))
        case .rclone(let remote):
            let server = try RcloneServer(
                name: name, remote: remote, patience: patience, person: person)
            var settings = try settings(person)
            settings.credentials = .basic(user: server.user, password: server.password)
            return try HTTPRemote(
                name: name, url: server.url, settings: settings, keeping: server)
        }
    }

    private func settings(_ person: EnvironmentVariables) throws -> HTTPSettings {
        var credentials = HTTPSettings.Credentials.netrc
        if let token {
            credentials = .bearer(try read(token, person))
        } else if let user, let password {
            credentials = .basic(user: user, password: try read(password, person))
        }
        return HTTPSettings(
            credentials: credentials, parallel: parallel, patience: patience, retries: retries,
            person: person)
    }

    private func read(_ secret: Secret, _ person: EnvironmentVariables) throws -> String {
        func failure(_ what: String, _ fix: String) -> StoreError {
            StoreError(code: .remote, message: "remote \(name): \(what)", remedy: fix)
        }
        switch secret {
        case .variable(let variable):
            guard let value = person[variable] else {
                throw failure(
                    "the variable \(variable) is to hold a secret, but is not set",
                    "export \(variable)=…")
            }
            return value
        case .file(let path):
            guard let bytes = try readWholeFile(path),
                let line = String(decoding: bytes, as: UTF8.self).split(
                    whereSeparator: \.isNewline
                ).first
            else { throw failure("\(path): expected a secret, found nothing", "write it there") }
            return String(line)
        }
    }
}

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
    /// - Throws: ``StoreError`` `remote`, with rclone's own words.
    init(name: String, remote: String, patience: Int, person: EnvironmentVariables) throws {
        func failure(_ what: String, _ fix: String) -> StoreError {
            StoreError(code: .remote, message: "remote \(name): \(what)", remedy: fix)
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
            process = try ChildProcess.start(
                ["/bin/sh", "-c", script, remote, words], environment: environment, folder: "/",
                output: "/dev/null")
        } catch { throw failure("\(error)", "check /bin/sh") }
        var address: String?
        for _ in 0..<(100 * max(1, patience)) where address == nil {
            usleep(10_000)
            let text = String(decoding: try readWholeFile(words) ?? [], as: UTF8.self)
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
            _ = kill(process.id, SIGKILL)
            throw failure(
                "rclone did not begin to serve within \(patience) s",
                "rclone lsd \(remote)   (checks that rclone itself reaches it)")
        }
        url = address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    deinit {
        _ = kill(process.id, SIGTERM)
        _ = process.wait()
    }
}
