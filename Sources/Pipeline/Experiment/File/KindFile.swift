import Canon

/// A kind that a file of the project describes: `kinds/NAME.yaml`.
package struct KindFile {
    /// The contract.
    package let kind: Kind
    /// What is said of its program; `${…}` names its parameters.
    var program: [(parameter: Parameter, value: YAMLValue)] = []
    /// The experiment file of its example; `nil` where it has none.
    package internal(set) var example: String?

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
        guard var file else { preconditionFailure("a kind with a mistake has diagnostics") }
        file.example = exampleText(in: root, yaml.source)
        return file
    }

    /// The path of a kind's file below the project.
    package static func path(of name: String) -> String { "\(folder)/\(name).yaml" }

    /// The name of the kind that a file below the project describes; `nil` for any other file.
    package static func name(ofPath path: String) -> String? {
        let (lead, tail) = ("\(folder)/", ".yaml")
        guard path.hasPrefix(lead), path.hasSuffix(tail),
            path.utf8.count > lead.utf8.count + tail.utf8.count
        else { return nil }
        let name = String(path.dropFirst(lead.count).dropLast(tail.count))
        return isSafeName(name) ? name : nil
    }

    /// What is said of a file whose name one of our own kinds has.
    package static func doubled(_ name: String) -> String {
        "the kind `\(name)` comes with Bitlaw, and \(path(of: name)) describes another"
    }

    /// What to do about it.
    package static let adviceForDoubled = [
        "expected: a name of its own: rename the file, and the kind in the stages that mean it"
    ]
}
