package import Canon
package import System

/// The tools of one action: their part of its key, and what its program sees of them.
package struct ProgramTools: Sendable, Equatable {
    /// The digests by the names that the stage gives, for its key.
    package private(set) var digests: [String: Digest] = [:]
    /// What a confined program sees, read-only.
    package private(set) var mounts: [SandboxMount] = []
    /// The folders at the front of a confined program's `PATH`.
    package private(set) var path: [String] = []
    /// The same folders for a program that nothing confines.
    package private(set) var ownPath: [String] = []

    /// The name under which the system's packages are in a key: no tool of a stage can be called so.
    package static let system = "the system's packages"

    /// No tools.
    package init() {}

    /// Adds a tool by its name.
    mutating func add(_ tool: ToolIdentity, named name: String) {
        digests[name] = tool.digest
        for mount in tool.mounts where !mounts.contains(mount) { mounts.append(mount) }
        path += tool.path.filter { !path.contains($0) }
        ownPath += tool.ownPath.filter { !ownPath.contains($0) }
    }

    /// Adds the system's packages to what is in the key.
    mutating func add(_ packages: SystemPackages) { digests[ProgramTools.system] = packages.digest }

    /// What a worker has to know of them.
    package var json: JSON {
        [
            "mounts": .array(mounts.map { [.string($0.source), .string($0.place)] }),
            "path": .array(path.map { .string($0) }),
            "ownPath": .array(ownPath.map { .string($0) }),
        ]
    }

    /// Reads what a worker is told; what is not as expected is passed over.
    package init(json: JSON?) {
        func texts(_ json: JSON?) -> [String] { (json?.elements ?? []).compactMap { $0.text } }
        path = texts(json?["path"])
        ownPath = texts(json?["ownPath"])
        mounts = (json?["mounts"]?.elements ?? []).compactMap { pair in
            let parts = texts(pair)
            return parts.count == 2 ? SandboxMount(parts[0], at: parts[1]) : nil
        }
    }
}
