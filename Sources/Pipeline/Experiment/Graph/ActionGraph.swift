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
