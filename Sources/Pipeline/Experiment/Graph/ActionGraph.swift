package import Canon
package import System

/// A resolved experiment: every action, with producers before their consumers.
package struct ActionGraph: Sendable {
    /// The experiment's name.
    package let experiment: String
    /// The experiment's seed.
    package let seed: UInt64
    /// The path of the experiment file, as it was given.
    package let file: String
    /// What the experiment is made of.
    package let source: ExperimentSource
    /// The project's folder: `file:` inputs are relative to it, `.cache` stands in it.
    package let project: String
    /// Where the files that actions read may stand.
    package let reach: ProjectReach
    /// Where replayed inputs stand; `nil` outside an audit.
    package let replayFolder: String?
    /// The stages, in the order of the file; hidden ones (downloads) last.
    package let stages: [ResolvedStage]
    /// The actions, topologically ordered: an input's index is always smaller than its reader's.
    package let actions: [Action]
    /// What a person should know of the file, though it can be used: told by `plan` and `run`.
    package let warnings: [Diagnostic]
    /// The axes whose points only repeat others with another seed, as far as the file is at hand.
    package let replicateAxes: Set<String>

    /// Assembles a graph.
    package init(
        experiment: String, seed: UInt64, file: String, source: ExperimentSource,
        project: String, reach: ProjectReach? = nil, replayFolder: String? = nil,
        stages: [ResolvedStage], actions: [Action],
        warnings: [Diagnostic] = [], replicateAxes: Set<String> = []
    ) {
        self.experiment = experiment
        self.seed = seed
        self.file = file
        self.source = source
        self.project = project
        self.reach = reach ?? ProjectReach(project: project)
        self.replayFolder = replayFolder
        self.stages = stages
        self.actions = actions
        self.warnings = warnings
        self.replicateAxes = replicateAxes
    }

    /// The digest of the experiment file, of what it includes and of what was set.
    package var fileDigest: Digest { source.digest }

    /// The path of what a source reads from outside the store; `nil` for an action's output.
    package func path(of source: InputSource) -> String? {
        switch source {
        case .action: nil
        case .file(let path), .folder(let path, _): "\(project)/\(path)"
        case .replay(let input): "\(replayFolder ?? project)/\(input.copy)"
        }
    }

    /// The stage of an action.
    package func stage(of action: Action) -> ResolvedStage { stages[action.stage] }
}
