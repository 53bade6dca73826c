package import Canon
package import Experiment
package import LocalStore
import System

/// The files that an experiment reads from outside its project, where links lead: they are the reader's own,
/// and leave this machine only where asked for.
package struct FilesOutside: Sendable {
    /// A file by its path in the project.
    package struct File: Sendable, Equatable {
        /// The path, as the experiment file has it.
        package let path: String
        /// What it holds now.
        package let digest: Digest
    }

    /// The files, by their paths.
    package let files: [File]
    private let paths: Set<ExactText>

    /// No files.
    package static let none = FilesOutside(files: [])

    /// Hashes the files of an experiment that stand outside.
    ///
    /// - Throws: ``OperationalError`` where one cannot be read.
    package init(of graph: ActionGraph) throws {
        self.init(
            files: try graph.filesOutside().map { path in
                let file = try graph.reach.open("\(graph.project)/\(path)")
                return File(path: path, digest: try file.digest().digest)
            })
    }

    private init(files: [File]) {
        self.files = files
        paths = Set(files.map { ExactText($0.path) })
    }

    /// Whether a file is one of them.
    package func contains(_ path: String) -> Bool { paths.contains(ExactText(path)) }

    /// The file that an output of a result, or a file in one that is a folder, is byte for byte; `nil` where
    /// none is.
    package func copy(in result: ActionResult, of store: Store) throws -> File? {
        if files.isEmpty { return nil }
        let parts = Set(try store.parts(of: result).map { $0.digest })
        return files.first { parts.contains($0.digest) }
    }
}
