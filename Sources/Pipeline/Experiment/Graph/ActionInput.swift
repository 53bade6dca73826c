import Canon

/// What an action reads through one port.
package struct ActionInput: Sendable, Equatable {
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
    /// A folder of the project with all in it but what the patterns leave out.
    case folder(String, without: [String])
    /// A copy of an earlier action's output, in the graph's replay folder: how `audit` runs an
    /// action by itself under the key that it has in the experiment.
    case replay(ReplayedInput)

    /// The path of what it reads of the project; `nil` for anything else.
    package var projectPath: String? {
        switch self {
        case .file(let path), .folder(let path, _): path
        case .action, .replay: nil
        }
    }

    /// The same for people: a folder ends in a `/`.
    package var shownPath: String? {
        if case .folder(let path, _) = self { return path + "/" }
        return projectPath
    }
}

extension InputSource {
    /// Whether both are the same thing; the paths of files byte by byte, as the file system takes them.
    package static func == (left: InputSource, right: InputSource) -> Bool {
        switch (left, right) {
        case (.action(let one, let first), .action(let other, let second)):
            one == other && first == second
        case (.file(let one), .file(let other)): ExactText(one) == ExactText(other)
        case (.folder(let one, let first), .folder(let other, let second)):
            ExactText(one) == ExactText(other)
                && first.map(ExactText.init) == second.map(ExactText.init)
        case (.replay(let one), .replay(let other)): one == other
        default: false
        }
    }

    /// Hashes what is compared.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .action(let index, let output):
            hasher.combine(index)
            hasher.combine(output)
        case .file(let path), .folder(let path, _): hasher.combine(ExactText(path))
        case .replay(let input): hasher.combine(input)
        }
    }
}

/// A copy of what an action read once, in a replay folder.
package struct ReplayedInput: Sendable, Hashable {
    /// The name of the copy in the replay folder.
    package let copy: String
    /// What made it, for people.
    package let producer: String
    /// The producer's coordinates.
    package let coordinates: [Coordinate]
    /// The producer's output.
    package let output: String
    /// What a program finds it under.
    package let name: String
    /// Whether it is a folder.
    package let isTree: Bool
    /// Whether it may be executed.
    package let isExecutable: Bool

    /// Names a copy.
    package init(
        copy: String, producer: String, coordinates: [Coordinate], output: String,
        name: String = "",
        isTree: Bool = false, isExecutable: Bool = false
    ) {
        self.copy = copy
        self.producer = producer
        self.coordinates = coordinates
        self.output = output
        self.name = name
        self.isTree = isTree
        self.isExecutable = isExecutable
    }
}
