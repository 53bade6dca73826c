import Canon

/// A named input of a kind.
package struct InputPort: Sendable {
    /// The name under `inputs:`.
    package let name: String
    /// One sentence: what arrives, and in which format.
    package let summary: String
    /// Whether the file may leave it out.
    package let isOptional: Bool
    /// Whether it takes any number of actions (then it always arrives as a list).
    package let isCollection: Bool
    /// Whether the file may give a list of stages here (they arrive one after the other).
    package let takesSeveralStages: Bool

    /// The input of a program for its files, which no stage may call one of its own.
    package static let programFiles = "files"

    /// Whether an input of a program can be called so: its files stand in a folder of that name.
    static func isName(_ name: String) -> Bool {
        isSafeName(name) && !name.contains(".") && name != programFiles
    }

    /// Describes an input.
    package init(
        _ name: String, _ summary: String, isOptional: Bool = false, isCollection: Bool = false,
        takesSeveralStages: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.isOptional = isOptional
        self.isCollection = isCollection
        self.takesSeveralStages = takesSeveralStages
    }
}
