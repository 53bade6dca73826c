/// A number that a law's coordinates decide: a parameter, a prediction, an exponent that follows.
package struct LawFunction: Sendable {
    /// ∂g/∂θ, `[p]`, and ∂²g/∂θ², `[p, p]`.
    typealias Derivatives = (slopes: [Double], curvature: [Double])

    private let of: @Sendable ([Double]) -> Double
    private let derive: @Sendable ([Double], [Bool]) -> Derivatives

    /// Wraps a function of the coordinates of `form`; it may give `nan` where it is not defined.
    ///
    /// Slopes and curvature are central differences, good to about 10⁻⁹ and 10⁻⁶ of what they are.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - coordinates: those that the function depends on; `nil` for all.
    ///   - of: the function.
    package init(
        _ form: any LawForm, dependingOn coordinates: [Int]? = nil,
        _ of: @escaping @Sendable ([Double]) -> Double
    ) {
        self.of = of
        let bounds = form.coordinates
        let differences = Differences(
            of: of, bounds: bounds, depends: coordinates ?? Array(bounds.indices))
        derive = { theta, held in
            (differences.slopes(theta, held), differences.curvature(theta, held))
        }
    }

    /// A coordinate itself.
    package static func coordinate(_ place: Int) -> LawFunction {
        LawFunction(
            of: { $0[place] },
            derive: { theta, _ in
                let p = theta.count
                var slopes = [Double](repeating: 0, count: p)
                slopes[place] = 1
                return (slopes, [Double](repeating: 0, count: p * p))
            })
    }

    /// What the law says at `x`, a value for each input, or its logarithm; exact derivatives.
    package static func prediction(
        _ form: any LawForm, at x: [Double], _ scale: LawScale, isLog: Bool
    ) -> LawFunction {
        let place = ScaledPoints(x: x.map { [$0] }, y: [1], scale: scale)
        let unit = isLog ? scale.output : scale.y
        return LawFunction(
            of: { theta in
                var values = LawValues(form, place)
                form.evaluate(theta, place, weights: [1], slopes: false, into: &values)
                return isLog ? Elementary.log(values.f[0]) + unit : values.f[0] * unit
            },
            derive: { theta, _ in
                let p = theta.count
                var values = LawValues(form, place)
                form.evaluate(theta, place, weights: [1], slopes: true, into: &values)
                var curvature = [Double](repeating: 0, count: p * p)
                form.addCurvature(theta, place, weights: [1], values: values, into: &curvature)
                let factor = isLog ? 1 / values.f[0] : unit
                let slopes = values.blocks.spread(values.slopes, over: p).map {
                    $0 * factor
                }
                for j in 0..<p {
                    for k in 0..<p {
                        curvature[j * p + k] *= factor
                        if isLog { curvature[j * p + k] -= slopes[j] * slopes[k] }
                    }
                }
                return (slopes, curvature)
            })
    }

    private init(
        of: @escaping @Sendable ([Double]) -> Double,
        derive: @escaping @Sendable ([Double], [Bool]) -> Derivatives
    ) {
        self.of = of
        self.derive = derive
    }

    /// The function at θ.
    package func value(_ theta: [Double]) -> Double { of(theta) }

    /// Slopes and curvature at θ; those along held coordinates mean nothing.
    func derivatives(_ theta: [Double], held: [Bool]) -> Derivatives { derive(theta, held) }
}

/// Derivatives of a function that is known by its values alone.
private struct Differences: Sendable {
    let of: @Sendable ([Double]) -> Double
    /// The coordinates' bounds, which no difference leaves.
    let bounds: [LawCoordinate]
    /// The coordinates that it depends on.
    let depends: [Int]

    func slopes(_ theta: [Double], _ held: [Bool]) -> [Double] {
        var slopes = [Double](repeating: 0, count: theta.count)
        for j in depends where !held[j] {
            let (low, high) = ends(theta[j], j, relative: 1e-5)
            slopes[j] = (moved(theta, j, to: high) - moved(theta, j, to: low)) / (high - low)
        }
        return slopes
    }

    func curvature(_ theta: [Double], _ held: [Bool]) -> [Double] {
        let p = theta.count
        var matrix = [Double](repeating: 0, count: p * p)
        for j in depends where !held[j] {
            let (low, high) = ends(theta[j], j, relative: 1e-3)
            var place = theta
            place[j] = high
            let above = slopes(place, held)
            place[j] = low
            let below = slopes(place, held)
            for k in depends {
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
