import Canon

/// Reads one stage.
struct StageReader {
    let registry: KindRegistry
    let kindFiles: KindFiles
    let diagnostics: Diagnostics
    let axes: [String]
    let constants: Names

    private static let keys =
        ["kind", "over", "inputs", "params", "when", "stream", "freeze"] + StageRulesReader.keys

    func read(_ key: YAMLKey, _ value: YAMLValue) -> ExperimentSyntax.Stage? {
        // The kind is read first: what stands at the wrong place of a stage is told by it.
        let kindValue = value.members?.first { $0.key.name == "kind" }?.value
        let kindName = kindValue?.text
        let named = kindName.flatMap { self.named($0, kindValue?.place ?? key.place) }
        guard
            let members = checkedMapping(
                value, "stage `\(key.name)`", StageReader.keys, diagnostics,
                elsewhere: { name in named.flatMap { StageReader.place(of: name, in: $0.kind) } })
        else { return nil }
        guard kindName != nil else {
            diagnostics.add(
                "stage `\(key.name)` has no `kind`", key.place,
                ["expected: kind: NAME; `bitlaw kinds` lists them"])
            return nil
        }
        guard let named else { return nil }
        let fields = FieldReader(diagnostics, constants)
        let kind =
            named.kind.isOpen
            ? OpenKindReader(diagnostics: diagnostics, fields: fields).kind(named.kind, members)
            : named.kind
        let stream = members["stream"].flatMap { fields.text($0, "`stream`", "a name") } ?? key.name
        return ExperimentSyntax.Stage(
            name: key, kind: kind, over: over(members["over"]),
            inputs: inputs(members["inputs"], kind, key),
            parameters: parameters(members["params"], kind, key),
            program: named.program, condition: condition(members["when"]),
            stream: stream, rules: StageRulesReader(fields: fields).rules(members, of: kind),
            freeze: freeze(members["freeze"]))
    }

    /// Where a name belongs that stands at another place of a stage; `nil` where the stage has none such.
    private static func place(of name: String, in kind: Kind) -> [String]? {
        if kind.parameters.contains(where: { $0.name == name }) {
            return ["fix: `\(name)` is a parameter of `\(kind.name)`: write it below `params`"]
        }
        if kind.givenInputs.contains(where: { $0.name == name }) {
            return ["fix: `\(name)` is an input of `\(kind.name)`: write it below `inputs`"]
        }
        if keys.contains(name) {
            return ["fix: `\(name)` belongs to the stage: write it beside `params` and `inputs`"]
        }
        return nil
    }

    /// The kind of a name, and what is said of its program; a mistake is told.
    private func named(_ name: String, _ place: Place) -> KindFile? {
        let shipped = registry.kind(name)
        if shipped != nil && kindFiles.describes(name) {
            diagnostics.add(KindFile.doubled(name), place, KindFile.adviceForDoubled)
            return nil
        }
        if let shipped { return KindFile(kind: shipped) }
        let found = kindFiles.kind(name, namedAt: place)
        if !found.isThere {
            let all = registry.kinds.map { $0.name } + kindFiles.all
            diagnostics.add(
                "unknown kind `\(name)`", place,
                notes(forUnknown: name, allowed: all) + ["`bitlaw kinds` lists them all"])
        }
        return found.file
    }

    /// Where a stage says that it is frozen.
    private func freeze(_ value: YAMLValue?) -> Place? {
        guard let value else { return nil }
        let isFrozen = FieldReader(diagnostics, constants).truth(value, "`freeze`")
        return isFrozen == true ? value.place : nil
    }

    private func over(_ value: YAMLValue?) -> [String] {
        guard let value, value.json != .null else { return [] }
        guard let elements = value.elements else {
            diagnostics.add(
                "`over` is \(value.found)", value.place,
                ["expected: a list of axes, like [samples]"])
            return []
        }
        var names: [String] = []
        for element in elements {
            guard let name = element.text, axes.contains(name) else {
                diagnostics.add(
                    "unknown axis `\(element.text ?? element.found)`", element.place,
                    notes(forUnknown: element.text ?? "", allowed: axes))
                continue
            }
            if names.contains(name) {
                diagnostics.add("axis `\(name)` stands twice in `over`", element.place)
            } else {
                names.append(name)
            }
        }
        return names
    }

    private func condition(_ value: YAMLValue?) -> (expression: Expression, value: YAMLValue)? {
        guard let value else { return nil }
        guard let text = value.text else {
            diagnostics.add("`when` is \(value.found)", value.place, ["expected: an expression"])
            return nil
        }
        do {
            if let template = try Template.parse(text) {
                guard template.pieces.count == 1,
                    case .expression(let expression, _) = template.pieces[0]
                else {
                    diagnostics.add(
                        "`when` is text with an expression in it", value.place,
                        ["expected: one expression, such as samples <= 1000"])
                    return nil
                }
                return (expression, value)
            }
            return (try ExpressionParser.parse(text), value)
        } catch {
            diagnostics.add(error, in: value)
            return nil
        }
    }

    private func parameters(_ value: YAMLValue?, _ kind: Kind, _ stage: YAMLKey)
        -> [(parameter: Parameter, value: YAMLValue)]
    {
        var found: [(parameter: Parameter, value: YAMLValue)] = []
        if let value, value.json != .null {
            guard let members = value.members else {
                diagnostics.add("`params` is \(value.found)", value.place, ["expected: a mapping"])
                return []
            }
            for (key, member) in members {
                guard let parameter = kind.parameters.first(where: { $0.name == key.name }) else {
                    diagnostics.add(
                        "unknown parameter `\(key.name)` of kind `\(kind.name)`", key.place,
                        StageReader.place(of: key.name, in: kind)
                            ?? notes(forUnknown: key.name, allowed: kind.parameters.map { $0.name })
                            + StageReader.hint(forLooks: key.name))
                    continue
                }
                found.append((parameter, member))
            }
        }
        for parameter in kind.parameters
        where parameter.defaultValue == nil
            && !found.contains(where: { $0.parameter.name == parameter.name })
        {
            diagnostics.add(
                "parameter `\(parameter.name)` of stage `\(stage.name)` is missing",
                value?.place ?? stage.place, ["expected: \(parameter.type.text)"])
        }
        return found
    }

    /// What to do where a parameter tells how a picture looks: that is no part of what is computed.
    private static func hint(forLooks name: String) -> [String] {
        guard ["title", "caption", "label", "x_label", "y_label", "colour", "color"].contains(name)
        else { return [] }
        return [
            "fix: how a picture looks is no part of a result; draw it in a stage of kind `chart`, or "
                + "write a caption in the page: {figure: …; caption: …}"
        ]
    }

    private func inputs(_ value: YAMLValue?, _ kind: Kind, _ stage: YAMLKey)
        -> [ExperimentSyntax.PortInputs]
    {
        var found: [String: ExperimentSyntax.PortInputs] = [:]
        if let value, value.json != .null {
            guard let members = value.members else {
                diagnostics.add("`inputs` is \(value.found)", value.place, ["expected: a mapping"])
                return []
            }
            for (key, member) in members {
                guard let port = kind.givenInputs.first(where: { $0.name == key.name }) else {
                    diagnostics.add(
                        "unknown input `\(key.name)` of kind `\(kind.name)`", key.place,
                        StageReader.place(of: key.name, in: kind)
                            ?? notes(
                                forUnknown: key.name, allowed: kind.givenInputs.map { $0.name }))
                    continue
                }
                if let elements = member.elements {
                    guard port.takesSeveralStages else {
                        diagnostics.add(
                            "input `\(port.name)` is a list", member.place,
                            ["expected: one stage; this input does not take several"])
                        continue
                    }
                    found[port.name] = ExperimentSyntax.PortInputs(
                        port: port, place: member.place,
                        inputs: elements.compactMap { input($0, port) }, isList: true)
                } else if let one = input(member, port) {
                    found[port.name] = ExperimentSyntax.PortInputs(
                        port: port, place: member.place, inputs: [one], isList: false)
                }
            }
        }
        for port in kind.givenInputs where !port.isOptional && found[port.name] == nil {
            if value?.members?.contains(where: { $0.key.name == port.name }) == true { continue }
            diagnostics.add(
                "input `\(port.name)` of stage `\(stage.name)` is missing",
                value?.place ?? stage.place, ["expected: \(port.summary)"])
        }
        return kind.inputs.compactMap { found[$0.name] }
    }

    private func input(_ value: YAMLValue, _ port: InputPort) -> ExperimentSyntax.Input? {
        if let members = value.members {
            if members.count == 1, members[0].key.name == "file" {
                diagnostics.add(
                    "an input is a mapping with the member `file`", value.place,
                    ["expected: file:PATH in one word, without a blank after the colon"])
                return nil
            }
            if members.contains(where: { ["stage", "partial"].contains($0.key.name) }) {
                return longInput(value, port)
            }
            guard
                let members = checkedMapping(value, "a source", ["url", "sha256"], diagnostics)
            else { return nil }
            let fields = FieldReader(diagnostics, constants)
            let source =
                "expected: {url: https://…, sha256: 64 hexadecimal digits}; where no address has the file: "
                + "url: added:NAME, and bitlaw add NAME"
            guard let url = members["url"].flatMap({ fields.text($0, "`url`", "an address") }),
                SourceAddress.isOfWeb(url) || SourceAddress.addedName(url) != nil
            else {
                diagnostics.add(
                    "a source without an http(s) `url`", members["url"]?.place ?? value.place,
                    [source])
                return nil
            }
            guard !SourceAddress.hasCredentials(url) else {
                diagnostics.add(
                    "`url` has a password or name in it", members["url"]?.place ?? value.place,
                    ["expected: an address that anybody may read; else bitlaw add FILE"])
                return nil
            }
            guard let hex = members["sha256"].flatMap({ fields.text($0, "`sha256`", "a digest") }),
                (try? Digest(hex: hex)) != nil
            else {
                diagnostics.add(
                    "a source without its `sha256`", members["sha256"]?.place ?? value.place,
                    ["expected: 64 lowercase hexadecimal digits, as sha256sum prints them"])
                return nil
            }
            return .fixed(url: url, sha256: hex, value.place)
        }
        guard let text = value.text, !text.isEmpty else {
            diagnostics.add(
                "an input is \(value.found)", value.place,
                ["expected: a stage, stage/output, file:PATH or {url, sha256}"])
            return nil
        }
        if text.hasPrefix("file:") { return .file(value) }
        return stageInput(text, isPartial: false, value.place)
    }

    /// The long form of an input: `{stage: NAME, partial: true}`.
    private func longInput(_ value: YAMLValue, _ port: InputPort) -> ExperimentSyntax.Input? {
        guard let members = checkedMapping(value, "an input", ["stage", "partial"], diagnostics)
        else { return nil }
        guard let stage = members["stage"], let name = stage.text, !name.isEmpty,
            !name.hasPrefix("file:")
        else {
            diagnostics.add(
                "an input without its `stage`", members["stage"]?.place ?? value.place,
                ["expected: {stage: NAME or NAME/output, partial: true}"])
            return nil
        }
        var isPartial = false
        if let partial = members["partial"] {
            guard let truth = FieldReader(diagnostics, constants).truth(partial, "`partial`") else {
                return nil
            }
            isPartial = truth
            if isPartial && !port.isCollection {
                diagnostics.add(
                    "input `\(port.name)` takes one action, which cannot be partial", partial.place,
                    ["expected: `partial` on an input that collects several actions"])
                return nil
            }
        }
        return stageInput(name, isPartial: isPartial, stage.place)
    }

    private func stageInput(_ text: String, isPartial: Bool, _ place: Place)
        -> ExperimentSyntax.Input?
    {
        guard !Template.isNeeded(text) else {
            diagnostics.add(
                "an input with `${…}` in its name", place,
                [
                    "expected: a stage whose name is written out; a file may have it: file:data/${n}.csv"
                ])
            return nil
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return .stage(
            String(parts[0]), output: parts.count > 1 ? String(parts[1]) : nil,
            isPartial: isPartial, place)
    }
}
