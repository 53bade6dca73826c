import Canon

/// Puts an experiment together from its file and the files that it includes.
///
/// `include: [axes.yaml, ../shared/stages.yaml]` takes the constants, axes and stages of other files, which
/// stand before its own. A path is relative to the file that it stands in; each file is taken once.
struct IncludeReader {
    /// The sections that are put together.
    private static let sections = ["constants", "axes", "stages"]

    let project: String
    let diagnostics: Diagnostics
    private let read: (String) throws -> [UInt8]
    /// The files that were read, by their paths below the project.
    private(set) var includes: [ExperimentSource.Include] = []
    private var members: [String: [(key: YAMLKey, value: YAMLValue)]] = [:]
    private var places: [String: [String: Place]] = [:]

    /// Reads files below a project by a function that takes their paths there.
    init(
        project: String, diagnostics: Diagnostics, read: @escaping (String) throws -> [UInt8]
    ) {
        self.project = project
        self.diagnostics = diagnostics
        self.read = read
    }

    /// The experiment with everything that its file includes; the path is that below the project.
    mutating func whole(_ root: YAMLValue, path: String) -> YAMLValue {
        guard let own = root.members, own.contains(where: { $0.key.name == "include" }) else {
            return root
        }
        collect(own, in: [path])
        var result = own.filter { $0.key.name != "include" && !isCollected($0) }
        for name in IncludeReader.sections {
            guard let all = members[name] else { continue }
            let key =
                own.first { $0.key.name == name }?.key ?? YAMLKey(name: name, place: root.place)
            result.append((key, YAMLValue(content: .mapping(all), place: key.place)))
        }
        return YAMLValue(content: .mapping(result), place: root.place)
    }

    private func isCollected(_ member: (key: YAMLKey, value: YAMLValue)) -> Bool {
        IncludeReader.sections.contains(member.key.name) && member.value.members != nil
    }

    /// Takes the sections of a file, those of the files that it includes first; the last of the chain is its
    /// path.
    private mutating func collect(
        _ own: [(key: YAMLKey, value: YAMLValue)], in chain: [String]
    ) {
        for (key, value) in own where key.name == "include" {
            for place in value.elements ?? [value] { include(place, in: chain) }
        }
        for (section, value) in own where isCollected((section, value)) {
            for (key, member) in value.members ?? [] {
                if let first = places[section.name, default: [:]].updateValue(
                    key.place, forKey: key.name)
                {
                    diagnostics.add(
                        "`\(key.name)` stands in two files", key.place,
                        [
                            "it stands in \(diagnostics.sources[first.text].path), line \(first.line) too: "
                                + "rename one, or remove it"
                        ])
                    continue
                }
                members[section.name, default: []].append((key, member))
            }
        }
    }

    private mutating func include(_ written: YAMLValue, in chain: [String]) {
        guard let text = written.text, !text.isEmpty, !Template.isNeeded(text) else {
            return diagnostics.add(
                "`include` is \(written.found)", written.place,
                ["expected: a path, or a list of paths, each written out"])
        }
        guard let path = resolved(text, from: chain[chain.count - 1]) else {
            return diagnostics.add(
                "the file `\(text)` lies outside the project", written.place,
                ["expected: a path relative to this file, below \(project)"])
        }
        guard text.hasSuffix(".yaml") || text.hasSuffix(".yml") else {
            return diagnostics.add(
                "the file `\(text)` is not named as YAML", written.place,
                ["expected: a name that ends in .yaml or .yml"])
        }
        if let start = chain.firstIndex(of: path) {
            return diagnostics.add(
                "a circle of files", written.place,
                [(chain[start...] + [path]).joined(separator: " includes ")])
        }
        if includes.contains(where: { $0.path == path }) { return }
        let bytes: [UInt8]
        do { bytes = try read(path) } catch {
            return diagnostics.add(
                "the file `\(text)` cannot be read", written.place,
                ["\(error)", "expected: an experiment file below \(project)"])
        }
        includes.append(ExperimentSource.Include(path: path, digest: Digest(of: bytes.span)))
        guard let root = YAMLReader.tree(path, bytes, diagnostics) else { return }
        let allowed = ["include", "description"] + IncludeReader.sections
        guard checkedMapping(root, "an included file", allowed, diagnostics) != nil else { return }
        for (key, value) in root.members ?? []
        where IncludeReader.sections.contains(key.name) && value.members == nil
            && value.json != .null
        {
            diagnostics.add("`\(key.name)` is \(value.found)", value.place, ["expected: a mapping"])
        }
        collect(root.members ?? [], in: chain + [path])
    }

    /// The path below the project; `nil` for one that leads out of it.
    private func resolved(_ text: String, from file: String) -> String? {
        if text.hasPrefix("/") { return nil }
        var parts = file.split(separator: "/").dropLast().map(String.init)
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }
}
