/// A law with its certificate.
package struct FittedLaw: Sendable {
    /// The family.
    package let form: any LawForm
    /// What was minimised.
    package let objective: LawObjective
    /// The units of the fit.
    package let scale: LawScale
    /// The coordinates, in scaled units.
    package let theta: [Double]
    /// The natural parameters.
    package let natural: [Double]
    /// The objective's value, in natural units.
    package let value: Double
    /// T(f) − T(y) at every point.
    package let residuals: [Double]
    /// ∂T(f)/∂θ at every point, `[n, p]`.
    package let slopes: [Double]
    /// Which coordinates were held.
    package let held: [Bool]
    /// The evidence that this is the optimum.
    package let certificate: LawCertificate
    /// The size of a residual that priors were weighed to; `nil` without priors.
    package var priorSize: Double?
    /// The terms that priors added to the objective.
    package var constraints: [SoftConstraint] = []

    /// A natural parameter by name.
    package func parameter(_ name: String) -> Double? {
        form.parameters.firstIndex { $0.name == name }.map { natural[$0] }
    }

    /// The law at natural inputs: one column for each input of the form.
    package func predict(_ x: [[Double]]) -> [Double] { form.predict(natural, x, scale) }

    /// The number of free coordinates.
    package var freeCount: Int { held.count { !$0 } }
}

/// What a fit shows for itself.
package struct LawCertificate: Sendable, Equatable {
    /// max over free coordinates of |Σ w ρ′ T′ ∂f| / Σ w |ρ′ T′ ∂f|: 0 at an optimum, 1 far away.
    package let scaledGradient: Double
    /// The condition number of Σ w T′² ∂f ∂fᵀ with a unit diagonal, over free coordinates.
    package let condition: Double
    /// The parameters that trade off most, with their parts in the weakest direction.
    package let weakest: [String]
    /// What was searched.
    package let search: LawSearch
    /// Parameters at a bound that is a law in its own right, such as a floor of 0.
    package let atBound: [String]
    /// Newton steps of the best descent; all evaluations of the law at all points.
    package let iterations, evaluations: Int
    /// Whether the best descent left its start.
    package let didMove: Bool
    /// Whether the curvature is positive in every free direction.
    package let isMinimum: Bool

    /// Descents.
    package var starts: Int { search.starts }
    /// How many descents ended within 10⁻⁶ (relative) of the best.
    package var agreeing: Int { search.agreeing }
    /// Candidates that were screened before.
    package var screened: Int { search.screened }
}

/// What a search did and found besides its best end.
package struct LawSearch: Sendable, Equatable {
    /// Descents, and how many ended within 10⁻⁶ (relative) of the best.
    package let starts, agreeing: Int
    /// Candidates that were screened before.
    package let screened: Int
    /// Other minima within 1 % of the best.
    package let others: [LawMinimum]
}

/// Another minimum of an objective.
package struct LawMinimum: Sendable, Equatable {
    /// Its natural parameters.
    package let natural: [Double]
    /// How much higher the objective is there, as a share of the best.
    package let excess: Double
}
