import Experiment
import LocalStore
import System

/// What a run keeps of the project, so that `why` can tell what changes.
extension Engine {
    /// Keeps the texts of the project that an action read, and of folders their trees.
    func keepTexts(of index: Int) throws {
        for source in graph.actions[index].inputs.flatMap({ $0.sources }) {
            // What stands outside the project stays where it is.
            guard let name = source.projectPath, let path = graph.path(of: source),
                graph.reach.roots.isEmpty || graph.reach.root(of: name) == nil,
                !store.contains(resolution.digest(of: source))
            else { continue }
            if let folder = graph.folder(of: source) {
                // One that changed since is told by whoever reads it next.
                let tree = try? store.tree(of: folder, believingIndex: true).tree
                if let tree { try store.put(tree.manifest) }
            } else if let bytes = try? readWholeFile(path, limit: FileChange.largest),
                FileChange.isText(bytes)
            {
                try store.put(bytes)
            }
        }
    }
}
