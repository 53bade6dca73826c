import Glibc
import LocalStore
import System

/// A folder to work in: a given one stays, one of its own goes.
struct ScratchFolder {
    let path: String
    private let attempt: AttemptFolder?
    private let isTemporary: Bool

    /// Makes a folder inside the store, or where that is read-only in `TMPDIR`.
    init(_ store: Store, at given: String? = nil) throws {
        if let given {
            path = ProjectFolder.absolute(given)
            if unsafe mkdir(path, 0o777) != 0 && errno != EEXIST {
                throw UsageError(text: "--scratch \(given): cannot make the folder")
            }
            (attempt, isTemporary) = (nil, false)
        } else if store.isReadOnly {
            path = try ScratchFolder.makeTemporary("\(store.path) is read-only")
            (attempt, isTemporary) = (nil, true)
        } else {
            let made = try store.makeAttemptFolder()
            path = made.path
            (attempt, isTemporary) = (made, false)
        }
    }

    /// Makes a folder in `TMPDIR`, for what no store has to know.
    init() throws {
        path = try ScratchFolder.makeTemporary("the examples of kinds run there")
        (attempt, isTemporary) = (nil, true)
    }

    private static func makeTemporary(_ reason: String) throws -> String {
        let parent = EnvironmentVariables.person.temporaryFolder
        guard let made = makeTemporaryFolder(in: parent) else {
            throw UsageError(
                text: "\(parent): cannot make a folder there, and \(reason)\n"
                    + "  fix: name another with TMPDIR")
        }
        return made
    }

    /// Removes the folder, unless it was given.
    func remove() {
        attempt?.remove()
        if isTemporary {
            try? makeEmptyFolder(path)
            _ = unsafe rmdir(path)
        }
    }
}
