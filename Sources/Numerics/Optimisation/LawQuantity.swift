/// What an interval is of: a function of a law's natural parameters.
package struct LawQuantity: Sendable {
    /// What is known of the function beside its values.
    private enum Kind {
        /// Nothing.
        case general
        /// It is the natural parameter at this place.
        case parameter(Int)
        /// It is what the law says here.
        case prediction([Double])
    }

    /// The quantity for natural parameters.
    package let of: @Sendable ([Double]) -> Double
    private let kind: Kind
    /// Whether it is positive by nature, so that its logarithm is what moves evenly.
    private let isPositive: Bool

    private init(
        _ kind: Kind, isPositive: Bool, _ of: @escaping @Sendable ([Double]) -> Double
    ) {
        self.kind = kind
        self.isPositive = isPositive
        self.of = of
    }

    /// A quantity that follows from the parameters.
    package init(isPositive: Bool = false, _ of: @escaping @Sendable ([Double]) -> Double) {
        self.init(.general, isPositive: isPositive, of)
    }

    /// A parameter by its place; prefactors, whose unit depends on exponents, move by factors.
    package static func parameter(_ place: Int, of law: FittedLaw) -> LawQuantity {
        let parameter = law.form.parameters[place]
        return LawQuantity(
            .parameter(place), isPositive: !parameter.needs.isEmpty && law.natural[place] > 0
        ) { $0[place] }
    }

    /// What the law says at `x`, a value for each input.
    package static func prediction(at x: [Double], of law: FittedLaw) -> LawQuantity {
        let (form, scale) = (law.form, law.scale)
        let columns = x.map { [$0] }
        return LawQuantity(
            .prediction(x),
            isPositive: law.objective.space != .linear && law.predict(columns)[0] > 0
        ) { form.predict($0, columns, scale)[0] }
    }

    /// The quantity, or its logarithm: what moves evenly.
    func even(_ value: Double) -> Double { isPositive ? Elementary.log(value) : value }

    /// The quantity of what moves evenly.
    func natural(_ even: Double) -> Double { isPositive ? Elementary.exp(even) : even }

    /// Along what a profile moves.
    func axis(of law: FittedLaw) -> LawAxis {
        let (form, scale, theta) = (law.form, law.scale, law.theta)
        switch kind {
        case .parameter(let place) where form.parameters[place].needs.isEmpty:
            return LawAxis(function: .coordinate(place)) { even in
                guard even.isFinite else { return even }
                var moved = theta
                moved[place] = even
                return form.natural(moved, scale)[place]
            }
        case .prediction(let x):
            return LawAxis(
                function: .prediction(form, at: x, scale, isLog: isPositive), natural: natural)
        case .parameter(let place):
            let names = form.parameters[place].needs + [form.parameters[place].name]
            let involved = form.coordinates.indices.filter {
                names.contains(form.coordinates[$0].name)
            }
            return LawAxis(function: function(form, scale, of: involved), natural: natural)
        case .general: return LawAxis(function: function(form, scale), natural: natural)
        }
    }

    /// What moves evenly, as a function of the coordinates.
    private func function(
        _ form: any LawForm, _ scale: LawScale, of involved: [Int]? = nil
    ) -> LawFunction {
        LawFunction(form, of: involved) { even(of(form.natural($0, scale))) }
    }
}

/// A function of the coordinates that a profile moves along, and how its values are told.
struct LawAxis {
    /// The function.
    let function: LawFunction
    /// The quantity for a value of the function; infinite for infinite ones.
    let natural: (Double) -> Double
}
