/// What an action reads through one port.
package struct ActionInput: Sendable {
    /// The port's name.
    package let port: String
    /// Whether it arrives as a collection: then coordinates are part of the key.
    package let isCollection: Bool
    /// What is read, ordered by coordinate.
    package let sources: [InputSource]
    /// The actions among them that are left out where they do not end well.
    package let mayMiss: Set<Int>

    /// Names what is read.
    package init(
        port: String, isCollection: Bool, sources: [InputSource], mayMiss: Set<Int> = []
    ) {
        self.port = port
        self.isCollection = isCollection
        self.sources = sources
        self.mayMiss = mayMiss
    }

    /// The input without the outputs of some actions; `nil` where one of them has to be there, or nothing
    /// is left.
    func leavingOut(_ producers: Set<Int>) -> ActionInput? {
        var kept: [InputSource] = []
        for source in sources {
            guard case .action(let producer, _) = source, producers.contains(producer) else {
                kept.append(source)
                continue
            }
            if !mayMiss.contains(producer) { return nil }
        }
        if kept.isEmpty && !sources.isEmpty { return nil }
        return ActionInput(
            port: port, isCollection: isCollection, sources: kept,
            mayMiss: mayMiss.subtracting(producers))
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
