/// A family of scaling laws, y = f(x; θ): what it is called, what it fits, how it is evaluated.
///
/// A form works in scaled units: every input is divided by its geometric mean over the points, y by
/// its own. So θ, its coordinates, are of order one whatever the units are, and the condition number
/// of a fit says something about the data. People see the natural parameters instead.
///
/// Adding a form is a file: name, formula, parameters, coordinates, values and slopes.
/// ``SeparableForm`` does most of it for sums of terms with linear coefficients.
package protocol LawForm: Sendable {
    /// The name in experiment files, such as `chinchilla`.
    var name: String { get }
    /// The law as text, in its inputs and natural parameters.
    var formula: String { get }
    /// The inputs' roles, such as `N` and `D`.
    var inputs: [String] { get }
    /// The natural parameters, in the order of ``natural(_:_:)``.
    var parameters: [LawParameter] { get }
    /// The coordinates, in the order of θ.
    var coordinates: [LawCoordinate] { get }
    /// The level that no y reaches, in the unit of y, such as the error of guessing; `nil` where the form has
    /// none, or fits it.
    var chance: Double? { get }
    /// The number of coordinates.
    var count: Int { get }
    /// How many coordinates, the first ones, are coefficients of terms: for given others they follow.
    var linearCount: Int { get }
    /// The form with the bounds that residuals of a space leave it: a floor below 0 has no logarithm.
    func fitted(in space: LawObjective.Space) -> any LawForm
    /// The same law in coordinates with fewer bounds, in which a descent is shorter: its minimum is the law's
    /// where it lies within the law's own bounds.
    var relaxed: (any LawForm)? { get }
    /// Whether the inputs have to be positive, as laws that are powers of them need.
    var takesPositiveInputsOnly: Bool { get }
    /// A refusal where the form is no number at an input, whatever its parameters are.
    func undefined(_ x: [[Double]]) -> LawRefusal?
    /// The units in which points are fitted.
    func units(x: [[Double]], y: [Double]) -> LawScale
    /// Coordinates worth a descent, cheap to make; the fitter screens them by the objective.
    func starts(_ points: ScaledPoints, weights: [Double], isRelative: Bool) -> [[Double]]
    /// A direction of coordinates as moves of what people know: of natural parameters, or their logarithms.
    func moves(_ direction: [Double], at theta: [Double], _ scale: LawScale) -> [LawMove]
    /// Places from which to descend again once a descent ended at θ; for flat directions.
    func alternatives(to theta: [Double], _ scale: LawScale) -> [[Double]]
    /// Which coordinates each point touches.
    func blocks(_ points: ScaledPoints) -> LawBlocks
    /// The sums that an objective is.
    func sums(_ of: ObjectivePoints) -> any ObjectiveSums
    /// Fills values, and slopes ∂f/∂θ where asked, for rows whose weight is not 0.
    func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues)
    /// Adds Σᵢ wᵢ ∂²f/∂θ² to a symmetric `[p, p]` matrix; `values` hold this θ's slopes.
    func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double])
    /// The natural parameters of coordinates.
    func natural(_ theta: [Double], _ scale: LawScale) -> [Double]
    /// The coordinates that a natural parameter depends on.
    func coordinates(ofNatural place: Int) -> [Int]
    /// The coordinates of natural parameters: the inverse of ``natural(_:_:)``.
    func coordinates(of natural: [Double], _ scale: LawScale) -> [Double]
}

/// A form's values at points, and what belongs to them; reused from call to call.
package struct LawValues: Sendable {
    /// f, `[n]`.
    package var f: [Double]
    /// ∂f/∂θ by the coordinates that a point touches, `[n, width of the blocks]`.
    package var slopes: [Double]
    /// Which those are.
    package let blocks: LawBlocks
    /// Room for the intermediate results of a sum of terms.
    package var basis: Basis
    /// What a form keeps from call to call.
    var kept: (any Sendable)?

    /// Makes room for a form at points.
    package init(_ form: some LawForm, _ points: ScaledPoints) {
        blocks = form.blocks(points)
        f = [Double](repeating: 0, count: points.count)
        slopes = [Double](repeating: 0, count: points.count * blocks.width)
        basis = Basis()
    }
}

extension LawForm {
    /// None.
    package var chance: Double? { nil }

    /// The same in every space.
    package func fitted(in space: LawObjective.Space) -> any LawForm { self }

    /// None.
    package var linearCount: Int { 0 }

    /// None.
    package var relaxed: (any LawForm)? { nil }

    /// Most laws are powers.
    package var takesPositiveInputsOnly: Bool { true }

    /// None.
    package func undefined(_ x: [[Double]]) -> LawRefusal? { nil }

    /// Every point touches all.
    package func blocks(_ points: ScaledPoints) -> LawBlocks {
        LawBlocks(points: points.count, coordinates: count)
    }

    /// From values and slopes at each point.
    package func sums(_ of: ObjectivePoints) -> any ObjectiveSums { PointwiseSums(self, of) }

    /// Geometric means.
    package func units(x: [[Double]], y: [Double]) -> LawScale { LawScale(means: x, y) }

    /// Its own, and those of the parameters that its unit needs.
    package func coordinates(ofNatural place: Int) -> [Int] {
        let names = parameters[place].needs + [parameters[place].name]
        return coordinates.indices.filter { names.contains(coordinates[$0].name) }
    }

    /// Coefficients move by factors, all else as it is.
    package func moves(
        _ direction: [Double], at theta: [Double], _ scale: LawScale
    ) -> [LawMove] {
        coordinates.enumerated().map { j, coordinate in
            guard j < linearCount, theta[j] > 0 else {
                return LawMove(name: coordinate.name, part: direction[j])
            }
            return LawMove(name: "log \(coordinate.name)", part: direction[j] / theta[j])
        }
    }

    /// None.
    package func alternatives(to theta: [Double], _ scale: LawScale) -> [[Double]] { [] }

    /// The number of coordinates.
    package var count: Int { coordinates.count }

    /// Curvature by central differences of the analytic slopes; forms that can do better do.
    ///
    /// For forms of which every point touches all coordinates.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        let p = theta.count
        var scratch = LawValues(self, points)
        var columns = [Double](repeating: 0, count: p * p)
        for j in 0..<p {
            let step = 1e-5 * max(1e-2, theta[j].magnitude)
            // One-sided at a bound, so that no form is asked outside of its range.
            let high = min(coordinates[j].upper, theta[j] + step)
            let low = max(coordinates[j].lower, theta[j] - step)
            for (place, sign) in [(high, 1.0), (low, -1.0)] {
                var moved = theta
                moved[j] = place
                evaluate(moved, points, weights: weights, slopes: true, into: &scratch)
                for i in 0..<points.count where weights[i] != 0 {
                    for k in 0..<p {
                        columns[j * p + k] += sign * weights[i] * scratch.slopes[i * p + k]
                    }
                }
            }
            for k in 0..<p { columns[j * p + k] /= high - low }
        }
        for j in 0..<p {
            for k in 0..<p {
                matrix[j * p + k] += 0.5 * (columns[j * p + k] + columns[k * p + j])
            }
        }
    }

    /// The law's value at natural inputs, one column for each input.
    package func predict(_ natural: [Double], _ x: [[Double]], _ scale: LawScale) -> [Double] {
        let n = x.first?.count ?? 0
        let ones = [Double](repeating: 1, count: n)
        let points = ScaledPoints(x: x, y: ones, scale: scale)
        var values = LawValues(self, points)
        evaluate(
            coordinates(of: natural, scale), points, weights: ones, slopes: false, into: &values)
        let unit = scale.y
        return values.f.map { $0 * unit }
    }
}
