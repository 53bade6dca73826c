package import Canon
import Experiment
package import System

/// Where tools are looked for, and how their files are hashed.
package struct ToolSource {
    /// The project's folder.
    let project: String
    /// The person's variables: `HOME` is what `~` stands for.
    let person: EnvironmentVariables
    /// Hashes one file; a store's index knows those that did not change.
    let digest: (_ path: String) throws -> Digest

    /// Looks for tools of a project.
    package init(
        project: String, person: EnvironmentVariables,
        digest: @escaping (_ path: String) throws -> Digest
    ) {
        self.project = project
        self.person = person
        self.digest = digest
    }

    /// The path of a place that an experiment file names; `nil` for one that it may not name.
    ///
    /// Below the project, absolute, or below the person's home: `env`, `/opt/env`, `~/env`.
    func path(of place: String) -> String? {
        switch ToolPlace(place) {
        case nil: return nil
        case .root(let path): return path
        case .project(let path): return "\(project)/\(path)"
        case .home(let path):
            return person["HOME"].map { path.isEmpty ? $0 : "\($0)/\(path)" }
        }
    }

    /// Where a confined program finds what stands at a path.
    func seenPlace(of path: String) -> String {
        guard path.hasPrefix(project + "/") else { return path }
        return "\(Sandbox.workFolder)/\(path.dropFirst(project.count + 1))"
    }

    /// Shows what stands at a path where a confined program finds it; `alsoAtOwnPlace` where files in it
    /// name it by its place on this machine, as scripts of an environment do.
    func mounts(of path: String, alsoAtOwnPlace: Bool = false) -> [SandboxMount] {
        let seen = SandboxMount(path, at: seenPlace(of: path))
        guard alsoAtOwnPlace else { return [seen] }
        let own = [path, ProjectFolder.real(path)].map { SandboxMount($0) }
        return ([seen] + own).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Those of some places that stand outside the project, without repetition, with every link followed.
    func outside(_ places: [String]) -> [String] {
        let real = ProjectFolder.real(project)
        return ToolSource.distinct(places.map(ProjectFolder.real)).filter {
            !ProjectReach.contains(real, $0)
        }
    }

    /// Why a folder is too much for a tool; `nil` where it is not.
    func excess(of path: String) -> String? {
        let real = ProjectFolder.real(path)
        if real == "/" { return "the whole file system" }
        if ProjectReach.contains(real, ProjectFolder.real(project)) { return "the project" }
        let home = ProjectFolder.real(person["HOME"] ?? "/root")
        return ProjectReach.contains(real, home) ? "a home folder" : nil
    }

    /// Paths without those that stand there twice, by their bytes.
    static func distinct(_ paths: [String]) -> [String] {
        var seen: Set<ExactText> = []
        return paths.filter { seen.insert(ExactText($0)).inserted }
    }
}
