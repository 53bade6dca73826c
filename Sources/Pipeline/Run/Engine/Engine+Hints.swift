import Canon
import Experiment
import System

extension Engine {
    /// What a failure's text ends with, where a program misses a file of the project.
    func hint(for index: Int, _ log: String) -> String {
        let action = graph.actions[index]
        guard graph.stage(of: action).kind.runsForeignProgram else { return "" }
        let declared = (ProgramParameters.of(action.parameters)["files"]?.elements ?? []).compactMap
        { $0.text }
        let file = UndeclaredFile(in: log, project: graph.project) { name in
            let isDeclared = declared.contains { entry in
                let folder = entry.hasSuffix("/") ? entry : entry + "/"
                return entry.isSameText(as: name) || folder.isSameText(as: name)
                    || name.utf8.starts(with: folder.utf8)
            }
            let path = "\(graph.project)/\(name)"
            let stands =
                name.hasSuffix("/") ? ProjectFolder.isFolder(path) : sizeOfFile(path) != nil
            return stands && !isDeclared
        }
        return file.map { "\n  fix: \($0.hint)" } ?? ""
    }
}
