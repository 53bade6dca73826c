import Glibc
package import System
package import Trust

/// Why there is no secret, though nothing is wrong with one.
package struct NoAccountSecret: Error, Equatable {
    /// What is in the way.
    package let reason: String

    /// Names it.
    package init(reason: String) { self.reason = reason }
}

extension AccountSecret {
    /// The secret of the person: in the file that they name, else in `account.secret` of their own
    /// configuration, which is made where it is `needed`.
    ///
    /// - Throws: ``OperationalError`` for a file that holds no secret or that others may read, and for a
    ///   named file that is not there; ``NoAccountSecret`` where none can be read or made.
    package static func load(
        of person: EnvironmentVariables, named file: String?, needed: Bool
    ) throws -> AccountSecret {
        if let file = person["BITLAW_ACCOUNT_SECRET"] ?? file {
            guard let secret = try read(file) else {
                throw OperationalError(
                    code: .missing,
                    message: "\(file): expected the secret of your account, found no file",
                    remedy: "name another file, or make one: (umask 077; head -c 32 /dev/urandom "
                        + "> '\(file)')")
            }
            return secret
        }
        guard person["BITLAW_CONFIG"] ?? person["XDG_CONFIG_HOME"] ?? person["HOME"] != nil else {
            throw NoAccountSecret(reason: "HOME is not set")
        }
        let folder = KeyStore.folder(of: person)
        let path = "\(folder)/account.secret"
        if let secret = try read(path) { return secret }
        guard needed else { throw NoAccountSecret(reason: "\(path) is not there yet") }
        return try make(path, in: folder)
    }

    private static func make(_ path: String, in folder: String) throws -> AccountSecret {
        let secret = AccountSecret()
        do {
            try makePrivateFolder(folder)
            try writeWholeFile(secret.bytes, to: path, .durable, isNew: true, mode: 0o600)
            return secret
        } catch let error as OperationalError {
            // Another command of the account may have been faster.
            if let other = try read(path) { return other }
            throw NoAccountSecret(reason: error.message)
        }
    }

    /// The secret in a file; `nil` where there is none.
    private static func read(_ path: String) throws -> AccountSecret? {
        let expected =
            "expected the secret of your account, a file of \(count) bytes that only its "
            + "owner may read (mode 600)"
        func refused(_ found: String, _ remedy: String) -> OperationalError {
            OperationalError(
                code: .untrusted, message: "\(path): \(expected), found \(found)", remedy: remedy)
        }
        let anew =
            "move it away, and the next run makes a new one; bitlaw adopt then takes over what you made"
        let file: PlainFile?
        do {
            file = try PlainFile.open(path, followingLinks: false)
        } catch let error as OperationalError where error.code == .untrusted {
            throw refused(
                "a link", "put the file itself there, or name it in BITLAW_ACCOUNT_SECRET")
        } catch let error as OperationalError where error.code == .malformed {
            let found = error.message.split(separator: " ").suffix(2).joined(separator: " ")
            throw refused(found, anew)
        } catch let error as OperationalError {
            throw NoAccountSecret(reason: error.message)
        }
        guard let file else { return nil }
        guard file.status.st_mode & 0o077 == 0 else {
            throw refused(
                "mode \(String(file.status.st_mode & 0o777, radix: 8))",
                "chmod 600 '\(path)'; if others could have read it, \(anew)")
        }
        let bytes = try file.read(count + 1)
        guard let secret = AccountSecret(bytes: bytes) else {
            throw refused(
                bytes.count > count ? "more of them" : "\(bytes.count)", anew)
        }
        return secret
    }
}
