import Canon

/// A named input of a kind.
///
/// ```swift
/// let walks = InputPort("walks", "walk.csv of each walk: step, x, y", isCollection: true)
/// let start = InputPort("start", "start.json: x, y", isOptional: true)
/// ```
public struct InputPort: Sendable {
    /// The name under `inputs:`.
    public let name: String
    /// One sentence: what arrives, and in which format.
    public let summary: String
    /// Whether the file may leave it out.
    public let isOptional: Bool
    /// Whether it takes any number of actions (then it always arrives as a list).
    public let isCollection: Bool
    /// Whether the file may give a list of stages here (they arrive one after the other).
    public let takesSeveralStages: Bool

    /// The input of a program for its files, which no stage may call one of its own.
    package static let programFiles = "files"

    /// Whether an input of a program can be called so: its files stand in a folder of that name.
    static func isName(_ name: String) -> Bool {
        isSafeName(name) && !name.contains(".") && name != programFiles
    }

    /// Describes an input.
    public init(
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
