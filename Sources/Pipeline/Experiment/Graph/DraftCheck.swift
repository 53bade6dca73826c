import Canon
import System

/// Lets kinds look at what is written of their stages, before anything runs.
struct DraftCheck {
    let project: String
    let files: ExperimentFiles
    let registry: KindRegistry
    let diagnostics: Diagnostics
    /// What each stage of the experiment gives.
    let outputs: [String: [String]]
    /// What was looked at last: the actions of a stage mostly say the same.
    private var last: (kind: String, parameters: [String: JSON], inputs: [ActionInput])?

    init(
        syntax: ExperimentSyntax, project: String, files: ExperimentFiles, registry: KindRegistry,
        diagnostics: Diagnostics
    ) {
        (self.project, self.files, self.registry) = (project, files, registry)
        self.diagnostics = diagnostics
        outputs = Dictionary(
            syntax.stages.map { ($0.name.name, $0.kind.outputs.map { $0.name }) }
        ) { first, _ in first }
    }

    /// Whether an action can run as far as its kind can tell; mistakes are told at their places.
    mutating func holds(
        _ stage: ExperimentSyntax.Stage, _ parameters: [String: JSON], _ inputs: [ActionInput],
        _ actions: [Action]
    ) -> Bool {
        // What is frozen reads nothing, and files of a list have no bytes.
        guard stage.freeze == nil, files.isOnDisk,
            let kind = registry.stages[stage.kind.name] as? any CheckedStage.Type
        else { return true }
        if let last, last.kind == stage.kind.name, last.parameters == parameters,
            last.inputs == inputs
        {
            return true
        }
        last = (stage.kind.name, parameters, inputs)
        let before = diagnostics.list.count
        let project = self.project
        kind.check(
            StageDraft(stage, parameters, outputs: outputs, diagnostics) { port in
                inputs.filter { $0.port == port }.flatMap { $0.sources }.compactMap { source in
                    DraftCheck.input(source, actions) { try ExperimentFiles().bytes($0, project) }
                }
            })
        return diagnostics.list.count == before
    }

    /// What an input will be; `nil` for folders and for copies, which no kind of ours looks into.
    private static func input(
        _ source: InputSource, _ actions: [Action],
        _ bytes: @escaping @Sendable (String) throws -> [UInt8]
    ) -> StageInput? {
        func named(
            _ name: String, _ output: String, _ coordinates: [Coordinate],
            _ read: @escaping @Sendable () throws -> [UInt8]
        ) -> StageInput {
            StageInput(
                producer: name, output: output, coordinates: coordinates,
                digest: Digest(of: [UInt8]().span), read: read
            ) { throw DraftCheck.lacks(name) }
        }
        switch source {
        case .action(let index, let output):
            let name = actions[index].name
            return named(name, output, actions[index].coordinates) {
                throw DraftCheck.lacks(name)
            }
        case .file(let path): return named(path, "", []) { try bytes(path) }
        case .folder, .replay: return nil
        }
    }

    private static func lacks(_ name: String) -> OperationalError {
        OperationalError(
            code: .missing, message: "\(name): nothing has run yet", remedy: "run the experiment")
    }
}
