/// What an interval is of: a function of a law's natural parameters.
package struct LawQuantity: Sendable {
    /// The quantity for natural parameters.
    package let of: @Sendable ([Double]) -> Double
    /// Where the law is asked, for predictions.
    private let place: [Double]?
    /// Whether it is positive by nature, so that its logarithm is what moves evenly.
    let isPositive: Bool

    /// A quantity that follows from the parameters.
    package init(isPositive: Bool = false, _ of: @escaping @Sendable ([Double]) -> Double) {
        self.of = of
        self.isPositive = isPositive
        place = nil
    }

    private init(
        at place: [Double], isPositive: Bool, _ of: @escaping @Sendable ([Double]) -> Double
    ) {
        self.of = of
        self.isPositive = isPositive
        self.place = place
    }

    /// A parameter by its place; prefactors, whose unit depends on exponents, move by factors.
    package static func parameter(_ place: Int, of law: FittedLaw) -> LawQuantity {
        let parameter = law.form.parameters[place]
        return LawQuantity(isPositive: !parameter.needs.isEmpty && law.natural[place] > 0) {
            $0[place]
        }
    }

    /// What the law says at `x`, a value for each input.
    package static func prediction(at x: [Double], of law: FittedLaw) -> LawQuantity {
        let (form, scale) = (law.form, law.scale)
        let columns = x.map { [$0] }
        return LawQuantity(
            at: x, isPositive: law.objective.space != .linear && law.predict(columns)[0] > 0
        ) { form.predict($0, columns, scale)[0] }
    }

    /// The quantity, or its logarithm, as a function of the coordinates.
    func function(of law: FittedLaw) -> LawFunction {
        let (form, scale, isLog, of) = (law.form, law.scale, isPositive, of)
        if let place {
            return .prediction(form, at: place, scale, isLog: isLog)
        }
        return LawFunction(form) { theta in
            let value = of(form.natural(theta, scale))
            return isLog ? Elementary.log(value) : value
        }
    }

    /// The quantity of what ``function(of:)`` gives.
    func natural(_ value: Double) -> Double { isPositive ? Elementary.exp(value) : value }
}
