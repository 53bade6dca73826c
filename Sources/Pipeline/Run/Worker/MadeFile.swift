import Experiment
import Glibc
import System

/// A file that an action made, before it comes into the store.
enum MadeFile {
    /// Opens what an action left at a path; a link there is none of its files.
    ///
    /// - Throws: ``ActionFailure``, for what stands there is the action's own doing: it fails, and the
    ///   run goes on.
    static func open(_ path: String, as name: String) throws -> PlainFile {
        do {
            return try PlainFile.required(path, followingLinks: false)
        } catch let error as OperationalError {
            throw ActionFailure(
                description: "\(name): expected a plain file, found \(found(at: path, error))\n"
                    + "  fix: write one file there; a folder is declared with a `/` at its end: "
                    + "outputs: {NAME: FOLDER/}"
            )
        }
    }

    private static func found(at path: String, _ error: OperationalError) -> String {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return "nothing that can be opened" }
        guard status.st_mode & S_IFMT == S_IFREG else { return status.kindInWords }
        return error.code == .permission
            ? "a file that may not be read" : "a file that cannot be read (\(error.code))"
    }
}
