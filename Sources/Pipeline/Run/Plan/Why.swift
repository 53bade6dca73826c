package import Canon
package import Experiment

/// The explanation of one action.
package struct Why: Sendable {
    /// The action.
    package let action: String
    /// Its key, where it is known.
    package let key: Digest?
    /// Its derived seed.
    package let seed: String?
    /// The run that it is compared with.
    package let comparedWith: String?
    /// What differs.
    package let reasons: [Reason]
}

extension Why {
    /// The members of two key documents that differ.
    package static func differences(
        _ old: JSON, _ new: JSON, _ action: Action, _ graph: ActionGraph
    )
        -> [Reason]
    {
        var reasons: [Reason] = []
        func text(_ value: JSON?) -> String { value?.text ?? value?.canonicalText ?? "(none)" }
        if old["kind"] != new["kind"] || old["version"] != new["version"] {
            reasons.append(
                .kind(
                    old: "\(text(old["kind"])) version \(text(old["version"]))",
                    new: "\(text(new["kind"])) version \(text(new["version"]))"))
        }
        let (a, b) = (old["parameters"]?.members ?? [:], new["parameters"]?.members ?? [:])
        for name in Set(a.keys).union(b.keys).sorted() where a[name] != b[name] {
            reasons.append(.parameter(name, old: a[name], new: b[name]))
        }
        if old["seed"] != new["seed"] {
            reasons.append(.seed(old: text(old["seed"]), new: text(new["seed"])))
        }
        if old["profile"] != new["profile"] {
            reasons.append(.profile(old: text(old["profile"]), new: text(new["profile"])))
        }
        let (before, after) = (old["tools"]?.members ?? [:], new["tools"]?.members ?? [:])
        for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
            reasons.append(.tool(name, old: before[name]?.text, new: after[name]?.text))
        }
        for input in action.inputs {
            reasons += differences(
                of: input, old["inputs"]?[input.port]?.elements ?? [],
                new["inputs"]?[input.port]?.elements ?? [], graph)
        }
        return reasons
    }

    private static func differences(
        of input: ActionInput, _ old: [JSON], _ new: [JSON], _ graph: ActionGraph
    ) -> [Reason] {
        let match = InputMatching(old, new)
        var reasons: [Reason] = []
        func digest(_ element: JSON) -> Digest? {
            element["digest"]?.text.flatMap { try? Digest(hex: $0) }
        }
        for (before, after) in match.changed {
            let source = input.sources.indices.contains(after) ? input.sources[after] : nil
            if let path = source?.shownPath, let x = digest(old[before]),
                let y = digest(new[after])
            {
                reasons.append(.file(port: input.port, path: path, old: x, new: y, change: nil))
            } else {
                reasons.append(
                    .input(
                        port: input.port, producer: source.map { name(of: $0, graph) } ?? "(gone)",
                        old: old[before]["digest"]?.text, new: new[after]["digest"]?.text))
            }
        }
        if let (before, after) = match.moved.first {
            reasons.append(
                .moved(
                    port: input.port, from: InputMatching.place(of: old[before], at: before),
                    to: InputMatching.place(of: new[after], at: after), more: match.moved.count - 1)
            )
        }
        for place in match.removed {
            reasons.append(
                .input(
                    port: input.port,
                    producer: "(gone) \(InputMatching.place(of: old[place], at: place))",
                    old: old[place]["digest"]?.text, new: nil))
        }
        for place in match.added {
            let producer =
                input.sources.indices.contains(place)
                ? name(of: input.sources[place], graph) : "(gone)"
            reasons.append(
                .input(
                    port: input.port, producer: producer, old: nil, new: new[place]["digest"]?.text)
            )
        }
        if match.isReordered { reasons.append(.order(port: input.port, alone: match.isOrderAlone)) }
        return reasons
    }

    private static func name(of source: InputSource, _ graph: ActionGraph) -> String {
        switch source {
        case .file(let path): path
        case .folder(let path, _): path + "/"
        case .replay(let copy): copy.producer
        case .action(let index, _): graph.actions[index].name
        }
    }
}
