/// A number that a law's coordinates decide: a parameter, a prediction, an exponent that follows.
package struct LawFunction: Sendable {
    private let of: @Sendable ([Double]) -> Double
    /// The coordinates' bounds, which no difference leaves.
    private let bounds: [LawCoordinate]

    /// Wraps a function of the coordinates of `form`; it may give `nan` where it is not defined.
    ///
    /// Slopes and curvature are central differences, good to about 10⁻⁹ and 10⁻⁶ of what they are.
    package init(_ form: any LawForm, _ of: @escaping @Sendable ([Double]) -> Double) {
        self.of = of
        bounds = form.coordinates
    }

    /// The function at θ.
    package func value(_ theta: [Double]) -> Double { of(theta) }

    /// ∂g/∂θ at θ; 0 for coordinates that are held.
    func slopes(_ theta: [Double], held: [Bool]) -> [Double] {
        theta.indices.map { j in
            if held[j] { return 0 }
            let (low, high) = ends(theta[j], j, relative: 1e-5)
            return (moved(theta, j, to: high) - moved(theta, j, to: low)) / (high - low)
        }
    }

    /// ∂²g/∂θ² at θ, `[p, p]`; 0 for coordinates that are held.
    func curvature(_ theta: [Double], held: [Bool]) -> [Double] {
        let p = theta.count
        var matrix = [Double](repeating: 0, count: p * p)
        for j in theta.indices where !held[j] {
            let (low, high) = ends(theta[j], j, relative: 1e-3)
            var place = theta
            place[j] = high
            let above = slopes(place, held: held)
            place[j] = low
            let below = slopes(place, held: held)
            for k in 0..<p {
                let half = 0.5 * (above[k] - below[k]) / (high - low)
                matrix[j * p + k] += half
                matrix[k * p + j] += half
            }
        }
        return matrix
    }

    /// Two places around a coordinate, within its bounds.
    private func ends(_ place: Double, _ j: Int, relative: Double) -> (Double, Double) {
        let step = relative * max(1e-2, place.magnitude)
        return (max(bounds[j].lower, place - step), min(bounds[j].upper, place + step))
    }

    private func moved(_ theta: [Double], _ j: Int, to place: Double) -> Double {
        var theta = theta
        theta[j] = place
        return of(theta)
    }
}
