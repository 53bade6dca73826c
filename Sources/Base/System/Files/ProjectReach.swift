import Canon
import Glibc

/// Where the files of a project may be read: in its own folder, and in the places outside to which links of
/// it lead and that its reader approved.
package struct ProjectReach: Sendable, Equatable {
    /// The project's folder.
    package let project: String
    /// The approved places outside, with every link followed: folders, or files alone.
    package let roots: [String]

    /// Reaches into a project's folder and into `roots`.
    package init(project: String, roots: [String] = []) {
        self.project = project
        self.roots = roots
    }

    /// The place outside the project to which the last link on a path leads; `nil` where it stays within.
    ///
    /// With `data -> /scratch/me`, that of `data/x.csv` is `/scratch/me`.
    package func root(of path: String) -> String? {
        let own = ProjectFolder.real(project)
        var (standing, place, scope) = (project, own, own)
        for part in path.split(separator: "/") {
            standing += "/\(part)"
            // What is not there yet would be made in the folder that is.
            let isThere = unsafe access(standing, F_OK) == 0
            place = isThere ? ProjectFolder.real(standing) : "\(place)/\(part)"
            if !Self.contains(scope, place) { scope = place }
        }
        return Self.contains(own, scope) ? nil : scope
    }

    /// Opens a file, given by its whole path.
    ///
    /// What was opened is looked at, not what stood there before: a link may lead elsewhere by now.
    ///
    /// - Throws: ``OperationalError`` as ``PlainFile`` does, and `untrusted` for what is out of reach.
    package func open(_ path: String) throws -> PlainFile {
        let file = try PlainFile.required(path, remedy: "name a plain file")
        try requireReach(path, file.status, "file")
        return file
    }

    /// Opens a folder, given by its whole path; every link on the way is followed.
    ///
    /// - Throws: ``OperationalError`` as ``open(_:)`` does.
    package func openFolder(_ path: String) throws -> FolderHandle {
        guard let folder = try FolderHandle.open(path, followingLinks: true) else {
            throw OperationalError.system("open", path, ENOENT)
        }
        try requireReach(path, try folder.status(), "folder")
        return folder
    }

    private func requireReach(_ path: String, _ status: stat, _ kind: String) throws {
        let place = ProjectFolder.real(path)
        var now = stat()
        let isSame =
            unsafe stat(place, &now) == 0 && now.st_ino == status.st_ino
            && now.st_dev == status.st_dev
        guard isSame else {
            throw OperationalError(
                code: .malformed,
                message: "\(path): another \(kind) was put there while it was opened",
                remedy: "run the same command again, once nothing writes there")
        }
        let places = [ProjectFolder.real(project)] + roots
        guard places.contains(where: { Self.contains($0, place) }) else {
            throw OperationalError(
                code: .untrusted,
                message:
                    "\(path): expected a \(kind) of the project, found a link to \(place), which you "
                    + "did not approve",
                remedy: "look at it, then run the same command again: it says what to approve")
        }
    }

    /// Whether a place is a folder, or in it, by the bytes of their names; both with every link followed.
    package static func contains(_ folder: String, _ place: String) -> Bool {
        place.isSameText(as: folder)
            || place.utf8.starts(with: (folder == "/" ? "/" : folder + "/").utf8)
    }
}
