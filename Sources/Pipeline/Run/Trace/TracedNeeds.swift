package import Canon
import System

/// What a stage has to declare, as the files that its program read tell: `files`, `tools` and `inputs`.
package struct TracedNeeds: Equatable, Sendable {
    /// Programs and modules, below the project; a folder ends in `/`.
    package private(set) var files: [String] = []
    /// Environments, by the names that they get.
    package private(set) var tools: [(name: String, place: String)] = []
    /// Data, below the project; a folder ends in `/`.
    package private(set) var inputs: [String] = []
    /// What was read elsewhere, and cannot be declared where it is.
    package private(set) var elsewhere: [String] = []

    /// From how many files of one folder on the folder is declared.
    private static let manyFiles = 4
    /// From how many bytes on a file is taken for data.
    private static let largeFile = 1 << 20

    /// Sorts what was read.
    ///
    /// - Parameters:
    ///   - reads: the whole paths.
    ///   - work: the folder that the program worked in, whose files have names of the project's.
    ///   - project: the project's folder, with every link followed.
    ///   - home: the person's home folder, if there is one.
    ///   - disk: what stands where.
    package init(
        _ reads: [String], work: String, project: String, home: String?, disk: some TracedDisk
    ) {
        var own: [String] = []
        for path in reads {
            let name = TracedNeeds.below(work, path) ?? TracedNeeds.below(project, path)
            if let name, disk.stands("\(project)/\(name)") {
                let place = TracedNeeds.environment(of: "\(project)/\(name)", within: project, disk)
                if let place {
                    add(tool: String(place.dropFirst(project.count + 1)), at: place, disk)
                } else if !TracedNeeds.isOurs(name, project, disk) {
                    own.append(name)
                }
            } else if name == nil, !TracedNeeds.isOfSystem(path) {
                if let place = TracedNeeds.environment(of: path, within: "", disk) {
                    let isInHome = home.map { ProjectReach.contains($0, place) && place != $0 }
                    let shown = isInHome == true ? "~" + place.dropFirst(home?.count ?? 0) : place
                    add(tool: shown, at: place, disk)
                } else if !elsewhere.contains(path) {
                    elsewhere.append(path)
                }
            }
        }
        let isData = { name in
            TracedNeeds.isData(name, size: disk.size("\(project)/\(name)"))
        }
        files = TracedNeeds.collapsed(own.filter { !isData($0) })
        inputs = TracedNeeds.collapsed(own.filter(isData))
    }

    /// The lines to paste into a stage.
    package var lines: [String] {
        var lines: [String] = []
        if !files.isEmpty {
            lines.append("  files: [\(files.map(TracedNeeds.word).joined(separator: ", "))]")
        }
        if !tools.isEmpty {
            let entries = tools.map { "\($0.name): \(TracedNeeds.word($0.place))" }
            lines.append("  tools: {\(entries.joined(separator: ", "))}")
        }
        if !lines.isEmpty { lines.insert("params:", at: 0) }
        if !inputs.isEmpty {
            let entries = zip(TracedNeeds.names(of: inputs), inputs).map { name, path in
                "\(name): \(TracedNeeds.quoted("file:\(path)"))"
            }
            lines.append("inputs: {\(entries.joined(separator: ", "))}")
        }
        return lines
    }

    /// The same for programs.
    package func json(of action: String) -> JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        return [
            "action": .string(action), "files": list(files), "inputs": list(inputs),
            "elsewhere": list(elsewhere),
            "tools": .object(
                Dictionary(tools.map { ($0.name, .string($0.place)) }) { first, _ in first }),
        ]
    }

    private mutating func add(tool shown: String, at place: String, _ disk: some TracedDisk) {
        guard !tools.contains(where: { $0.place.isSameText(as: shown) }) else { return }
        let kind =
            disk.stands("\(place)/pyvenv.cfg")
            ? "venv" : disk.stands("\(place)/conda-meta") ? "conda" : "prefix"
        let count = tools.count { $0.name.hasPrefix(kind) }
        tools.append((count == 0 ? kind : "\(kind)\(count + 1)", shown))
    }

    /// Two needs are equal where all of their lists are.
    package static func == (left: TracedNeeds, right: TracedNeeds) -> Bool {
        left.lines == right.lines && left.elsewhere == right.elsewhere
    }
}

// MARK: Sorting

extension TracedNeeds {
    private static func below(_ folder: String, _ path: String) -> String? {
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : nil
    }

    /// The folder of the environment that a file is part of: a virtual one, conda's, or an installation with
    /// `bin` and `lib`; none where that would be more than a folder `within`, or the person's own.
    private static func environment(of path: String, within: String, _ disk: some TracedDisk)
        -> String?
    {
        var folder = ProjectFolder.folder(of: path)
        while folder.count > max(1, within.count) {
            let isMarked = ["pyvenv.cfg", "conda-meta"].contains { disk.stands("\(folder)/\($0)") }
            let last = path.dropFirst(folder.count).split(separator: "/").first
            let isPrefix =
                within.isEmpty && (last == "lib" || last == "bin")
                && ["bin", "lib"].allSatisfy { disk.stands("\(folder)/\($0)") }
            if isMarked || isPrefix { return folder }
            folder = ProjectFolder.folder(of: folder)
        }
        return nil
    }

    /// What belongs to the system, to the kernel, or to nobody for long.
    private static func isOfSystem(_ path: String) -> Bool {
        SystemView.shows(path)
            || ["/proc/", "/sys/", "/dev/", "/etc/", "/run/", "/tmp/", "/var/"].contains {
                path.hasPrefix($0)
            }
    }

    /// What Bitlaw and version control keep in a project, and what compilers leave there.
    private static func isOurs(_ name: String, _ project: String, _ disk: some TracedDisk) -> Bool {
        let parts = name.split(separator: "/")
        if parts.contains(where: { [".git", ".cache", "__pycache__"].contains($0) }) {
            return true
        }
        return name.hasSuffix(".pyc")
            || disk.stands("\(project)/\(parts.first ?? "")/CACHEDIR.TAG")
    }

    /// Whether a file is data: large, or of a format for tables, arrays, weights, pictures and the like.
    private static func isData(_ name: String, size: Int) -> Bool {
        let formats = [
            "arrow", "bin", "csv", "feather", "gz", "h5", "hdf5", "jpg", "jsonl", "mat", "npy",
            "npz",
            "parquet", "pickle", "pkl", "png", "pt", "pth", "rds", "safetensors", "tar", "tsv",
            "xz", "zip",
            "zst",
        ]
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return formats.contains(ending) || size >= largeFile
    }

    /// Paths with folders instead of many files of each.
    private static func collapsed(_ names: [String]) -> [String] {
        var counts: [ExactText: Int] = [:]
        for name in names {
            if let top = top(of: name) { counts[ExactText(top), default: 0] += 1 }
        }
        let shown = names.map { name in
            guard let top = top(of: name), counts[ExactText(top), default: 0] >= manyFiles else {
                return name
            }
            return top
        }
        return ToolSource.distinct(shown).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The folder at the top of the project that a file is in.
    private static func top(of name: String) -> String? {
        name.firstIndex(of: "/").map { String(name[...$0]) }
    }

    /// Names for inputs: the files' own without folder and ending, told apart by a number.
    private static func names(of paths: [String]) -> [String] {
        var used: [String: Int] = [:]
        return paths.map { path in
            let last = path.split(separator: "/").last ?? ""
            let stem = last.prefix { $0 != "." }.map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
            }
            let name = stem.first?.isLetter == true ? String(stem) : "data"
            used[name, default: 0] += 1
            let count = used[name] ?? 1
            return count == 1 ? name : "\(name)\(count)"
        }
    }

    /// A text as YAML writes it in a list: as it is, or in quotes.
    private static func word(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-".utf8.contains(byte)
        }
        return isPlain && text.first?.isNumber == false && text.first != "-" ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String { JSON.string(text).canonicalText }
}

/// What stands on a disk, as far as ``TracedNeeds`` asks.
package protocol TracedDisk {
    /// Whether something stands at a path.
    func stands(_ path: String) -> Bool
    /// The size of a file.
    func size(_ path: String) -> Int
}
