import Glibc

/// The tools that a program needs and that lie outside the system: interpreters with their packages.
///
/// They are found by the names in a command's words, on the person's `PATH`, as a shell finds them. The
/// shims of pyenv and its relatives are followed to what they start; a virtual environment is shown together
/// with the interpreter that it was made from.
package struct ToolFolders: Sendable, Equatable {
    /// The files and folders to show, each at its own place.
    package private(set) var shown: [String] = []
    /// The `PATH` for the program: the person's, without what is not shown.
    package private(set) var path: String = ""

    /// Finds the tools that words name.
    ///
    /// - Parameters:
    ///   - words: a program and its arguments. A word with blanks in it is a script, and is looked through.
    ///   - person: the environment with `PATH` and `HOME`.
    ///   - hidden: folders that must stay hidden, and so what they are in: the project, the store.
    package init(for words: [String], person: EnvironmentVariables, hidden: [String]) {
        let folders = (person["PATH"] ?? "").split(separator: ":").map(String.init)
        let finder = ToolFinder(person: person, hidden: hidden)
        var places: [String: [String]] = [:]
        for name in ToolFolders.names(in: words) {
            guard let found = finder.find(name, folders) else { continue }
            for folder in found.shown where !shown.contains(folder) { shown.append(folder) }
            places[found.from, default: []].append(found.folder)
        }
        path = ToolFolders.path(folders, places, shown)
    }

    /// The words that may name a program.
    ///
    /// A path from the root counts where a program stands, and in a `bin` elsewhere: else any file that a
    /// word names would be shown. A path below the work folder is no tool.
    package static func names(in words: [String]) -> [String] {
        var names: [String] = []
        for (number, word) in words.enumerated() {
            let isScript = word.contains(where: \.isWhitespace)
            for part in isScript
                ? word.split(whereSeparator: { !isOfName($0) }).map(String.init) : [word]
            {
                let isPath = part.contains("/")
                let isInBin =
                    part.hasPrefix("/") && ProjectFolder.folder(of: part).hasSuffix("/bin")
                let isTool = !isPath || isInBin || number == 0 && part.hasPrefix("/")
                guard !part.isEmpty, !part.hasPrefix("-"), isTool else { continue }
                if !names.contains(part) { names.append(part) }
            }
        }
        return names
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_.+-/@".contains(character)
    }

    /// The folders of the person's `PATH` that are shown, those of shims by what they start, and those of the
    /// system.
    private static func path(
        _ folders: [String], _ places: [String: [String]], _ shown: [String]
    ) -> String {
        var path: [String] = []
        for folder in folders {
            let isShown =
                SystemView.shows(ProjectFolder.real(folder) + "/")
                || shown.contains { ProjectReach.contains($0, folder) }
            for place in (places[folder] ?? []) + (isShown ? [folder] : [])
            where !path.contains(place) {
                path.append(place)
            }
        }
        for folder in ["/usr/local/bin", "/usr/bin", "/bin"] where !path.contains(folder) {
            path.append(folder)
        }
        return path.joined(separator: ":")
    }
}

/// Finds one tool, and what has to be shown for it.
private struct ToolFinder {
    let person: EnvironmentVariables
    let hidden: [String]

    struct Found {
        /// The folder of the `PATH` that it was found in.
        let from: String
        /// The folder that its program is in.
        let folder: String
        /// What has to be shown.
        let shown: [String]
    }

    /// A tool outside the system; `nil` for one of the system, and for what is no program.
    func find(_ name: String, _ folders: [String]) -> Found? {
        guard var path = ChildProcess.find(name, folders.joined(separator: ":")) else { return nil }
        let from = ProjectFolder.folder(of: path)
        path = ShimTarget.program(behind: path, person)
        guard !SystemView.shows(ProjectFolder.real(path)) || !SystemView.shows(path) else {
            return nil
        }
        var shown: [String] = []
        show(path, &shown, depth: 0)
        return Found(from: from, folder: ProjectFolder.folder(of: path), shown: shown)
    }

    /// Shows a program with the folder that it was installed in, and what a link or a virtual environment
    /// leads to.
    private func show(_ path: String, _ shown: inout [String], depth: Int) {
        if depth > 4 || SystemView.shows(path) { return }
        let root = installation(of: path)
        for place in root ?? [path] where !shown.contains(place) { shown.append(place) }
        let real = ProjectFolder.real(path)
        if real != path { show(real, &shown, depth: depth + 1) }
        let folder = ProjectFolder.folder(of: ProjectFolder.folder(of: path))
        if let home = pythonHome("\(folder)/pyvenv.cfg") {
            let name = path.split(separator: "/").last.map(String.init) ?? "python3"
            let base = ["\(home)/\(name)", "\(home)/python3"].first(where: ChildProcess.isProgram)
            if let base { show(base, &shown, depth: depth + 1) }
        }
    }

    /// What was installed together with a program `ROOT/bin/NAME`; `nil` where the program stands alone.
    private func installation(of path: String) -> [String]? {
        let folder = ProjectFolder.folder(of: path)
        let root = ProjectFolder.folder(of: folder)
        guard folder.hasSuffix("/bin"), root != "/", !root.isEmpty else { return nil }
        let isWhole = ["pyvenv.cfg", "conda-meta", "lib"].contains {
            unsafe access("\(root)/\($0)", F_OK) == 0
        }
        guard isWhole else { return nil }
        // A home folder, or what holds one of ours, is more than an installation.
        let kept = (hidden + [person["HOME"] ?? "/root"]).map(ProjectFolder.real)
        let real = ProjectFolder.real(root)
        let isTooMuch = kept.contains { ProjectReach.contains(real, $0) }
        if isTooMuch { return nil }
        if root.hasSuffix("/.local") { return [folder, "\(root)/lib"] }
        return [root]
    }

    /// The folder of the interpreter that a virtual environment was made from.
    private func pythonHome(_ file: String) -> String? {
        guard let bytes = try? readWholeFile(file, limit: 1 << 16) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " }) == "home" else { continue }
            return String(parts[1].drop { $0 == " " })
        }
        return nil
    }
}
