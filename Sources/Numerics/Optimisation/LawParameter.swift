/// A natural parameter of a form.
package struct LawParameter: Sendable, Equatable {
    /// Its name in the formula.
    package let name: String
    /// What it means.
    package let meaning: String
    /// Its unit, in terms of y and the inputs; `1` for a pure number.
    package let unit: String
    /// The parameters that its coordinate depends on besides itself: it can only be held fixed
    /// together with them.
    package let needs: [String]

    /// Describes a parameter.
    package init(
        _ name: String, _ meaning: String, unit: String = "1", needs: [String] = []
    ) {
        self.name = name
        self.meaning = meaning
        self.unit = unit
        self.needs = needs
    }
}

/// A coordinate of a form: its name and where it may lie.
package struct LawCoordinate: Sendable, Equatable {
    /// The natural parameter that it stands for.
    package let name: String
    /// The bounds.
    package let lower, upper: Double
    /// Whether the lower bound is a law in its own right (a floor of 0), not the edge of a search.
    package let isLowerBoundMeant: Bool
    /// Whether the upper bound is one that a law may lie at.
    package let isUpperBoundMeant: Bool

    /// Describes a coordinate.
    package init(
        _ name: String, _ lower: Double, _ upper: Double, isLowerBoundMeant: Bool = false,
        isUpperBoundMeant: Bool = false
    ) {
        self.name = name
        self.lower = lower
        self.upper = upper
        self.isLowerBoundMeant = isLowerBoundMeant
        self.isUpperBoundMeant = isUpperBoundMeant
    }
}
