import Canon
import Experiment
import System

extension Engine {
    /// What a failure's text ends with: a file of the project that the program misses, or a value of an axis
    /// that it names and that is no whole number.
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
        return file.map { "\n  fix: \($0.hint)" } ?? roundHint(action, log) ?? ""
    }

    /// That a range has `round`, where a program stumbles over one of the points between whole numbers.
    private func roundHint(_ action: Action, _ log: String) -> String? {
        for coordinate in action.coordinates {
            guard let value = coordinate.value.double, value != value.rounded() else { continue }
            let text = coordinate.value.canonicalText
            // Whoever writes 0.5 knows it; a point of a range has many digits.
            guard text.utf8.count > 12, log.contains(text) else { continue }
            return "\n  \(coordinate.axis) is \(text) here"
                + "\n  fix: `round: true` in the range of the axis \(coordinate.axis) makes its points "
                + "whole numbers"
        }
        return nil
    }
}
