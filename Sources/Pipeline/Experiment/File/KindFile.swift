import Canon

/// A kind that a file of the project describes: `kinds/NAME.yaml`.
package struct KindFile {
    /// The contract.
    package let kind: Kind
    /// What is said of its program; `${…}` names its parameters.
    let program: [(parameter: Parameter, value: YAMLValue)]

    /// The folder of such files, below the project's.
    package static let folder = "kinds"

    /// Reads the file of a kind.
    ///
    /// - Throws: ``ExperimentError`` with every mistake.
    package static func read(_ name: String, _ bytes: [UInt8]) throws -> KindFile {
        let yaml = try YAMLReader(path: path(of: name), bytes: bytes)
        let root = try yaml.read()
        let diagnostics = Diagnostics(source: yaml.source)
        let file = KindFileReader(name: name, diagnostics: diagnostics).read(root)
        try diagnostics.throwIfAny()
        guard let file else { preconditionFailure("a kind with a mistake has diagnostics") }
        return file
    }

    /// The path of a kind's file below the project.
    package static func path(of name: String) -> String { "\(folder)/\(name).yaml" }
}
