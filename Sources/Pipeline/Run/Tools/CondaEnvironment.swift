import Canon
import System

/// A conda environment.
///
/// Its packages count by name, version, build and channel, and every file by its bytes. Conda writes the
/// place of the environment into some files as it installs them, and notes both digests of such a file: one
/// that still has the bytes that conda wrote counts by those of its package, and so does not depend on the
/// place.
struct CondaEnvironment {
    private let source: ToolSource
    private var content = ToolContent(.conda)
    private var packages: [String: JSON] = [:]
    /// What conda noted of the files that it wrote, by their paths.
    private var noted: [ExactText: Note] = [:]

    private struct Note {
        /// The digest of the file in the package.
        let packed: Digest
        /// The digest of the file with the environment's place in it; `nil` where it has none.
        let installed: Digest?
    }

    private init(_ source: ToolSource) { self.source = source }

    /// Looks at everything in an environment.
    static func identity(of root: String, _ source: ToolSource) throws -> ToolIdentity {
        var environment = CondaEnvironment(source)
        for name in try namesInFolder("\(root)/conda-meta") where name.hasSuffix(".json") {
            try environment.addPackage("\(root)/conda-meta/\(name)")
        }
        let tree = try ToolTree(root) { name, _ in ["conda-meta", "pkgs", "envs"].contains(name) }
        for file in tree.files { try environment.add(file) }
        return ToolIdentity(
            kind: .conda, digest: environment.content.digest,
            description: [
                "kind": .string(ToolIdentity.Kind.conda.rawValue),
                "packages": .object(environment.packages),
            ],
            mounts: source.mounts(of: root, alsoAtOwnPlace: true) + tree.mounts,
            path: ["\(source.seenPlace(of: root))/bin"], ownPath: ["\(root)/bin"],
            outside: source.outside([root] + tree.outside))
    }

    private mutating func addPackage(_ path: String) throws {
        let bytes = try readRequiredFile(path)
        guard let json = try? JSON(parsing: bytes), let name = json["name"]?.text,
            let version = json["version"]?.text
        else {
            throw OperationalError(
                code: .malformed,
                message: "\(path): expected JSON with the name and version of a conda package",
                remedy: "install the package again, or make the environment anew")
        }
        let build = json["build"]?.text ?? ""
        // The same package comes from mirrors: the last part of a channel's address is its name.
        let channel = (json["channel"]?.text ?? "").split(separator: "/").suffix(2)
        content.add(
            fact: [name, version, build, channel.joined(separator: "/")].joined(separator: " "))
        packages[name] = .string("\(version) \(build)")
        for entry in json["paths_data"]?["paths"]?.elements ?? [] {
            guard let path = entry["_path"]?.text,
                let packed = entry["sha256"]?.text.flatMap({ try? Digest(hex: $0) })
            else { continue }
            noted[ExactText(path)] = Note(
                packed: packed,
                installed: entry["sha256_in_prefix"]?.text.flatMap { try? Digest(hex: $0) })
        }
    }

    private mutating func add(_ file: ToolTree.File) throws {
        if let link = file.link { return content.add(link: file.name, to: link) }
        guard let note = noted[ExactText(file.name)] else {
            // What pip put there beside conda's packages.
            if let (name, version) = PythonNotes.package(describedBy: file) {
                packages[name] = .string(version)
            }
            if PythonNotes.isOfInstallation(file) || file.name.hasPrefix("bin/") { return }
            return content.add(file: file.name, try source.digest(file.path))
        }
        let digest = try source.digest(file.path)
        let isAsInstalled = digest == note.installed
        content.add(file: file.name, isAsInstalled ? note.packed : digest)
    }
}
