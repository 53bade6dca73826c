import Canon
import System

/// A claims file: what is claimed, and which results bear it.
package struct ClaimsFile: Sendable {
    /// The path of the file, as it was given.
    package let path: String
    /// The path of the experiment file; empty where the file names none.
    package let experiment: String
    /// The claims, in their order.
    package let claims: [Claim]

    /// Reads a claims file.
    ///
    /// - Throws: ``ExperimentError`` with every mistake and its place; ``OperationalError``.
    package static func load(path: String) throws -> ClaimsFile {
        guard let bytes = try readWholeFile(path) else {
            throw ExperimentError.noSuchFile(
                path, expected: "a claims file, such as pipelines/NAME.claims.yaml")
        }
        return try ClaimsFile(path: path, bytes: bytes)
    }

    /// Reads the bytes of a claims file.
    ///
    /// - Parameters:
    ///   - path: the path of the file, for messages.
    ///   - bytes: what it holds.
    ///   - isStandingAlone: whether it has to name its experiment; that of a page does not.
    /// - Throws: ``ExperimentError`` with every mistake and its place.
    package init(path: String, bytes: [UInt8], isStandingAlone: Bool = true) throws {
        let yaml = try YAMLReader(path: path, bytes: bytes)
        let diagnostics = Diagnostics(source: yaml.source)
        let root = try yaml.read()
        let names = (root.members ?? []).map { $0.key.name }
        if let stages = root.members?.first(where: { $0.key.name == "stages" }),
            !names.contains("claims")
        {
            diagnostics.add(
                "this is an experiment file", stages.key.place,
                ["expected: a claims file, such as NAME.claims.yaml, which names its experiment"])
            try diagnostics.throwIfAny()
        }
        var experiment = ""
        var claims: [Claim] = []
        if let members = checkedMapping(
            root, "a claims file", ["experiment", "description", "claims"], diagnostics)
        {
            if let text = members["experiment"]?.text {
                experiment =
                    text.hasPrefix("/") ? text : "\(ProjectFolder.folder(of: path))/\(text)"
            } else if isStandingAlone {
                diagnostics.add(
                    "no experiment is named", root.place,
                    ["expected: experiment: FILE.yaml, relative to this file"])
            }
            if let list = members["claims"]?.members {
                for (key, value) in list {
                    if let claim = ClaimReader(key: key, diagnostics: diagnostics).read(value) {
                        claims.append(claim)
                    }
                }
            } else {
                diagnostics.add(
                    "no claims", members["claims"]?.place ?? root.place,
                    ["expected: claims: a mapping of names to claims"])
            }
        }
        try diagnostics.throwIfAny()
        self.path = path
        self.experiment = experiment
        self.claims = claims
    }
}
