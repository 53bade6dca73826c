import Canon

/// Why a folder cannot become a tree: something in it that no tree has.
package struct TreeMistake: Error, Equatable, CustomStringConvertible {
    /// The path in the folder; empty for the folder itself.
    package let path: String
    /// What was found there.
    package let found: String

    /// Names what was found at a path.
    package init(_ path: String, _ found: String) {
        self.path = path
        self.found = found
    }

    /// What was expected and found, and where.
    package var description: String {
        let place = path.isEmpty ? "the folder" : "`\(visible(path, most: 400))` in the folder"
        return "\(place): expected files, folders and links that stay inside, found \(found)"
    }

    /// Does what walks through a folder, and names the folder in it that may not be opened; `lead` is what
    /// stands before the paths of the walk.
    package static func namingClosed(_ lead: String = "", _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ClosedFolder {
            throw TreeMistake(lead + error.path, "a folder that may not be opened")
        }
    }
}
