/// What is known of a natural parameter before the fit: it, or its logarithm, is normal.
///
/// A fit with priors minimises the objective + σ² Σ ((p − μ)/τ)² for squares, + ½ σ² Σ … for Huber's loss,
/// and + ½ b Σ … for absolute residuals, where σ, or b, is the size of a residual: twice σ² times the
/// negative logarithm of the posterior, for squares.
package struct LawPrior: Sendable, Equatable {
    /// The natural parameter.
    package let name: String
    /// μ and τ.
    package let mean, deviation: Double
    /// Whether the logarithm is normal.
    package let isLogarithm: Bool

    /// States a prior.
    package init(_ name: String, mean: Double, deviation: Double, isLogarithm: Bool = false) {
        self.name = name
        self.mean = mean
        self.deviation = deviation
        self.isLogarithm = isLogarithm
    }

    /// (p − μ)/τ.
    package func distance(_ natural: Double) -> Double {
        ((isLogarithm ? Elementary.log(natural) : natural) - mean) / deviation
    }

    /// The term that it adds to a fit.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - scale: the units of the fit.
    ///   - size: σ, or b, in the units of the residuals.
    ///   - objective: what is minimised.
    /// - Returns: `nil` for a name that the form lacks.
    func constraint(
        _ form: any LawForm, _ scale: LawScale, size: Double, _ objective: LawObjective
    ) -> SoftConstraint? {
        guard let place = form.parameters.firstIndex(where: { $0.name == name }) else { return nil }
        let isLogarithm = isLogarithm
        let function = LawFunction(form, dependingOn: form.coordinates(ofNatural: place)) { theta in
            let value = form.natural(theta, scale)[place]
            return isLogarithm ? Elementary.log(value) : value
        }
        // Linear residuals are counted in the unit of y.
        let size = objective.isLinear ? size / scale.y : size
        let isAbsolute = objective.loss == .absolute
        return SoftConstraint(
            function, center: mean,
            strength: (isAbsolute ? size : size * size) / (deviation * deviation),
            scale: isAbsolute ? .absolute : .squares)
    }
}

extension FittedLaw {
    /// The size of a residual, for priors: √(RSS/(n − p)), 1.4826 times the median of |r| for Huber's loss,
    /// the mean of |r| for absolute residuals; 0 without a degree of freedom.
    package var residualSize: Double {
        let n = residuals.count
        guard n > freeCount else { return 0 }
        switch objective.loss {
        case .squares: return (value / Double(n - freeCount)).squareRoot()
        case .huber:
            return 1.4826 * BootstrapInterval.quantile(residuals.map { $0.magnitude }.sorted(), 0.5)
        case .absolute: return residuals.reduce(0) { $0 + $1.magnitude } / Double(n)
        }
    }
}
