import Glibc
package import Remotes
package import System

extension RemoteConfiguration {
    /// A remote that is given by an address instead of a name.
    package init(given text: String, project: String) {
        let lower = text.prefix(8).lowercased()
        if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
            self.init(name: text, address: .url(text))
        } else if text.hasPrefix("rclone:") {
            self.init(name: text, address: .rclone(String(text.dropFirst(7))))
        } else {
            self.init(name: text, address: .folder(ProjectFolder.absolute(text)))
        }
    }

    /// Opens the remote for a person, whose variables have secrets, proxies and what rclone needs;
    /// `creating` makes a store in a folder that has none.
    ///
    /// - Throws: ``OperationalError`` `remote`.
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
        func failure(_ what: String, _ fix: String) -> OperationalError {
            OperationalError(code: .remote, message: "remote \(name): \(what)", remedy: fix)
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
            guard let bytes = try readWholeFile(path, limit: 1 << 16),
                let line = String(decoding: bytes, as: UTF8.self).split(
                    whereSeparator: \.isNewline
                ).first
            else { throw failure("\(path): expected a secret, found nothing", "write it there") }
            return String(line)
        }
    }
}
