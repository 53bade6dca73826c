/// Why there is no fit: a fitted law exists only where its certificate holds.
package enum LawRefusal: Error, Equatable, CustomStringConvertible {
    /// Fewer different points than parameters.
    case tooFewPoints(form: String, expected: Int, found: Int)
    /// A value that the objective or the form cannot take.
    case outOfRange(row: Int, column: String, value: Double, expected: String)
    /// A part of a formula that no parameter is in, and that is no number at a point.
    case undefined(row: Int, part: String, values: String)
    /// No candidate of the search gives an objective.
    case noCandidate(form: String, screened: Int)
    /// The best end of the search lies on its edge.
    case noInteriorMinimum(form: String, parameters: [String])
    /// The points leave a direction open.
    case unidentifiable(
        form: String, condition: Double, parameters: [String], combinations: [String])
    /// The gradient is not zero.
    case notConverged(form: String, parameter: String, scaledGradient: Double)
    /// Natural parameters beyond the range of numbers.
    case overflow(form: String, parameters: [String])
    /// A parameter was to be held without those that its unit depends on.
    case cannotHold(parameter: String, needs: [String])

    /// Expected, found, and what to do.
    package var description: String { advice.isEmpty ? finding : "\(finding); \(advice)" }

    /// What was expected, and what was found.
    package var finding: String {
        switch self {
        case .tooFewPoints(let form, let expected, let found):
            "too few points: \(form) needs at least \(expected) different ones, found \(found)"
        case .outOfRange(let row, let column, let value, let expected):
            "point \(row + 1): expected \(expected), found \(column) = \(value)"
        case .undefined(let row, let part, let values):
            "point \(row + 1): expected a number as `\(part)`, found none for \(values)"
        case .noCandidate(let form, let screened):
            "none of \(screened) candidates for \(form) gives a number that the objective takes at every "
                + "point"
        case .noInteriorMinimum(let form, let parameters):
            "no interior minimum: the best \(form) has \(parameters.joined(separator: ", ")) at the edge "
                + "of the search"
        case .unidentifiable(let form, let condition, let parameters, let combinations):
            "unidentifiable: \(parameters.joined(separator: ", ")) of \(form) trade off (condition number "
                + "\(condition), expected below 1e13)"
                + (combinations.isEmpty
                    ? "" : "; the points tell only \(combinations.joined(separator: ", "))")
        case .notConverged(let form, let parameter, let gradient):
            "the fit did not converge: the scaled gradient of \(form) is \(gradient) along \(parameter), "
                + "expected below 1e-6"
        case .overflow(let form, let parameters):
            "the law's numbers overflow: \(parameters.joined(separator: ", ")) of \(form) is no finite number"
        case .cannotHold(let parameter, let needs):
            "\(parameter) can only be held together with \(needs.joined(separator: ", "))"
        }
    }

    /// What a person may do, where the points do not say why.
    package var advice: String {
        switch self {
        case .tooFewPoints: "widen the axis, or choose a form with fewer parameters"
        case .noInteriorMinimum:
            "the points do not show this form, choose another or widen the axis"
        case .unidentifiable:
            "hold one fixed, choose a form with fewer parameters, or widen the axis"
        case .notConverged:
            "the points may leave it open: hold it, choose a form without it, or allow more starts"
        case .noCandidate:
            "bound the parameters with `parameters: {NAME: {min: …, max: …}}`, or take residuals of y itself "
                + "with `space: linear` where the law may be negative"
        case .undefined: "leave such rows out with `where`"
        case .overflow: "expected points over a wider range"
        case .outOfRange, .cannotHold: ""
        }
    }
}
