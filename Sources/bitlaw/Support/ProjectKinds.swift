import Experiment
import System

/// The kinds that the project in the current folder describes in files of its own.
struct ProjectKinds {
    private let project: String
    private let files = ExperimentFiles()

    /// Finds the project of the current folder.
    init() throws { project = try Consent.project(of: ProjectFolder.absolute("x")) }

    /// Their names.
    var names: [String] { files.kinds(project) }

    /// The kinds, in the order of their names.
    ///
    /// - Throws: ``ExperimentError`` for a file with a mistake.
    func all() throws -> [Kind] { try names.sorted().compactMap(kind) }

    /// The kind of a name; `nil` where no file describes it.
    ///
    /// - Throws: ``ExperimentError`` for a file with a mistake.
    func kind(_ name: String) throws -> Kind? {
        guard names.contains(name) else { return nil }
        let path = KindFile.path(of: name)
        return try KindFile.read(name, readRequiredFile("\(project)/\(path)")).kind
    }
}
