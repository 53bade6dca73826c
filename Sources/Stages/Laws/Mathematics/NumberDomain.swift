import Canon
import Numerics

/// The numbers that a column of a law may hold.
struct NumberDomain {
    /// Numbers lie above this.
    let bound: Double
    /// What a message calls such a number.
    let words: String
    /// What else a person may do about a number outside of it; empty where there is nothing.
    var remedy = ""

    /// Numbers that have a logarithm.
    static let positive = NumberDomain(bound: 0, words: "a positive number")

    /// Any number.
    static let any = NumberDomain(bound: -.infinity, words: "a number")

    /// The number of a cell; `nil` where it is none, or lies outside.
    func number(_ cell: JSON) -> Double? {
        guard let number = cell.double, number > bound else { return nil }
        return number
    }
}

extension LawObjective.Space {
    /// What y may be, for residuals in this space.
    var domain: NumberDomain {
        switch self {
        case .log:
            NumberDomain(
                bound: 0, words: "a positive number",
                remedy: ", or take residuals of y itself with `space: linear`")
        case .linear: NumberDomain(bound: -.infinity, words: "a number")
        case .log1p: NumberDomain(bound: -1, words: "a number above -1")
        }
    }
}
