package import Canon

/// A resolved experiment: every action, with producers before their consumers.
package struct ActionGraph: Sendable {
    /// The experiment's name.
    package let experiment: String
    /// The experiment's seed.
    package let seed: UInt64
    /// The path of the experiment file, as it was given.
    package let file: String
    /// The digest of the experiment file's bytes.
    package let fileDigest: Digest
    /// The project's folder: `file:` inputs are relative to it, `.cache` stands in it.
    package let project: String
    /// Where replayed inputs stand; `nil` outside an audit.
    package let replayFolder: String?
    /// The stages, in the order of the file; hidden ones (downloads) last.
    package let stages: [ResolvedStage]
    /// The actions, topologically ordered: an input's index is always smaller than its reader's.
    package let actions: [Action]

    /// Assembles a graph.
    package init(
        experiment: String, seed: UInt64, file: String, fileDigest: Digest, project: String,
        replayFolder: String? = nil, stages: [ResolvedStage], actions: [Action]
    ) {
        self.experiment = experiment
        self.seed = seed
        self.file = file
        self.fileDigest = fileDigest
        self.project = project
        self.replayFolder = replayFolder
        self.stages = stages
        self.actions = actions
    }

    /// The path of what a source reads from outside the store; `nil` for an action's output.
    package func path(of source: InputSource) -> String? {
        switch source {
        case .action: nil
        case .file(let path): "\(project)/\(path)"
        case .replay(let name, _, _, _): "\(replayFolder ?? project)/\(name)"
        }
    }

    /// The stage of an action.
    package func stage(of action: Action) -> ResolvedStage { stages[action.stage] }
}

/// A stage whose kind is known.
package struct ResolvedStage: Sendable {
    /// The name in the file.
    package let name: String
    /// What it does.
    package let kind: Kind
    /// The axes it varies over, in the order of `over`.
    package let axes: [String]
    /// Where it stands in the file, counted from 1.
    package let line: Int
    /// Bounds on one attempt.
    package let limits: Limits
    /// When a failed attempt is repeated.
    package let retry: Retry

    /// Names a resolved stage.
    package init(
        name: String, kind: Kind, axes: [String], line: Int, limits: Limits = Limits(),
        retry: Retry = Retry()
    ) {
        self.name = name
        self.kind = kind
        self.axes = axes
        self.line = line
        self.limits = limits
        self.retry = retry
    }
}

/// One stage at one point of its axes.
package struct Action: Sendable {
    /// The place in ``ActionGraph/actions``.
    package let index: Int
    /// The place of its stage in ``ActionGraph/stages``.
    package let stage: Int
    /// `train[samples=1000,features=polar]`; the stage's name alone where it has no axes.
    package let name: String
    /// The values on the stage's axes, in the order of `over`.
    package let coordinates: [Coordinate]
    /// The parameters with defaults filled in.
    package let parameters: [String: JSON]
    /// The derived seed; `nil` for a kind that is not random.
    package let seed: UInt64?
    /// The inputs, in the order of the kind's ports.
    package let inputs: [ActionInput]

    /// Names an action.
    package init(
        index: Int, stage: Int, name: String, coordinates: [Coordinate],
        parameters: [String: JSON], seed: UInt64?, inputs: [ActionInput]
    ) {
        self.index = index
        self.stage = stage
        self.name = name
        self.coordinates = coordinates
        self.parameters = parameters
        self.seed = seed
        self.inputs = inputs
    }
}

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
