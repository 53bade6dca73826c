import Experiment
import System

extension ActionGraph {
    /// The experiment file as seen from the project.
    var fileInProject: String {
        let (path, root) = (ProjectFolder.standing(file), project + "/")
        // Bytes are compared and counted: a letter of the project's path may have several.
        guard path.utf8.starts(with: root.utf8) else { return path }
        return String(decoding: path.utf8.dropFirst(root.utf8.count), as: UTF8.self)
    }
}
