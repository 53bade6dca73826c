import Canon
package import System

extension ActionGraph {
    /// The files of the project that actions read, those in folders too, each once, in the order of the bytes
    /// of their paths.
    ///
    /// - Throws: ``OperationalError`` for a folder that cannot be read, or has in it what no tree has.
    package func projectFiles() throws -> [String] {
        var files: Set<ExactText> = []
        for source in Set(actions.flatMap { $0.inputs.flatMap { $0.sources } }) {
            guard let path = source.projectPath else { continue }
            guard let folder = folder(of: source) else {
                files.insert(ExactText(path))
                continue
            }
            _ = try OperationalError.naming(folder) {
                try folder.walk { item, _ in
                    if case .file = item.content { files.insert(ExactText("\(path)/\(item.path)")) }
                    return true
                }
            }
        }
        return files.map { $0.text }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The files of the project that actions read and that stand outside of it, where a link leads.
    package func filesOutside() throws -> [String] {
        if reach.roots.isEmpty { return [] }
        return try projectFiles().filter { reach.root(of: $0) != nil }
    }
}

extension OperationalError {
    /// Does what reads a folder; a mistake in it is told with the folder's path and the way out.
    package static func naming<Value>(_ folder: SourceFolder, _ body: () throws -> Value) throws
        -> Value
    {
        do {
            return try body()
        } catch let mistake as TreeMistake {
            throw OperationalError(
                code: .malformed, message: "\(folder.path): \(mistake)",
                remedy: "take it out of the folder, or leave it out by `exclude`")
        }
    }
}
