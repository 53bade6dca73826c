import Canon
import Experiment
import Numerics
import System
import Workbench

/// The forms by the names that experiment files use.
enum NamedForms {
    /// Every name, in the order of the documentation.
    static let names = [
        "power-law", "power-law-with-floor", "m3", "m4", "broken", "chinchilla", "chinchilla-tied",
        "kaplan", "kaplan-with-floor", "over-training", "downstream-error", "data-constrained",
        "data-constrained-size", "exponential-to-power", "plateau-then-decay",
    ]

    /// The form of a name; `breaks` is for `broken`, `chance` for `m4`.
    static func form(_ name: String, breaks: Int = 1, chance: Double? = 1) -> (any LawForm)? {
        switch name {
        case "power-law": PowerSum.powerLaw
        case "power-law-with-floor": PowerSum.powerLawWithFloor
        case "m3": ShiftedPower()
        case "m4": BoundedPower(chance: chance)
        case "broken": BrokenPower(breaks: breaks)
        case "chinchilla": PowerSum.chinchilla
        case "chinchilla-tied": PowerSum.chinchillaTied
        case "kaplan": KaplanJoint(hasFloor: false)
        case "kaplan-with-floor": KaplanJoint(hasFloor: true)
        case "over-training": PowerSum.overTraining
        case "downstream-error": DownstreamError()
        case "data-constrained": DataConstrained(hasSize: false)
        case "data-constrained-size": DataConstrained(hasSize: true)
        case "exponential-to-power": ExponentialToPower()
        case "plateau-then-decay": BrokenPower.plateauThenDecay
        default: nil
        }
    }

    /// The form that parameters name; `nil` for a formula of the user's own.
    static func form(_ parameters: Parameters) -> (any LawForm)? {
        form(
            parameters.text("form"), breaks: parameters.integer("breaks"),
            chance: parameters.isNull("chance") ? nil : parameters.number("chance"))
    }

    /// The parameter of a kind whose forms are named, or formulas.
    static func parameter(default value: JSON? = nil) -> Parameter {
        Parameter(
            "form", .choiceOrText(names, "a formula such as E + A / x^alpha"), default: value,
            """
            A form by name, or a formula over inputs and parameters: its names that are no inputs are \
            the parameters; `where name = expression` defines abbreviations.
            """)
    }

    /// The formula of a form as a person writes it; `nil` where a form is more than its formula.
    static func text(_ form: any LawForm) -> String? {
        guard form is PowerSum || form is ShiftedPower || form is DownstreamError else {
            return nil
        }
        return form.formula.replacing("·", with: "*")
    }

    /// The form that has the same terms and one more; `nil` where there is none.
    static func wider(than name: String) -> (any LawForm)? {
        switch name {
        case "power-law": PowerSum.powerLawWithFloor
        case "chinchilla-tied": PowerSum.chinchilla
        case "kaplan": KaplanJoint(hasFloor: true)
        default: nil
        }
    }

    /// A formula with columns in place of the inputs' roles.
    static func formula(_ form: any LawForm, columns: [String]) -> String {
        var text = ""
        var word = ""
        func flush() {
            if let place = form.inputs.firstIndex(of: word), columns.count > place {
                text += Told.factor(columns[place])
            } else {
                text += word
            }
            word = ""
        }
        for character in form.formula {
            if character.isLetter || character.isNumber || character == "'" {
                word.append(character)
            } else {
                flush()
                text.append(character)
            }
        }
        flush()
        return text
    }
}
