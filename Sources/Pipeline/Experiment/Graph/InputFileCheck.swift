import Canon
import System

/// Looks whether the files that stages read are there, and whether they may be read.
struct InputFileCheck {
    let project: String
    let files: ExperimentFiles
    let diagnostics: Diagnostics
    /// The approved places outside the project to which links lead files that are read.
    private(set) var roots: Set<String> = []
    /// Such places that nobody approved, each told once.
    private var refusedRoots: Set<String> = []
    /// Files whose names depend on an action, and that were looked at.
    private var checked: Set<ExactText> = []

    init(project: String, files: ExperimentFiles, diagnostics: Diagnostics) {
        self.project = project
        self.files = files
        self.diagnostics = diagnostics
    }

    /// Looks at a file, named as seen from the project's folder, unless it was looked at this way before.
    mutating func checkOnce(_ path: String, _ place: Place) {
        if checked.insert(ExactText(path)).inserted { check(path, place) }
    }

    /// Whether a file could be read by this name: what is no stage may be one.
    func isFile(_ path: String) -> Bool {
        !path.hasPrefix("/") && files.problem(path, project) == nil
    }

    /// Looks at a file, named as seen from the project's folder; mistakes are told at their place.
    mutating func check(_ path: String, _ place: Place) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.hasPrefix("/"), !parts.contains("..") else {
            if let inside = pathInside(path) {
                diagnostics.add(
                    "the file `\(path)` is named from the root", place,
                    ["write file:\(inside), as seen from the project's folder"])
                return
            }
            diagnostics.add(
                "the file `\(path)` lies outside the project", place,
                ["expected: a path below \(project), without `..`"])
            return
        }
        if let reason = files.problem(path, project) {
            let nearest = files.nearest(path, project)
            diagnostics.add(
                "the file `\(path)` cannot be read: \(reason)", place,
                ["expected: a file below \(project)"]
                    + (nearest.map { ["did you mean file:\($0)?"] } ?? []))
        } else if let root = files.root(path, project) {
            if files.isApproved(root) {
                roots.insert(root)
                return
            }
            guard refusedRoots.insert(root).inserted else { return }
            diagnostics.add(
                "the file `\(path)` stands outside the project, where a link leads: \(root)", place,
                [
                    "what stands there is read once you approve it",
                    "fix: look at it, then bitlaw trust '\(project)' --read '\(root)'",
                ])
        }
    }

    /// The path of a file of the project that was named from the root; `nil` for any other.
    private func pathInside(_ path: String) -> String? {
        let inside = [project, ProjectFolder.real(project)].compactMap { folder in
            path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : nil
        }
        return inside.first { !$0.split(separator: "/").contains("..") }
    }
}
