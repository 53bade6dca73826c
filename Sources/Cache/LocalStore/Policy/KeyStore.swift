import Canon
import Glibc
package import System
package import Trust

/// A person's own keys, and the keys that they trust: a folder in the person's configuration.
///
/// `keys/NAME.pem` is a private key (mode 600), `keys.json` has the names: trusted, revoked, and which
/// own key signs. Nothing of it is ever written into a store.
package struct KeyStore: Sendable {
    /// The folder.
    package let folder: String
    /// Public keys by the names that the person gave them.
    package private(set) var trusted: [String: VerifyingKey] = [:]
    /// Keys that count no more, by the names that they had.
    package private(set) var revoked: [String: VerifyingKey] = [:]
    /// The own key that signs what is pushed.
    package private(set) var signing: String?

    /// A file whose key signs in place of the person's own.
    private let signingFile: String?

    /// Reads the names of a person: in the folder `BITLAW_CONFIG`, else in `bitlaw` in the XDG folder; where
    /// `BITLAW_SIGNING_KEY` is set, that file has the key that signs.
    ///
    /// - Throws: ``OperationalError`` `malformed`.
    package init(of person: EnvironmentVariables) throws {
        try self.init(
            folder: KeyStore.folder(of: person), signingFile: person["BITLAW_SIGNING_KEY"])
    }

    /// The folder of a person's own configuration.
    package static func folder(of person: EnvironmentVariables) -> String {
        person["BITLAW_CONFIG"] ?? person["XDG_CONFIG_HOME"].map { "\($0)/bitlaw" }
            ?? "\(person["HOME"] ?? "")/.config/bitlaw"
    }

    private var file: String { "\(folder)/keys.json" }

    /// Reads the names; without a file there are none.
    ///
    /// - Throws: ``OperationalError`` `malformed`.
    package init(folder: String, signingFile: String? = nil) throws {
        self.folder = folder
        self.signingFile = signingFile
        guard let bytes = try readWholeFile(file, limit: 16 << 20) else { return }
        guard let json = try? JSON(parsing: bytes), json["format"]?.text == "bitlaw/keys/1" else {
            throw OperationalError(
                code: .malformed, message: "\(folder)/keys.json: expected format bitlaw/keys/1",
                remedy: "restore it from a backup, or move it away and trust the keys again")
        }
        func keys(_ member: String) throws -> [String: VerifyingKey] {
            try (json[member]?.members ?? [:]).mapValues {
                try VerifyingKey(text: $0.text ?? "", origin: "\(folder)/keys.json")
            }
        }
        trusted = try keys("trusted")
        revoked = try keys("revoked")
        signing = json["signing"]?.text
    }

    private func save() throws {
        let json: JSON = [
            "format": "bitlaw/keys/1", "trusted": .object(trusted.mapValues { .string($0.hex) }),
            "revoked": .object(revoked.mapValues { .string($0.hex) }),
            "signing": signing.map { .string($0) } ?? .null,
        ]
        try makePrivateFolder(folder)
        try writeWholeFile(Array(json.pretty().utf8), to: file, .durable, mode: 0o600)
    }

    /// Refuses what cannot be a name.
    private func check(_ name: String) throws {
        guard isSafeName(name) else {
            throw OperationalError(
                code: .malformed,
                message: "\(name): expected a name of letters, digits, '.', '_' and '-'",
                remedy: "choose another name")
        }
    }

    /// Makes a key of the person's own, which signs from now on and is trusted here.
    ///
    /// - Returns: the public key.
    package mutating func make(_ name: String) throws -> VerifyingKey {
        try check(name)
        guard trusted[name] == nil, revoked[name] == nil else {
            throw OperationalError(
                code: .malformed, message: "\(name): a key has this name already",
                remedy: "choose another name; a key is never overwritten")
        }
        let key = SigningKey()
        try makePrivateFolder(folder)
        try makePrivateFolder("\(folder)/keys")
        try key.write(to: "\(folder)/keys/\(name).pem")
        trusted[name] = key.verifyingKey
        signing = name
        try save()
        return key.verifyingKey
    }

    /// Trusts a public key under a name.
    package mutating func trust(_ name: String, _ key: VerifyingKey) throws {
        try check(name)
        if let old = trusted[name] ?? revoked[name], old != key {
            throw OperationalError(
                code: .malformed,
                message: "\(name): another key has this name, \(old.hex.prefix(16))…",
                remedy: "bitlaw keys revoke \(name), then trust the new key under a new name")
        }
        if let gone = revoked.first(where: { $0.value == key })?.key {
            throw OperationalError(
                code: .untrusted, message: "\(name): this key was revoked, as \(gone)",
                remedy: "ask its owner for a new one; a revoked key stays revoked")
        }
        trusted[name] = key
        try save()
    }

    /// Takes a key's trust away, for ever; it is named or given as 64 digits.
    ///
    /// - Returns: the key.
    package mutating func revoke(_ name: String) throws -> VerifyingKey {
        var name = name
        let key: VerifyingKey
        if let known = trusted[name] ?? revoked[name] {
            key = known
        } else if let given = try? VerifyingKey(text: name, origin: name) {
            key = given
            name = trusted.first { $0.value == given }?.key ?? String(given.hex.prefix(16))
        } else {
            throw OperationalError(
                code: .missing, message: "\(name): no key has this name",
                remedy: "bitlaw keys list shows the names; a key may also be given as 64 digits")
        }
        for (other, value) in trusted where value == key { trusted[other] = nil }
        revoked[name] = key
        if signing == name { signing = nil }
        try save()
        return key
    }

    /// Whether a key counts no more.
    package func isRevoked(_ key: VerifyingKey) -> Bool { revoked.values.contains(key) }

    /// The key that signs: that of the given file, else the person's own.
    ///
    /// - Throws: ``OperationalError``, when there should be one that cannot be read.
    package func signingKey() throws -> SigningKey? {
        if let signingFile { return try SigningKey(fileAt: signingFile) }
        return try signing.map { try SigningKey(fileAt: "\(folder)/keys/\($0).pem") }
    }

    /// A policy over names, which are looked up here and among a project's own keys.
    ///
    /// - Throws: ``OperationalError`` `missing` for a name that nobody knows, `untrusted` where person and
    ///   project mean different keys by it.
    package func policy(
        required: Int, of names: [String], project: [String: VerifyingKey]
    ) throws -> TrustPolicy {
        var signers: [String: VerifyingKey] = [:]
        var gone: [String] = []
        for name in names {
            let key = trusted[name] ?? project[name]
            if let own = trusted[name], let other = project[name], own != other {
                throw OperationalError(
                    code: .untrusted,
                    message:
                        "\(name): bitlaw.yaml means the key \(other.hex.prefix(16))…, you trust "
                        + "\(own.hex.prefix(16))… under this name",
                    remedy: "ask \(name) which key is theirs; then correct one of the two")
            }
            if revoked[name] != nil || key.map(isRevoked) == true {
                gone.append(name)
            } else if let key {
                signers[name] = key
            } else {
                throw OperationalError(
                    code: .missing,
                    message: "\(name): a policy names this signer, but no key is known",
                    remedy:
                        "bitlaw keys trust \(name) FILE.pub, or add it to `keys:` in bitlaw.yaml")
            }
        }
        return TrustPolicy(required: required, signers: signers, revoked: gone)
    }
}
