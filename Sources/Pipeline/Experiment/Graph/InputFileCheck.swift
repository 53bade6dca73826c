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
    /// What paths stand for, for those that were looked at.
    private var known: [Written: [InputSource]?] = [:]

    private struct Written: Hashable {
        let path: ExactText
        let form: FileForm
    }

    init(project: String, files: ExperimentFiles, diagnostics: Diagnostics) {
        self.project = project
        self.files = files
        self.diagnostics = diagnostics
    }

    /// What a path stands for: a file, a folder, or the files that a pattern means.
    ///
    /// - Returns: the sources in order; `nil` after a mistake, which is told once.
    mutating func sources(_ path: String, _ form: FileForm, _ place: Place) -> [InputSource]? {
        let written = Written(path: ExactText(path), form: form)
        if let found = known[written] { return found }
        let before = diagnostics.list.count
        let found = look(path, form, place)
        known[written] = .some(diagnostics.list.count > before ? nil : found)
        return found
    }

    private mutating func look(_ path: String, _ form: FileForm, _ place: Place) -> [InputSource]? {
        let name = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard isInside(name, place) else { return nil }
        let isFile = files.problem(path, project) == nil
        do {
            if !isFile, PathPattern.isNeeded(path) { return try matches(path, form, place) }
            if !isFile, files.isFolder(name, project) { return try folder(name, form, place) }
        } catch {
            diagnostics.add("`\(path)` cannot be read: \(error)", place)
            return nil
        }
        check(path, place)
        return [.file(path)]
    }

    private mutating func matches(_ pattern: String, _ form: FileForm, _ place: Place) throws
        -> [InputSource]?
    {
        guard form.isMany else {
            diagnostics.add(
                "`\(pattern)` may stand for several files", place,
                ["expected: one file; this input does not take several"])
            return nil
        }
        let found = try files.files(matching: pattern, project)
        guard !found.isEmpty else {
            diagnostics.add(
                "no file has a name like `\(pattern)`", place,
                ["expected: a file below \(project); `*` stands for no `/`, `**` does"])
            return nil
        }
        for file in found { check(file, place) }
        return found.map { .file($0) }
    }

    private mutating func folder(_ path: String, _ form: FileForm, _ place: Place) throws
        -> [InputSource]?
    {
        guard form.isWhole || form.isMany else {
            diagnostics.add(
                "`\(path)` is a folder", place,
                ["expected: one file; this input does not take several"])
            return nil
        }
        guard requireApproval(path, place) else { return nil }
        if form.isWhole { return try wholeFolder(path, form, place) }
        let found = try files.files(in: path, project, without: form.without)
        guard !found.isEmpty else { return empty(path, form, place) }
        for file in found { check(file, place) }
        return found.map { .file($0) }
    }

    /// A folder as one thing: what it has is looked at, and nothing of it is read.
    private mutating func wholeFolder(_ path: String, _ form: FileForm, _ place: Place) throws
        -> [InputSource]?
    {
        let source = InputSource.folder(path, without: form.without)
        if files.names != nil {
            let found = try files.files(in: path, project, without: form.without)
            return found.isEmpty ? empty(path, form, place) : [source]
        }
        // Whether links out of it are approved is asked here, one by one.
        let folder = SourceFolder(
            "\(project)/\(path)", filter: PathFilter(form.without),
            reach: ProjectReach(project: project, roots: ["/"]))
        var hasFile = false
        do {
            try folder.walk { item, _ in
                let isApproved =
                    !item.isFollowed || requireApproval("\(path)/\(item.path)", place)
                if case .file = item.content { hasFile = true }
                return isApproved
            }
        } catch let mistake as TreeMistake {
            diagnostics.add(
                "\(path): \(mistake)", place,
                ["fix: take it out of the folder, or name it in `exclude`"])
            return nil
        }
        return hasFile ? [source] : empty(path, form, place)
    }

    /// Tells that a folder has no file.
    private func empty(_ path: String, _ form: FileForm, _ place: Place) -> [InputSource]? {
        let left = form.without.isEmpty ? "" : " but what `exclude` leaves out"
        diagnostics.add("the folder `\(path)` has no file in it\(left)", place)
        return nil
    }

    /// Whether a file could be read by this name: what is no stage may be one.
    func isFile(_ path: String) -> Bool {
        !path.hasPrefix("/") && files.problem(path, project) == nil
    }

    /// Looks at a file, named as seen from the project's folder; mistakes are told at their place.
    mutating func check(_ path: String, _ place: Place) {
        guard isInside(path, place) else { return }
        if let reason = files.problem(path, project) {
            let nearest = files.nearest(path, project)
            diagnostics.add(
                "the file `\(path)` cannot be read: \(reason)", place,
                ["expected: a file below \(project)"]
                    + (nearest.map { ["did you mean file:\($0)?"] } ?? []))
        } else {
            requireApproval(path, place)
        }
    }

    /// Whether a path is one below the project's folder; any other is told.
    private func isInside(_ path: String, _ place: Place) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.hasPrefix("/"), !parts.contains("..") else {
            if let inside = pathInside(path) {
                diagnostics.add(
                    "the file `\(path)` is named from the root", place,
                    ["write file:\(inside), as seen from the project's folder"])
                return false
            }
            diagnostics.add(
                "the file `\(path)` lies outside the project", place,
                ["expected: a path below \(project), without `..`"])
            return false
        }
        return true
    }

    /// Takes a place outside, to which a link leads, where it is approved; any other is told.
    ///
    /// - Returns: whether the path may be read.
    @discardableResult
    private mutating func requireApproval(_ path: String, _ place: Place) -> Bool {
        if let root = files.root(path, project) {
            if files.isApproved(root) {
                roots.insert(root)
                return true
            }
            guard refusedRoots.insert(root).inserted else { return false }
            diagnostics.add(
                "the file `\(path)` stands outside the project, where a link leads: \(root)", place,
                [
                    "what stands there is read once you approve it",
                    "fix: look at it, then bitlaw trust '\(project)' --read '\(root)'",
                ])
            return false
        }
        return true
    }

    /// The path of a file of the project that was named from the root; `nil` for any other.
    private func pathInside(_ path: String) -> String? {
        let inside = [project, ProjectFolder.real(project)].compactMap { folder in
            path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : nil
        }
        return inside.first { !$0.split(separator: "/").contains("..") }
    }
}
