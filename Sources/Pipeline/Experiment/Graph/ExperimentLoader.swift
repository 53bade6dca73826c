import Canon
import System

/// Reads an experiment file into the graph of its actions.
package enum ExperimentLoader {
    /// Reads, checks and resolves an experiment file; nothing runs.
    ///
    /// - Throws: ``ExperimentError`` with every mistake that was found; ``OperationalError`` when the
    ///   file cannot be read.
    /// - Complexity: linear in the actions and their inputs.
    package static func load(path: String, registry: KindRegistry) throws -> ActionGraph {
        guard let size = sizeOfFile(path) else {
            throw ExperimentError.noSuchFile(
                path, expected: "the path of an experiment file, such as pipelines/NAME.yaml")
        }
        try YAMLReader.checkSize(size, path: path)
        let bytes = try readRequiredFile(path)
        return try load(
            bytes: bytes, path: path, project: ProjectFolder.of(path), registry: registry
        ) { try readWholeFile(ResultList.lockPath(of: path)) }
    }

    /// Resolves the bytes of an experiment file; `files` says which files of the project there are, and
    /// `lock` reads the lock file for stages that are frozen.
    package static func load(
        bytes: [UInt8], path: String, project: String, files: ExperimentFiles = ExperimentFiles(),
        registry: KindRegistry, lock: () throws -> [UInt8]? = { nil }
    ) throws -> ActionGraph {
        let yaml = try YAMLReader(path: path, bytes: bytes)
        let root = try yaml.read()
        let diagnostics = Diagnostics(source: yaml.source)
        let syntax = ExperimentReader(registry: registry, diagnostics: diagnostics).read(root)
        var builder = GraphBuilder(
            syntax: syntax, project: project, files: files, diagnostics: diagnostics)
        builder.checkReferences()
        try diagnostics.throwIfAny()
        let order = builder.topologicalOrder()
        try diagnostics.throwIfAny()
        builder.build(order)
        try diagnostics.throwIfAny()
        let graph = ActionGraph(
            experiment: syntax.name, seed: syntax.seed, file: path,
            fileDigest: Digest(of: bytes.span), project: project, stages: builder.stages,
            actions: builder.actions)
        guard graph.stages.contains(where: { $0.freeze != nil }) else { return graph }
        let lockPath = ResultList.lockPath(of: path)
        let locked = try lock().map { try ResultList(lock: $0, path: lockPath) }
        let frozen = FrozenStages(diagnostics: diagnostics, path: lockPath, lock: locked)
            .apply(to: graph)
        try diagnostics.throwIfAny()
        return frozen
    }
}
