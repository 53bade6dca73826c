import Canon

/// Checks what the file of a kind says of its program, as far as that can be told before its parameters have
/// values: so a mistake is told where it stands, once, and before a stage is of that kind.
struct KindProgramCheck {
    let diagnostics: Diagnostics
    private let names: Names
    private var words: WordReader

    /// Takes the names of the kind's parameters, inputs and outputs.
    init(
        diagnostics: Diagnostics, parameters: [String], inputs: [String], outputs: [String]
    ) {
        self.diagnostics = diagnostics
        var names = Names()
        for name in parameters { names[name] = Value(.null) }
        self.names = names
        words = WordReader(
            diagnostics: diagnostics,
            ports: WordReader.Ports(inputs: inputs, outputs: outputs, axes: []))
        words.isTrial = true
    }

    /// Tells the mistakes in what is said.
    mutating func check(_ said: [(parameter: Parameter, value: YAMLValue)]) {
        for (parameter, value) in said {
            switch parameter.type {
            case .words: _ = words.words(value, names, [:])
            case .environment: _ = words.environment(value, names, [:])
            default:
                if ValueReader.hasExpression(value) {
                    checkNames(value)
                } else {
                    checkFit(value, parameter)
                }
            }
        }
    }

    private func checkFit(_ written: YAMLValue, _ parameter: Parameter) {
        var reader = ValueReader(diagnostics: diagnostics)
        guard let value = reader.value(written, names) else { return }
        do throws(Misfit) { _ = try parameter.type.fitted(value) } catch {
            diagnostics.add(
                "`\(parameter.name)` is \(error.found)", written.place,
                ["expected: \(parameter.type.text)"] + error.advice)
        }
    }

    private func checkNames(_ value: YAMLValue) {
        switch value.content {
        case .list(let elements): for element in elements { checkNames(element) }
        case .mapping(let members): for (_, member) in members { checkNames(member) }
        case .scalar(_, let text, _):
            do throws(ExpressionError) {
                guard let template = try Template.parse(text) else { return }
                for case .expression(let expression, let offset) in template.pieces {
                    try template.check(expression, offset, names)
                }
            } catch {
                diagnostics.add(error, in: value)
            }
        }
    }
}
