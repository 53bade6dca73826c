import Canon
import Experiment
import Workbench

/// What of a formula and of what is said about its parameters is wrong whatever the table has.
struct FormulaCheck {
    let draft: StageDraft

    /// Reads `form` where it is a formula.
    ///
    /// - Returns: the formula, where it can be read.
    @discardableResult
    func form() -> FormulaText? {
        let text = draft.parameters.text("form")
        guard !NamedForms.names.contains(text) else { return nil }
        var formula: FormulaText?
        draft.reading("form") { formula = try FormulaText(reading: text) }
        return formula
    }

    /// Reads what is said of parameters, each at its own place.
    func declarations(of formula: FormulaText?) {
        for name in ["parameters", "fix", "per"] {
            let said = draft.parameters.value(name)
            guard let members = said.members else {
                draft.reading(name) { try FormulaCheck.read(name, said) }
                continue
            }
            for (parameter, value) in members.sorted(by: { $0.key < $1.key }) {
                draft.reading(name, [parameter]) {
                    try FormulaCheck.read(name, [parameter: value])
                    if name == "parameters", let tie = value.text ?? value["tie"]?.text {
                        _ = try FormulaText(reading: tie)
                    }
                    if let formula, formula.lacks(parameter) {
                        throw FormatError(
                            "\(name): `\(parameter)` is not in the formula; its names are "
                                + formula.names.joined(separator: ", "))
                    }
                }
            }
        }
    }

    private static func read(_ name: String, _ value: JSON) throws {
        func said(_ own: String) -> JSON { own == name ? value : [:] }
        _ = try FormulaDeclarations(
            parameters: said("parameters"), fix: said("fix"), per: said("per"), shared: .null)
    }
}
