import Canon

/// Gives the parameters of a stage's actions; what does not vary is worked out once.
struct ParameterResolver {
    private enum Source {
        case fixed(JSON)
        case varying(YAMLValue)
    }

    let stage: ExperimentSyntax.Stage
    let diagnostics: Diagnostics
    /// Whether a mistake was found: then the stage is given up, after one message.
    private(set) var hasFailed = false
    /// Parsed once for all actions: the templates by their text.
    private var templates: [String: Template?] = [:]
    private var sources: [(parameter: Parameter, place: Place, source: Source)] = []

    init(stage: ExperimentSyntax.Stage, diagnostics: Diagnostics) {
        self.stage = stage
        self.diagnostics = diagnostics
        for (parameter, value) in stage.parameters {
            if hasExpression(value) {
                sources.append((parameter, value.place, .varying(value)))
            } else {
                if let fixed = parameter.type.normalized(value.json) {
                    sources.append((parameter, value.place, .fixed(fixed)))
                } else {
                    refuse(parameter, value.json, value)
                }
            }
        }
    }

    /// Whether `when` keeps the action.
    mutating func isWanted(_ names: [String: JSON]) -> Bool {
        guard let (expression, value) = stage.condition else { return !hasFailed }
        do {
            let result = try expression.value(names)
            guard let isWanted = result.bool else {
                diagnostics.add(
                    "`when` is \(result.canonicalText)", value.place, ["expected: true or false"])
                hasFailed = true
                return false
            }
            return isWanted && !hasFailed
        } catch {
            diagnostics.add(error, in: value)
            hasFailed = true
            return false
        }
    }

    /// The parameters with defaults filled in.
    mutating func parameters(_ names: [String: JSON]) -> [String: JSON] {
        var result: [String: JSON] = [:]
        for parameter in stage.kind.parameters { result[parameter.name] = parameter.defaultValue }
        for (parameter, _, source) in sources {
            switch source {
            case .fixed(let value): result[parameter.name] = value
            case .varying(let written):
                guard let value = evaluate(written, names) else { return result }
                guard let fitting = parameter.type.normalized(value) else {
                    refuse(parameter, value, written)
                    return result
                }
                result[parameter.name] = fitting
            }
        }
        return result
    }

    private mutating func refuse(_ parameter: Parameter, _ value: JSON, _ written: YAMLValue) {
        hasFailed = true
        var place = written.place
        if written.members != nil || written.elements != nil { place.length = 1 }
        var extra: [String] = []
        if case .choice(let names) = parameter.type, let text = value.text,
            let nearest = nearestName(to: text, among: names)
        {
            extra = ["did you mean `\(nearest)`?"]
        }
        diagnostics.add(
            "parameter `\(parameter.name)` is \(value.canonicalText)", place,
            ["expected: \(parameter.type.text)"] + extra)
    }

    private mutating func evaluate(_ value: YAMLValue, _ names: [String: JSON]) -> JSON? {
        switch value.content {
        case .scalar(let plain, let text, _):
            guard plain.text != nil else { return plain }
            do {
                if let known = templates[text] { return try known?.value(names) ?? plain }
                let template = try Template.parse(text)
                templates[text] = .some(template)
                return try template?.value(names) ?? plain
            } catch {
                diagnostics.add(error, in: value)
                hasFailed = true
                return nil
            }
        case .list(let elements):
            var values: [JSON] = []
            for element in elements {
                guard let value = evaluate(element, names) else { return nil }
                values.append(value)
            }
            return .array(values)
        case .mapping(let members):
            var values: [String: JSON] = [:]
            for (key, member) in members {
                guard let value = evaluate(member, names) else { return nil }
                values[key.name] = value
            }
            return .object(values)
        }
    }

    private func hasExpression(_ value: YAMLValue) -> Bool {
        switch value.content {
        case .scalar(_, let text, _): text.contains("${")
        case .list(let elements): elements.contains(where: hasExpression)
        case .mapping(let members): members.contains { hasExpression($0.value) }
        }
    }
}
