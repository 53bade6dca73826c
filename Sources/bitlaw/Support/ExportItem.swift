import Canon
import Experiment
import LocalStore

/// An output that is to become a file, or a folder.
struct ExportItem {
    /// The action that made it.
    let action: Action
    /// Which of its outputs it is.
    let output: String
    let digest: Digest
    /// The file's name in the folder.
    let name: String
    /// Whether it is a folder.
    var isTree = false
}

/// What became of a file, or of a folder as a whole.
struct ExportedFile {
    /// What an export does with a file.
    enum State: String {
        case written, unchanged, removed, left
        /// No layer of the store has a good copy.
        case lost
    }

    let path: String
    let state: State
}
