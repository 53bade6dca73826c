import Canon
import LocalStore
package import System

/// What a person approved, project by project: a file beside the person's keys, never in a project.
package struct Approvals: Sendable {
    /// The folder of the person's own configuration.
    let folder: String
    private var powers: [String: Set<String>] = [:]

    private var file: String { "\(folder)/approved.json" }

    /// Reads what a person approved; without a file that is nothing.
    ///
    /// - Throws: ``OperationalError`` `malformed`.
    package init(of person: EnvironmentVariables) throws {
        folder = ProjectFolder.absolute(KeyStore.folder(of: person))
        try read()
    }

    private mutating func read() throws {
        powers = [:]
        guard let bytes = try readWholeFile(file, limit: 16 << 20) else { return }
        guard let json = try? JSON(parsing: bytes), json["format"]?.text == "bitlaw/approvals/1",
            let projects = json["projects"]?.members
        else {
            throw OperationalError(
                code: .malformed, message: "\(file): expected format bitlaw/approvals/1",
                remedy: "move it away, and approve your projects again with bitlaw trust FOLDER")
        }
        powers = projects.mapValues { Set(($0.elements ?? []).compactMap { $0.text }) }
    }

    /// Whether a project, by its real folder, was given a power.
    ///
    /// A folder that is another account's by now, or by now of yet another, is not the one that was approved.
    package func hasGiven(_ power: Power, to project: String) -> Bool {
        guard let given = powers[ProjectFolder.real(project)] else { return false }
        let folder = Power.folder(project).map { given.contains($0.text) } ?? true
        return folder && given.contains(power.text)
    }

    /// Whether another account's file, by which a folder would be a project, was approved.
    package func hasApproved(_ folder: String, _ mark: String, _ account: UInt32) -> Bool {
        hasGiven(.mark(mark, ofAccount: account), to: folder)
    }

    /// The servers of this machine or its network to which a project may send requests.
    func servers(of project: String) -> [String] {
        (powers[ProjectFolder.real(project)] ?? []).compactMap(Power.server(inText:)).sorted()
    }

    /// The variables of the person whose values a project may give its programs.
    func variables(of project: String) -> Set<String> {
        Set((powers[ProjectFolder.real(project)] ?? []).compactMap(Power.variable(inText:)))
    }

    /// The folders of the projects that were given powers, with these in words.
    package var list: [(project: String, powers: [String])] {
        powers.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// Gives a project these powers; what it was given before stays.
    package mutating func give(_ given: [Power], to project: String) throws {
        // What another command gave meanwhile stays.
        try read()
        powers[ProjectFolder.real(project), default: []].formUnion(given.map { $0.text })
        try save()
    }

    /// Takes every power of a project away.
    ///
    /// - Returns: whether it had any.
    package mutating func revoke(from project: String) throws -> Bool {
        try read()
        // A folder that is gone has its old name alone.
        let had = [project, ProjectFolder.real(project)].map { powers.removeValue(forKey: $0) }
        try save()
        return had.contains { $0 != nil }
    }

    private func save() throws {
        let json: JSON = [
            "format": "bitlaw/approvals/1",
            "projects": .object(
                powers.mapValues { .array($0.sorted().map { .string($0) }) }),
        ]
        try makePrivateFolder(folder)
        try writeWholeFile(Array(json.pretty().utf8), to: file, .durable, mode: 0o600)
    }
}
