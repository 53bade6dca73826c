import Canon

/// Puts values in the place of those in the file: `seed=7`, `constants.steps=100`, `axes.n=[1, 2]`.
///
/// A value is read as the file would read it. A constant, an axis or a stage has to be there; inside a
/// stage, what the file leaves at its default may be given.
struct SettingReader {
    private static let plain = ["seed", "experiment", "description"]
    private static let sections = ["constants", "axes", "stages"]

    let diagnostics: Diagnostics

    /// The tree with these settings, the later ones last; mistakes go to the diagnostics.
    func apply(_ settings: [String], to root: YAMLValue) -> YAMLValue {
        settings.reduce(root) { apply($1, to: $0) ?? $0 }
    }

    private func apply(_ setting: String, to root: YAMLValue) -> YAMLValue? {
        let text = SourceText(path: "--set", text: setting)
        let number = diagnostics.add(text)
        func fail(_ message: String, _ column: Int, _ length: Int, _ notes: [String]) -> YAMLValue?
        {
            var place = Place(line: 1, column: column, length: length)
            place.text = number
            diagnostics.add(message, place, notes)
            return nil
        }
        guard let equals = setting.firstIndex(of: "=") else {
            return fail(
                "a setting without `=`", 1, setting.count,
                ["expected: NAME=VALUE, such as seed=7, constants.steps=100 or axes.n=[1, 2]"])
        }
        let name = setting[..<equals]
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isWhole = path.count == 1 && SettingReader.plain.contains(path[0])
        guard isWhole || path.count > 1 && SettingReader.sections.contains(path[0]) else {
            return fail(
                "`\(name)` cannot be set", 1, name.count,
                [
                    "expected: seed, or a path such as constants.NAME, axes.NAME, stages.NAME.params.NAME"
                ]
                    + nearest(path[0]))
        }
        guard let value = value(setting, number) else { return nil }
        do { return try put(value, at: path[...], of: root, above: []) } catch {
            let before = path[..<error.depth].reduce(0) { $0 + $1.count + 1 }
            return fail(error.message, before + 1, path[error.depth].count, error.notes)
        }
    }

    private func nearest(_ name: String) -> [String] {
        nearestName(to: name, among: SettingReader.plain + SettingReader.sections).map {
            ["did you mean `\($0)`?"]
        } ?? []
    }

    /// What stands behind the first `=`, with its places in the whole setting.
    private func value(_ setting: String, _ number: Int) -> YAMLValue? {
        let bytes = Array(setting.utf8)
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        // Blanks keep the columns; what is before them was read already.
        let blank = [UInt8](
            repeating: 0x20, count: setting.prefix { $0 != "=" }.unicodeScalars.count + 1)
        let rest = bytes[(equals + 1)...]
        do {
            guard rest.contains(where: { $0 != 0x20 }) else {
                var place = Place(line: 1, column: blank.count + 1)
                place.text = number
                return YAMLValue(
                    content: .scalar(.scalar(.null, written: nil), text: "", style: .plain),
                    place: place)
            }
            var reader = try YAMLReader(path: "--set", bytes: blank + rest)
            reader.number = number
            return try reader.read()
        } catch let error as ExperimentError {
            diagnostics.add(error)
        } catch {}
        return nil
    }

    /// A part of a path that leads nowhere.
    private struct Missing: Error {
        let depth: Int
        let message: String
        let notes: [String]
    }

    private func put(
        _ value: YAMLValue, at path: ArraySlice<String>, of tree: YAMLValue, above: [String]
    ) throws(Missing) -> YAMLValue {
        guard let name = path.first else { return value }
        guard var members = tree.members ?? (tree.json == .null ? [] : nil) else {
            throw Missing(
                depth: above.count, message: "`\(above.joined(separator: "."))` is \(tree.found)",
                notes: ["expected: a mapping; set it as a whole"])
        }
        if let place = members.firstIndex(where: { $0.key.name == name }) {
            members[place].value = try put(
                value, at: path.dropFirst(), of: members[place].value, above: above + [name])
        } else {
            // What a stage leaves at its default may be given; a name in a section has to be there.
            guard above.isEmpty ? path.count == 1 : above[0] == "stages" && above.count > 1 else {
                throw Missing(
                    depth: above.count,
                    message: "the file has no `\((above + [name]).joined(separator: "."))`",
                    notes: notes(forUnknown: name, allowed: members.map { $0.key.name }))
            }
            let empty = YAMLValue(content: .mapping([]), place: value.place)
            members.append(
                (
                    YAMLKey(name: name, place: value.place),
                    try put(value, at: path.dropFirst(), of: empty, above: above + [name])
                ))
        }
        return YAMLValue(content: .mapping(members), place: tree.place)
    }
}
