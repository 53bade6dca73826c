import Canon

/// A kind that a file of the project describes: `kinds/NAME.yaml`.
package struct KindFile {
    /// The contract.
    package let kind: Kind
    /// What is said of its program; `${…}` names its parameters.
    let program: [(parameter: Parameter, value: YAMLValue)]

    /// The folder of such files, below the project's.
    package static let folder = "kinds"

    /// The path of a kind's file below the project.
    package static func path(of name: String) -> String { "\(folder)/\(name).yaml" }
}
