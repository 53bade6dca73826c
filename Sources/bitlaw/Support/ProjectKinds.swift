import Canon
import Experiment
import System

/// The kinds that the project in the current folder describes in files of its own.
struct ProjectKinds {
    /// The project's folder.
    let project: String
    private let files = ExperimentFiles()

    /// Finds the project of the current folder.
    init() throws { project = try Consent.project(of: ProjectFolder.absolute("x")) }

    /// Their names.
    var names: [String] { files.kinds(project) }

    /// The kinds, in the order of their names.
    ///
    /// - Throws: ``ExperimentError`` with the mistakes of all files.
    func all() throws -> [KindFile] {
        var found: [KindFile] = []
        var mistakes: [Diagnostic] = []
        for name in names.sorted() {
            do {
                if let file = try file(name) { found.append(file) }
            } catch let error as ExperimentError { mistakes += error.diagnostics }
        }
        if !mistakes.isEmpty { throw ExperimentError(mistakes) }
        return found
    }

    /// The kind of a name; `nil` where no file describes it.
    ///
    /// - Throws: ``ExperimentError`` for a file with a mistake.
    func file(_ name: String) throws -> KindFile? {
        guard names.contains(where: { ExactText($0) == ExactText(name) }) else { return nil }
        let path = KindFile.path(of: name)
        guard allKinds.kind(name) == nil else {
            throw ExperimentError([
                Diagnostic(
                    KindFile.doubled(name), at: nil, in: SourceText(path: path, text: ""),
                    notes: KindFile.adviceForDoubled)
            ])
        }
        return try KindFile.read(name, readRequiredFile("\(project)/\(path)"))
    }
}
