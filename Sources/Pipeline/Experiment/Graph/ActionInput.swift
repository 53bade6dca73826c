/// What an action reads through one port.
package struct ActionInput: Sendable {
    /// The port's name.
    package let port: String
    /// Whether it arrives as a collection: then coordinates are part of the key.
    package let isCollection: Bool
    /// What is read, ordered by coordinate.
    package let sources: [InputSource]

    /// Names what is read.
    package init(port: String, isCollection: Bool, sources: [InputSource]) {
        self.port = port
        self.isCollection = isCollection
        self.sources = sources
    }
}

/// One thing that an action reads.
package enum InputSource: Sendable, Hashable {
    /// An output of an earlier action, by its index.
    case action(Int, output: String)
    /// A file of the project, by its path relative to the project's folder.
    case file(String)
    /// A copy of an earlier action's output, in the graph's replay folder: how `audit` runs an
    /// action by itself under the key that it has in the experiment.
    case replay(String, producer: String, coordinates: [Coordinate], output: String)
}
