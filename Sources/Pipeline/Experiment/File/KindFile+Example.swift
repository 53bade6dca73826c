import Canon

/// The example of a kind: the stages of a small experiment, in the kind's own file.
///
/// So the file can be run as an experiment, and its lock file pins the kind's bits.
extension KindFile {
    /// The member that holds them.
    static let exampleMember = "example"

    /// The experiment in the file of a kind; any other file is the experiment that it is.
    ///
    /// - Throws: ``ExperimentError`` for the file of a kind without an example.
    static func experiment(in root: YAMLValue, path: String, _ source: SourceText) throws
        -> YAMLValue
    {
        guard let name = name(ofPath: path), let members = root.members,
            !members.contains(where: { $0.key.name == "experiment" })
        else { return root }
        guard let (key, stages) = members.first(where: { $0.key.name == exampleMember }) else {
            throw ExperimentError([
                Diagnostic(
                    "the file of the kind `\(name)` has no `\(exampleMember)`", at: root.place,
                    in: source,
                    notes: [
                        "expected: \(exampleMember): with stages as an experiment has them, one of them of "
                            + "the kind `\(name)`"
                    ])
            ])
        }
        func scalar(_ json: JSON, _ text: String) -> YAMLValue {
            YAMLValue(
                content: .scalar(Value(json), text: text, style: .plain), place: key.place)
        }
        func member(_ name: String, _ value: YAMLValue) -> (key: YAMLKey, value: YAMLValue) {
            (YAMLKey(name: name, place: key.place), value)
        }
        return YAMLValue(
            content: .mapping([
                member("experiment", scalar(.string(name), name)),
                member("seed", scalar(1, "1")), member("stages", stages),
            ]), place: root.place)
    }

    /// The lines of an example, as an experiment file of their own.
    static func exampleText(in root: YAMLValue, _ source: SourceText) -> String? {
        let members = root.members ?? []
        guard let number = members.firstIndex(where: { $0.key.name == exampleMember }) else {
            return nil
        }
        let first = members[number].key.place.line
        let next = members.dropFirst(number + 1).first?.key.place.line ?? source.lines.count + 1
        var lines = source.lines[first..<max(first, next - 1)]
        // What stands between two members belongs to the next one.
        while let last = lines.last, last.hasPrefix("#") || last.allSatisfy({ $0.isWhitespace }) {
            lines.removeLast()
        }
        let head = source.lines[first - 1].drop { $0 != ":" }
        return (["experiment: example", "seed: 1", "stages\(head)"] + lines)
            .map { "\($0)\n" }.joined()
    }
}
