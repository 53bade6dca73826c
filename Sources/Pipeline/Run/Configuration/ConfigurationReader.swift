import Canon
import Experiment
import System
import Trust

/// Reads `bitlaw.yaml`, or a person's own `config.yaml`; every mistake gets its place.
struct ConfigurationReader {
    /// The folder that paths are relative to.
    let project: String
    /// Whether the person wrote the file for themself: what a project brings may name no credentials.
    var isPersonal = false
    let diagnostics: Diagnostics

    func read(_ root: YAMLValue) -> ProjectConfiguration {
        var configuration = ProjectConfiguration()
        let known = ["store", "stores", "trust", "remotes", "keys"]
        guard
            let members = checkedMapping(
                root, isPersonal ? "config.yaml" : "bitlaw.yaml",
                known + (isPersonal ? ["account-secret"] : [])
                    + ConfigurationReader.personalMembers,
                diagnostics)
        else { return configuration }
        configuration.accountSecret = members["account-secret"].flatMap { file($0) }
        readPowers(members, into: &configuration)
        configuration.store = members["store"].flatMap(path)
        if let trust = members["trust"] { configuration.trust = rule(trust) }
        if let stores = members["stores"] {
            if let elements = stores.elements {
                configuration.layers = elements.compactMap(layer)
            } else {
                diagnostics.add("`stores` is \(stores.found)", stores.place, ["expected: a list"])
            }
        }
        for (name, value) in named(members["keys"], "`keys`") {
            if let key = key(value) { configuration.keys[name.name] = key }
        }
        for (name, value) in named(members["remotes"], "`remotes`") {
            if let remote = remote(name, value) { configuration.remotes.append(remote) }
        }
        return configuration
    }

    /// What a person may say for all projects, and no project for itself.
    private static let personalMembers = ["programs", "places", "addresses", "executors"]

    private func readPowers(
        _ members: [String: YAMLValue], into configuration: inout ProjectConfiguration
    ) {
        for name in ConfigurationReader.personalMembers {
            guard let value = members[name] else { continue }
            if !isPersonal {
                diagnostics.add(
                    "`\(name)` in a project's file, which anybody may have written", value.place,
                    [
                        "expected: in your own ~/.config/bitlaw/config.yaml"
                            + (name == "executors" ? "" : ", or bitlaw trust FOLDER")
                    ])
            } else if name == "executors" {
                let reader = ExecutorReader(diagnostics: diagnostics)
                configuration.executors = named(value, "`executors`").compactMap(reader.read)
            } else if name == "programs" {
                if let policy = value.text.flatMap(ProgramPolicy.init) {
                    configuration.programs = policy
                } else {
                    diagnostics.add(
                        "`programs` is \(value.found)", value.place,
                        ["expected: asked (which holds without a word), allowed or unconfined"])
                }
            } else if let elements = value.elements, elements.allSatisfy({ $0.text != nil }) {
                if name == "places" {
                    configuration.places = elements.compactMap(path).map(ProjectFolder.real)
                } else {
                    configuration.addresses = elements.compactMap { $0.text }
                }
            } else {
                diagnostics.add(
                    "`\(name)` is \(value.found)", value.place,
                    [
                        name == "places"
                            ? "expected: a list of folders"
                            : "expected: a list, HOST or HOST:PORT each"
                    ])
            }
        }
    }

    private func named(_ value: YAMLValue?, _ what: String) -> [(key: YAMLKey, value: YAMLValue)] {
        guard let value else { return [] }
        guard let members = value.members else {
            diagnostics.add(
                "\(what) is \(value.found)", value.place, ["expected: a mapping of names"])
            return []
        }
        return members.filter { key, _ in
            if isSafeName(key.name) { return true }
            diagnostics.add(
                "`\(key.name)` is no name", key.place,
                ["expected: letters, digits, '.', '_' and '-'"])
            return false
        }
    }

    private func path(_ value: YAMLValue) -> String? {
        guard let text = value.text, !text.isEmpty else {
            diagnostics.add(
                "a folder is \(value.found)", value.place, ["expected: the path of a folder"])
            return nil
        }
        return text.hasPrefix("/") ? text : "\(project)/\(text)"
    }

    private func file(_ value: YAMLValue) -> String? {
        guard let text = value.text, !text.isEmpty else {
            diagnostics.add(
                "`account-secret` is \(value.found)", value.place, ["expected: the path of a file"])
            return nil
        }
        return text.hasPrefix("/") ? text : "\(project)/\(text)"
    }

    private func layer(_ value: YAMLValue) -> ProjectConfiguration.Layer? {
        if value.members == nil { return path(value).map { ProjectConfiguration.Layer(path: $0) } }
        guard let members = checkedMapping(value, "a store", ["path", "trust"], diagnostics)
        else { return nil }
        guard let folder = members["path"].flatMap(path) else {
            if members["path"] == nil {
                diagnostics.add("a store without `path`", value.place, ["expected: path: FOLDER"])
            }
            return nil
        }
        return ProjectConfiguration.Layer(path: folder, trust: members["trust"].map(rule) ?? .any)
    }

    private func key(_ value: YAMLValue) -> VerifyingKey? {
        let text = value.text ?? ""
        do {
            if text.hasSuffix(".pub") || text.hasSuffix(".pem") {
                return try VerifyingKey(fileAt: text.hasPrefix("/") ? text : "\(project)/\(text)")
            }
            return try VerifyingKey(text: text, origin: "the key")
        } catch let error as OperationalError {
            diagnostics.add(error.message, value.place, [error.remedy])
        } catch {}
        return nil
    }

    /// `any`, `{signed-by: [names]}`, or `{signatures: k, of: [names]}`; the count goes with either list.
    private func rule(_ value: YAMLValue) -> TrustRule {
        if value.text == "any" { return .any }
        let expected = "expected: any, {signed-by: [NAMES]}, or {signatures: K, of: [NAMES]}"
        guard value.members != nil else {
            diagnostics.add("`trust` is \(value.found)", value.place, [expected])
            return .any
        }
        guard
            let members = checkedMapping(
                value, "`trust`", ["signed-by", "signatures", "of"], diagnostics)
        else { return .any }
        let elements = (members["signed-by"] ?? members["of"])?.elements ?? []
        let names = elements.compactMap { $0.text }
        let least = members["signed-by"] != nil ? 1 : 0
        let required = members["signatures"].map { $0.json.integer ?? 0 } ?? least
        guard !names.isEmpty, names.count == elements.count,
            (members["signed-by"] == nil) != (members["of"] == nil),
            (1...Set(names).count).contains(required)
        else {
            diagnostics.add(
                "`trust` does not say how many of whom", value.place,
                [expected, "K from 1 to the number of different names"])
            return .any
        }
        return TrustRule(required: required, signers: names)
    }

    private static let remoteKeys = [
        "path", "url", "rclone", "trust", "spot-check", "read", "token", "user", "password",
        "max-blob", "parallel", "patience", "retries",
    ]

    private func remote(_ name: YAMLKey, _ value: YAMLValue) -> RemoteConfiguration? {
        guard
            let members = checkedMapping(
                value, "remote \(name.name)", ConfigurationReader.remoteKeys, diagnostics),
            let address = address(name, members)
        else { return nil }
        var remote = RemoteConfiguration(name: name.name, address: address)
        if let trust = members["trust"] { remote.trust = rule(trust) }
        if let share = members["spot-check"] { remote.spotCheck = percentage(share) }
        if let read = members["read"] {
            remote.isRead = read.json.bool ?? true
            if read.json.bool == nil {
                diagnostics.add("`read` is \(read.found)", read.place, ["expected: true or false"])
            }
        }
        if !isPersonal { refuseCredentials(name.name, members) }
        remote.token = members["token"].flatMap(secret)
        remote.user = members["user"]?.text
        remote.password = members["password"].flatMap(secret)
        if (remote.user == nil) != (remote.password == nil) {
            diagnostics.add(
                "remote \(name.name) has only one of user and password", name.place,
                ["expected: both, or neither"])
        }
        func count(_ key: String, _ range: ClosedRange<Int>, _ old: Int) -> Int {
            guard let value = members[key] else { return old }
            if let number = value.json.integer, range.contains(number) { return number }
            diagnostics.add(
                "`\(key)` is \(value.found)", value.place,
                ["expected: a whole number from \(range.lowerBound) to \(range.upperBound)"])
            return old
        }
        remote.parallel = count("parallel", 1...256, remote.parallel)
        remote.patience = count("patience", 1...3600, remote.patience)
        remote.retries = count("retries", 0...20, remote.retries)
        if let size = members["max-blob"] {
            if let bytes = ByteCount.read(size.text ?? "") {
                remote.largestBlob = bytes
            } else {
                diagnostics.add(
                    "`max-blob` is \(size.found)", size.place, ["expected: a text such as 2GB"])
            }
        }
        return remote
    }

    private func address(
        _ name: YAMLKey, _ members: [String: YAMLValue]
    ) -> RemoteConfiguration.Address? {
        let addresses = ["path", "url", "rclone"].filter { members[$0] != nil }
        guard addresses.count == 1, let given = members[addresses[0]], let text = given.text,
            !text.isEmpty
        else {
            diagnostics.add(
                "remote \(name.name) has \(addresses.isEmpty ? "no address" : "several addresses")",
                name.place, ["expected: one of path: FOLDER, url: ADDRESS, rclone: REMOTE:PATH"])
            return nil
        }
        switch addresses[0] {
        case "path": return .folder(text.hasPrefix("/") ? text : "\(project)/\(text)")
        case "url":
            guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
                diagnostics.add(
                    "`url` is \(given.found)", given.place, ["expected: https://HOST/PATH"])
                return nil
            }
            let authority = text.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
            guard !authority.contains("@") else {
                diagnostics.add(
                    "`url` has a password or name in it", given.place,
                    ["expected: the credentials in ~/.netrc, or under token: or password:"])
                return nil
            }
            return .url(text)
        default:
            guard isPersonal || ConfigurationReader.isNamedRemote(text) else {
                diagnostics.add(
                    "`rclone` is \(given.found)", given.place,
                    [
                        "expected: NAME:PATH, a remote of your own rclone configuration; anything "
                            + "else could start a program, and belongs into "
                            + "~/.config/bitlaw/config.yaml"
                    ])
                return nil
            }
            return .rclone(text)
        }
    }

    /// Whether rclone takes the text as a remote of its configuration and nothing more: a colon in front, or
    /// a comma or quote in the name, begins options of a backend, some of which are commands.
    private static func isNamedRemote(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return false }
        return text[..<colon].unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0)
                || "_-.+@ ".unicodeScalars.contains($0)
        } && text.first != "-" && text.first != " "
    }

    private func refuseCredentials(_ name: String, _ members: [String: YAMLValue]) {
        for member in ["token", "user", "password"] {
            guard let value = members[member] else { continue }
            diagnostics.add(
                "remote \(name) has `\(member)` in a project's file, which anybody may have written",
                value.place,
                [
                    "expected: the remote with its credentials in ~/.config/bitlaw/config.yaml, "
                        + "which has the same form"
                ])
        }
    }

    private func percentage(_ value: YAMLValue) -> Double {
        if let share = Percentage.read(value.text ?? "") { return share }
        diagnostics.add(
            "`spot-check` is \(value.found)", value.place, ["expected: a share such as 2%"])
        return 0
    }

    private func secret(_ value: YAMLValue) -> RemoteConfiguration.Secret? {
        if value.members != nil,
            let members = checkedMapping(value, "a secret", ["env", "file"], diagnostics),
            members.count == 1
        {
            if let name = members["env"]?.text { return .variable(name) }
            if let path = members["file"].flatMap(path) { return .file(path) }
        }
        diagnostics.add(
            "a secret stands in the file", value.place,
            ["expected: {env: VARIABLE} or {file: PATH}, for this file is shared"])
        return nil
    }
}
