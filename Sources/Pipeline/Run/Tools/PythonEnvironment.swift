import Canon
import System

/// A virtual environment of Python.
///
/// Names and bytes of all of its files count, but for what differs between two places with the same packages:
/// scripts, which name their interpreter by its place, and the notes of the installer. What packages that
/// were installed to be edited link to counts by its content. Of the interpreter that the environment was
/// made from the version counts, and where the environment sees that interpreter's packages, they do too.
struct PythonEnvironment {
    private let source: ToolSource
    private var content = ToolContent(.venv)
    /// The packages' versions by their names.
    private var packages: [String: JSON] = [:]
    /// What links lead to outside.
    private var outside: [String] = []
    /// The places that packages which are edited link to.
    private var links: [String] = []
    /// The projects that the installer noted as edited.
    private var edited: [String] = []

    private init(_ source: ToolSource) { self.source = source }

    /// Looks at everything in an environment.
    static func identity(of root: String, _ source: ToolSource) throws -> ToolIdentity {
        let settings = try PythonSettings(ofEnvironment: root)
        var environment = PythonEnvironment(source)
        environment.content.add(fact: "python \(settings.version)")
        let tree = try ToolTree(root, leavingOut: isOfPlace)
        try environment.add(tree, named: "")
        for folder in settings.sharedPackages {
            try environment.add(try ToolTree(folder), named: "base/")
        }
        let sources = try PythonSources(environment.places, of: root)
        environment.outside += try sources.add(to: &environment.content, source)
        return ToolIdentity(
            kind: .venv, digest: environment.content.digest,
            description: [
                "kind": .string(ToolIdentity.Kind.venv.rawValue),
                "python": .string(settings.version), "packages": .object(environment.packages),
            ],
            mounts: source.mounts(of: root, alsoAtOwnPlace: true) + interpreter(of: root, source)
                + sources.mounts + tree.mounts,
            path: ["\(source.seenPlace(of: root))/bin"], ownPath: ["\(root)/bin"],
            outside: source.outside([root] + environment.outside + sources.places))
    }

    /// All places that count: of what no link leads into, the installer's note alone tells.
    private var places: [String] {
        let noted = edited.filter { project in
            !links.contains { ProjectReach.contains(project, $0) }
        }
        return ToolSource.distinct(links + noted)
    }

    /// Shows the interpreter that an environment was made from, where it is outside the system.
    private static func interpreter(of root: String, _ source: ToolSource) -> [SandboxMount] {
        let tools = ToolFolders(
            for: ["\(root)/bin/python3"], person: source.person, hidden: [source.project])
        return tools.shown.filter { $0 != root }.map { SandboxMount($0) }
    }

    private mutating func add(_ tree: ToolTree, named prefix: String) throws {
        outside += tree.outside
        for file in tree.files {
            if let (name, version) = PythonNotes.package(describedBy: file) {
                packages[name] = .string(version)
            }
            if let project = PythonNotes.editedProject(notedIn: file) { edited.append(project) }
            if PythonNotes.isOfInstallation(file) || PythonEnvironment.isScript(file) { continue }
            if let link = file.link {
                content.add(link: prefix + file.name, to: link)
            } else if PythonLinks.mayBe(in: file.last) {
                try addLinks(of: file, named: prefix)
            } else {
                content.add(file: prefix + file.name, try source.digest(file.path))
            }
        }
    }

    private mutating func addLinks(of file: ToolTree.File, named prefix: String) throws {
        let bytes = try readRequiredFile(file.path)
        let found = PythonLinks(String(decoding: bytes, as: UTF8.self), named: file.last)
        let folder = ProjectFolder.folder(of: file.path)
        links += found.places.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        content.add(file: prefix + file.name, Digest(of: Array(found.text.utf8).span))
    }

    /// What an environment has because of where it stands: its settings, notes of who made it, and the links
    /// to its interpreter.
    private static func isOfPlace(_ name: String, _ isLink: Bool) -> Bool {
        ["pyvenv.cfg", "Scripts", ".gitignore", ".lock", "CACHEDIR.TAG"].contains(name)
            || isLink && (name == "lib64" || name.hasPrefix("bin/"))
    }

    /// Whether a file names its interpreter by its place, or stands for it: what is in `bin` but compiled
    /// programs of packages.
    private static func isScript(_ file: ToolTree.File) -> Bool {
        guard file.name.hasPrefix("bin/") else { return false }
        let isInterpreter = file.last.hasPrefix("python") || file.last.hasPrefix("pypy")
        return isInterpreter || !isCompiled(file.path)
    }

    /// Whether a file is a program of the machine (ELF).
    private static func isCompiled(_ path: String) -> Bool {
        let start = try? PlainFile.open(path)?.read(4)
        return start == [0x7f, 0x45, 0x4c, 0x46]
    }
}
