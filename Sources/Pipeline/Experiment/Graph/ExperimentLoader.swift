import Canon
import System

/// Reads an experiment file into the graph of its actions.
package enum ExperimentLoader {
    /// Reads, checks and resolves an experiment file, with `settings` such as `seed=7` in the place of what
    /// it says; nothing runs.
    ///
    /// It belongs to `project`, else to what ``ProjectFolder`` finds. Files in places outside, to which links
    /// of the project lead, are read where the place `isApproved`.
    ///
    /// - Throws: ``ExperimentError`` with every mistake that was found; ``OperationalError`` when the
    ///   file cannot be read.
    /// - Complexity: linear in the actions and their inputs.
    package static func load(
        path: String, project: String? = nil, settings: [String] = [], registry: KindRegistry,
        isApproved: @escaping (_ root: String) -> Bool = { _ in false }
    ) throws -> ActionGraph {
        guard let size = sizeOfFile(path) else {
            throw MissingExperiment.error(path)
        }
        try YAMLReader.checkSize(size, path: path)
        let bytes = try readRequiredFile(path)
        return try load(
            bytes: bytes, path: path, project: project ?? ProjectFolder.of(path),
            settings: settings, files: ExperimentFiles(isApproved: isApproved), registry: registry
        ) { try readWholeFile(ResultList.lockPath(of: path), limit: ResultList.largestLock) }
    }

    /// Resolves the bytes of an experiment file; `files` says which files of the project there are, and
    /// `lock` reads the lock file for stages that are frozen.
    package static func load(
        bytes: [UInt8], path: String, project: String, settings: [String] = [],
        files: ExperimentFiles = ExperimentFiles(), registry: KindRegistry,
        lock: () throws -> [UInt8]? = { nil }
    ) throws -> ActionGraph {
        let yaml = try YAMLReader(path: path, bytes: bytes)
        let root = try yaml.read()
        let diagnostics = Diagnostics(source: yaml.source)
        var parts = IncludeReader(project: project, diagnostics: diagnostics) {
            try files.bytes($0, project)
        }
        let own = ProjectFolder.path(of: path, below: project)
        let experiment = try KindFile.experiment(in: root, path: own, yaml.source)
        let whole = parts.whole(experiment, path: own)
        let set = SettingReader(diagnostics: diagnostics).apply(settings, to: whole)
        let kindFiles = KindFiles(
            diagnostics: diagnostics, names: files.kinds(project),
            read: { try files.bytesIfAny($0, project) })
        let syntax = ExperimentReader(
            registry: registry, kindFiles: kindFiles, diagnostics: diagnostics
        ).read(set)
        var builder = GraphBuilder(
            syntax: syntax, project: project, files: files, registry: registry,
            diagnostics: diagnostics)
        builder.checkNames()
        builder.checkReferences()
        try diagnostics.throwIfAny()
        let order = builder.topologicalOrder()
        try diagnostics.throwIfAny()
        builder.build(order)
        try diagnostics.throwIfAny()
        let graph = ActionGraph(
            experiment: syntax.name, seed: syntax.seed, file: path,
            source: ExperimentSource(
                file: Digest(of: bytes.span),
                includes: parts.includes + kindFiles.sources.filter { $0.path != own },
                settings: settings),
            project: project,
            reach: ProjectReach(project: project, roots: builder.roots.sorted()),
            stages: builder.stages, actions: builder.actions,
            warnings: diagnostics.warnings,
            replicateAxes: Set(syntax.axes.filter { $0.isReplicate }.map { $0.name.name }))
        guard graph.stages.contains(where: { $0.freeze != nil }) else { return graph }
        let lockPath = ResultList.lockPath(of: path)
        let locked = try lock().map { try ResultList(lock: $0, path: lockPath) }
        let frozen = FrozenStages(diagnostics: diagnostics, path: lockPath, lock: locked)
            .apply(to: graph)
        try diagnostics.throwIfAny()
        return frozen
    }
}
