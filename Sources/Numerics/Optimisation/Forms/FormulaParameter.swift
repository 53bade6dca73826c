/// A parameter of a user's formula: its name, its range, where a search may start, what it differs by.
package struct FormulaParameter: Sendable, Equatable {
    /// The name in the formula.
    package let name: String
    /// The bounds, which are allowed values themselves.
    package var lower = -Double.infinity
    /// The greatest value.
    package var upper = Double.infinity
    /// Values that candidates start from; empty where they are drawn.
    package var starts: [Double] = []
    /// A value that is held.
    package var fixed: Double?
    /// The input whose value says which of several values a point has; `nil` for one shared value.
    package var groupInput: Int?
    /// The names of the groups; a point's input holds the place of its own.
    package var groups: [String] = []

    /// Names a parameter without bounds.
    package init(_ name: String) { self.name = name }

    /// The names of its values: the name itself, or one for each group.
    package var names: [String] {
        groupInput == nil ? [name] : groups.map { "\(name)[\($0)]" }
    }
}

/// A value of a parameter as a coordinate of a descent.
struct FormulaCoordinate: Sendable {
    /// How the coordinate θ stands for the natural value p.
    enum Kind: Sendable, Equatable {
        /// θ = p.
        case plain
        /// θ = log p, for values that are positive.
        case logarithm
        /// θ = e^(κ p), the coefficient that a p within an exponent is.
        case coefficient(Double)
        /// θ = p where the coefficient e^(κ p) has a bound above 0: as a coefficient it could not be measured
        /// in the size of its term, and its valley would be bent.
        case exponent(Double)
    }
    let kind: Kind
    /// The name of the natural value.
    let name: String
    /// The bounds of θ.
    let lower, upper: Double
    /// Whether the bounds are the user's.
    let isLowerMeant, isUpperMeant: Bool

    init(_ parameter: FormulaParameter, name: String, _ kind: Kind) {
        self.name = name
        var (low, high) = (parameter.lower, parameter.upper)
        var (isLow, isHigh) = (low.isFinite, high.isFinite)
        var ownKind = kind
        switch kind {
        case .plain, .exponent: break
        case .logarithm: (low, high) = (Elementary.log(low), Elementary.log(high))
        case .coefficient(let kappa) where Elementary.exp(kappa * (kappa < 0 ? high : low)) > 0:
            ownKind = .exponent(kappa)
        case .coefficient(let kappa):
            (low, high) = (Elementary.exp(kappa * low), Elementary.exp(kappa * high))
            if kappa < 0 { (low, high, isLow, isHigh) = (high, low, isHigh, isLow) }
        }
        self.kind = ownKind
        (lower, upper, isLowerMeant, isUpperMeant) = (low, high, isLow, isHigh)
    }

    /// Whether a bound keeps the coordinate within an exponent.
    var isExponent: Bool {
        if case .exponent = kind { return true }
        return false
    }

    /// The coefficient itself where it stands within an exponent with bounds: without them.
    init(relaxing other: FormulaCoordinate) {
        guard case .exponent(let kappa) = other.kind else {
            self = other
            return
        }
        kind = .coefficient(kappa)
        name = other.name
        (lower, upper) = (0, .infinity)
        (isLowerMeant, isUpperMeant) = (true, false)
    }

    /// The bounds of the coefficient that a linear coordinate stands for.
    var coefficients: (lower: Double, upper: Double) {
        guard case .exponent(let kappa) = kind else { return (lower, upper) }
        let ends = (Elementary.exp(kappa * lower), Elementary.exp(kappa * upper))
        return kappa < 0 ? (ends.1, ends.0) : ends
    }

    /// The coordinate of a coefficient.
    func coordinate(ofCoefficient value: Double) -> Double {
        guard case .exponent(let kappa) = kind else { return value }
        return max(lower, min(upper, Elementary.log(value) / kappa))
    }

    /// Whether the coordinate, or its coefficient without bounds, may be anchored: bounds other than 0 would
    /// move with the other parameters.
    var canBeAnchored: Bool {
        if isExponent { return true }
        return kind != .logarithm && [lower, upper].allSatisfy { $0 == 0 || !$0.isFinite }
    }
}
