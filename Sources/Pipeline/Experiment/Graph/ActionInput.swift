import Canon

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

extension InputSource {
    /// Whether both are the same thing; the paths of files byte by byte, as the file system takes them.
    package static func == (left: InputSource, right: InputSource) -> Bool {
        switch (left, right) {
        case (.action(let one, let first), .action(let other, let second)):
            one == other && first == second
        case (.file(let one), .file(let other)): ExactText(one) == ExactText(other)
        case (
            .replay(let one, let first, let here, let left),
            .replay(let other, let second, let there, let right)
        ):
            one == other && first == second && here == there && left == right
        default: false
        }
    }

    /// Hashes what is compared.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .action(let index, let output):
            hasher.combine(index)
            hasher.combine(output)
        case .file(let path): hasher.combine(ExactText(path))
        case .replay(let name, _, _, let output):
            hasher.combine(name)
            hasher.combine(output)
        }
    }
}
