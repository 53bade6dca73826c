import Canon

/// Gives the parameters of a stage's actions; what does not vary is worked out once.
struct ParameterResolver {
    let stage: ExperimentSyntax.Stage
    let diagnostics: Diagnostics
    /// Whether a mistake was found: then the stage is given up, after one message.
    private(set) var hasFailed = false
    private var reader: ValueReader
    private var wordReader: WordReader
    /// The defaults and what is the same in every action: those of one stage share it in memory.
    private var fixed: [String: JSON] = [:]
    private var varying: [(parameter: Parameter, written: YAMLValue)] = []

    init(stage: ExperimentSyntax.Stage, diagnostics: Diagnostics) {
        self.stage = stage
        self.diagnostics = diagnostics
        reader = ValueReader(diagnostics: diagnostics)
        wordReader = WordReader(
            diagnostics: diagnostics,
            ports: WordReader.Ports(
                inputs: stage.kind.inputs.map { $0.name }.filter { $0 != InputPort.programFiles },
                outputs: stage.written("outputs") != nil
                    ? stage.kind.outputs.map { $0.name } : [], axes: stage.over))
        for parameter in stage.kind.parameters { fixed[parameter.name] = parameter.defaultValue }
        for (parameter, value) in stage.parameters {
            if ValueReader.hasExpression(value) {
                varying.append((parameter, value))
            } else if let value = fitted(parameter, value, Names()) {
                fixed[parameter.name] = value
            }
        }
    }

    /// Whether `when` keeps the action.
    mutating func isWanted(_ names: Names) -> Bool {
        guard let (expression, value) = stage.condition else { return !hasFailed }
        do {
            let result = try expression.value(names.json)
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
    mutating func parameters(_ names: Names) -> [String: JSON] {
        var result = fixed
        for (parameter, written) in varying {
            guard let value = fitted(parameter, written, names) else { return result }
            result[parameter.name] = value
        }
        if !stage.program.isEmpty && !hasFailed {
            result[ProgramParameters.member] = .object(program(result, names))
        }
        return result
    }

    /// What the file of the kind says of its program, where its parameters have these values.
    ///
    /// The names of the file are those of its parameters: of axes and constants it knows nothing.
    private mutating func program(_ parameters: [String: JSON], _ outside: Names)
        -> [String: JSON]
    {
        var names = Names()
        for (name, value) in parameters { names[name] = Value(value) }
        wordReader.coordinates = stage.over.map { ($0, outside[$0]?.json ?? .null) }
        var result: [String: JSON] = [:]
        for parameter in ProgramParameters.list { result[parameter.name] = parameter.defaultValue }
        for (parameter, written) in stage.program {
            guard let value = fitted(parameter, written, names, parameters) else { return result }
            result[parameter.name] = value
        }
        return result
    }

    /// The value as the kind takes it; `nil` after a mistake, which is told.
    private mutating func fitted(
        _ parameter: Parameter, _ written: YAMLValue, _ names: Names,
        _ parameters: [String: JSON] = [:]
    ) -> JSON? {
        let mistakes = diagnostics.list.count
        let words: JSON?
        switch parameter.type {
        case .words: words = wordReader.words(written, names, parameters)
        case .environment: words = wordReader.environment(written, names, parameters)
        default: return plain(parameter, written, names)
        }
        hasFailed = hasFailed || words == nil || diagnostics.list.count > mistakes
        return hasFailed ? nil : words
    }

    private mutating func plain(_ parameter: Parameter, _ written: YAMLValue, _ names: Names)
        -> JSON?
    {
        guard let value = reader.value(written, names) else {
            hasFailed = true
            return nil
        }
        do { return try parameter.type.fitted(value) } catch {
            hasFailed = true
            var place = written.place
            if written.text == nil { place.length = 1 }
            var advice = error.advice
            if let names = parameter.type.names, let text = value.json.text,
                let nearest = nearestName(to: text, among: names)
            {
                advice.append("did you mean `\(nearest)`?")
            }
            diagnostics.add(
                "parameter `\(parameter.name)` is \(error.found)", place,
                ["expected: \(parameter.type.text)"] + advice)
            return nil
        }
    }
}
