import Canon
import System

/// What an installer of Python packages notes beside them, in folders `NAME-VERSION.dist-info`.
enum PythonNotes {
    /// How, when and from where a package was installed: other bytes for the same package.
    private static let ofInstallation: Set<Substring> = [
        "INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json",
    ]

    /// Whether a file tells of an installation, not of what was installed.
    static func isOfInstallation(_ file: ToolTree.File) -> Bool {
        ofInstallation.contains(file.last) && folder(of: file) != nil
    }

    /// The name and version of the package that a file describes; `nil` for any other file.
    static func package(describedBy file: ToolTree.File) -> (name: String, version: String)? {
        guard file.last == "METADATA", let folder = folder(of: file) else { return nil }
        let words = folder.split(separator: "-", maxSplits: 1)
        guard words.count == 2 else { return nil }
        return (String(words[0]), String(words[1]))
    }

    /// The project that a package was installed from to be edited, as the installer noted it.
    static func editedProject(notedIn file: ToolTree.File) -> String? {
        guard file.last == "direct_url.json", folder(of: file) != nil,
            let bytes = try? readWholeFile(file.path), let json = try? JSON(parsing: bytes)
        else { return nil }
        return PythonLinks.editedProject(json)
    }

    /// The `NAME-VERSION` of the folder that a file is in.
    private static func folder(of file: ToolTree.File) -> Substring? {
        let ending = ".dist-info"
        let folder = file.name.split(separator: "/").dropLast().last
        guard let folder, folder.hasSuffix(ending) else { return nil }
        return folder.dropLast(ending.count)
    }
}
