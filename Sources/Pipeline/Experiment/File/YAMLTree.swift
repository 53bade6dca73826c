import Canon

/// Builds the tree of a YAML text from its events, on a stack of its own: no depth overflows it.
struct YAMLTree {
    /// The deepest nesting.
    static let deepest = 64

    /// A list or mapping that has not ended.
    private struct Open {
        let place: Place
        let isMapping: Bool
        var elements: [YAMLValue] = []
        var members: [(key: YAMLKey, value: YAMLValue)] = []
        /// The name whose value comes next.
        var key: YAMLKey?
        /// The names so far, and where they stand; names that Unicode holds for one are one here.
        var names: [String: YAMLKey] = [:]
    }

    private let source: SourceText
    private var open: [Open] = []
    /// The whole document, when it has ended.
    private(set) var root: YAMLValue?

    init(source: SourceText) { self.source = source }

    /// Takes an event of one document.
    ///
    /// - Throws: ``ExperimentError`` for what an experiment file may not have.
    mutating func take(_ event: YAMLEvent) throws(ExperimentError) {
        switch event.kind {
        case .documentStart, .streamEnd, .other: return
        case .scalar(let text, let style):
            try refuseMarks(event)
            if isAtKey {
                try name(text, event.place)
            } else {
                let value =
                    style == .plain
                    ? PlainScalar.value(text) : Value.scalar(.string(text), written: text)
                add(
                    YAMLValue(
                        content: .scalar(value, text: text, style: style), place: event.place))
            }
        case .listStart, .mappingStart:
            try refuseMarks(event)
            if isAtKey { throw failure("a key is not a name", event.place, ["expected: a name"]) }
            if open.count == YAMLTree.deepest {
                throw failure(
                    "nested deeper than \(YAMLTree.deepest) levels", event.place,
                    ["expected: at most \(YAMLTree.deepest) levels"])
            }
            var isMapping = false
            if case .mappingStart = event.kind { isMapping = true }
            var place = event.place
            place.length = 1
            open.append(Open(place: place, isMapping: isMapping))
        case .listEnd, .mappingEnd:
            guard let ended = open.popLast() else { return }
            add(
                YAMLValue(
                    content: ended.isMapping ? .mapping(ended.members) : .list(ended.elements),
                    place: ended.place))
        case .alias:
            throw failure(
                "an alias", event.place,
                ["write the value out; where a text is meant, put it in quotes"])
        }
    }

    private var isAtKey: Bool {
        guard let last = open.last else { return false }
        return last.isMapping && last.key == nil
    }

    private mutating func name(_ text: String, _ place: Place) throws(ExperimentError) {
        let last = open.count - 1
        let key = YAMLKey(name: text, place: place)
        if let first = open[last].names.updateValue(key, forKey: text) {
            guard first.name.isSameText(as: text) else {
                throw failure(
                    "the name `\(text)` of line \(first.place.line) again, in other bytes", place,
                    [
                        "Unicode writes its letters in two ways (NFC and NFD), and one mapping cannot have "
                            + "both", "rename one of them",
                    ])
            }
            throw failure(
                "`\(text)` stands twice in one mapping", place,
                ["give each name once; the first is on line \(first.place.line)"])
        }
        open[last].key = key
    }

    private mutating func add(_ value: YAMLValue) {
        guard !open.isEmpty else {
            root = value
            return
        }
        let last = open.count - 1
        if let key = open[last].key {
            open[last].members.append((key, value))
            open[last].key = nil
        } else {
            open[last].elements.append(value)
        }
    }

    private func refuseMarks(_ event: YAMLEvent) throws(ExperimentError) {
        if event.hasAnchor {
            throw failure(
                "an anchor", event.place,
                [
                    "expected: no anchors and aliases in an experiment file",
                    "name the value under `constants:` and use it as ${name}",
                ])
        }
        if event.hasTag {
            throw failure(
                "a tag", event.place,
                [
                    "expected: no tags (`!…`) in an experiment file",
                    "write the value alone; where a text is meant, put it in quotes",
                ])
        }
    }

    private func failure(_ message: String, _ place: Place, _ notes: [String]) -> ExperimentError {
        ExperimentError([Diagnostic(message, at: place, in: source, notes: notes)])
    }
}
