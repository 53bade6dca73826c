import Canon
import Glibc
import System

extension ToolIdentity {
    /// Names of files that list packages with their versions; what they list is installed elsewhere.
    private static let locks: Set<String> = [
        "Pipfile.lock", "conda-lock.yml", "pdm.lock", "pixi.lock", "poetry.lock", "pylock.toml",
        "renv.lock", "uv.lock",
    ]

    /// Looks at one entry of `tools:`; what it is follows from what stands there, not from its name.
    ///
    /// - Parameters:
    ///   - place: a path below the project, an absolute one, or one that begins with `~/`.
    ///   - source: the project and its reader.
    /// - Throws: ``OperationalError`` naming the place: nothing stands there, it is more than a tool, or it
    ///   cannot be read.
    package init(of place: String, in source: ToolSource) throws {
        guard let path = source.path(of: place) else {
            throw ToolIdentity.refusal(
                place, "a path below the project, an absolute one, or one that begins with ~/")
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw OperationalError(
                code: .missing,
                message: "tools: \(visible(place)): expected a tool at \(visible(path)), found "
                    + (linkTarget(path).map { "a link to \(visible($0)), where nothing stands" }
                        ?? "nothing there"),
                remedy: "install it there, or name the place where it is")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            self = try ToolIdentity(ofFile: path, source)
            return
        }
        if let excess = source.excess(of: path) {
            throw ToolIdentity.refusal(place, "the folder of one tool", found: excess)
        }
        if unsafe access("\(path)/pyvenv.cfg", F_OK) == 0 {
            self = try PythonEnvironment.identity(of: path, source)
        } else if ProjectFolder.isFolder("\(path)/conda-meta") {
            self = try CondaEnvironment.identity(of: path, source)
        } else {
            self = try ToolIdentity(ofFolder: path, source)
        }
    }

    private static func refusal(_ place: String, _ expected: String, found: String? = nil)
        -> OperationalError
    {
        OperationalError(
            code: .malformed,
            message: "tools: \(visible(place)): expected \(expected)"
                + (found.map { ", found \($0)" } ?? ""),
            remedy: "name the folder that the tool alone stands in")
    }

    /// A file: a list of packages, or a program or library that stands alone.
    private init(ofFile path: String, _ source: ToolSource) throws {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let isRequirements = name.hasPrefix("requirements") && name.hasSuffix(".txt")
        let isLock = ToolIdentity.locks.contains(name) || isRequirements
        let digest = try source.digest(path)
        let isProgram = unsafe !isLock && access(path, X_OK) == 0
        var content = ToolContent(isLock ? .lock : .file)
        content.add(file: "", digest, isExecutable: isProgram)
        let seen = source.seenPlace(of: path)
        self.init(
            kind: isLock ? .lock : .file, digest: content.digest,
            description: [
                "kind": .string(isLock ? "lock" : "file"), "sha256": .string(digest.hex),
            ], mounts: isLock ? [] : source.mounts(of: path),
            path: isProgram ? [ProjectFolder.folder(of: seen)] : [],
            ownPath: isProgram ? [ProjectFolder.folder(of: path)] : [],
            outside: source.outside([path]))
    }

    /// A folder that is nothing else: its files, their executable bits, and its links.
    private init(ofFolder path: String, _ source: ToolSource) throws {
        let tree = try ToolTree(path)
        var content = ToolContent(.folder)
        for file in tree.files {
            if let link = file.link {
                content.add(link: file.name, to: link)
            } else {
                content.add(
                    file: file.name, try source.digest(file.path), isExecutable: file.isExecutable)
            }
        }
        let hasPrograms = ProjectFolder.isFolder("\(path)/bin")
        self.init(
            kind: .folder, digest: content.digest,
            description: ["kind": "folder", "files": .number(Double(tree.files.count))],
            mounts: source.mounts(of: path) + tree.mounts,
            path: hasPrograms ? ["\(source.seenPlace(of: path))/bin"] : [],
            ownPath: hasPrograms ? ["\(path)/bin"] : [],
            outside: source.outside([path] + tree.outside))
    }
}
