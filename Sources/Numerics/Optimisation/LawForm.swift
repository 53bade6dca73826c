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
    /// How many coordinates, the first ones, are coefficients of terms: for given others they follow.
    var linearCount: Int { get }
    /// Coordinates worth a descent, cheap to make; the fitter screens them by the objective.
    func starts(_ points: ScaledPoints, weights: [Double], isRelative: Bool) -> [[Double]]
    /// Places from which to descend again once a descent ended at θ; for flat directions.
    func alternatives(to theta: [Double], _ scale: LawScale) -> [[Double]]
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
    /// The coordinates of natural parameters: the inverse of ``natural(_:_:)``.
    func coordinates(of natural: [Double], _ scale: LawScale) -> [Double]
}

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

    /// Describes a coordinate.
    package init(
        _ name: String, _ lower: Double, _ upper: Double, isLowerBoundMeant: Bool = false
    ) {
        self.name = name
        self.lower = lower
        self.upper = upper
        self.isLowerBoundMeant = isLowerBoundMeant
    }
}

/// The units of a fit: each input's mean logarithm and range, and the mean logarithm of y.
package struct LawScale: Sendable, Equatable {
    /// Mean log of each input.
    package let inputs: [Double]
    /// Mean log of y.
    package let output: Double
    /// The largest log of each input, less its mean: where coordinates may be anchored.
    package let ends: [Double]

    /// Names units.
    package init(inputs: [Double], output: Double, ends: [Double]? = nil) {
        self.inputs = inputs
        self.output = output
        self.ends = ends ?? inputs.map { _ in 0 }
    }

    /// The unit of y.
    package var y: Double { Elementary.exp(output) }
}

/// Points in scaled units.
package struct ScaledPoints: Sendable {
    /// log(x / unit), one array for each input.
    package let logs: [[Double]]
    /// y / unit; 1 where there is none (for prediction).
    package let y: [Double]
    /// The units.
    package let scale: LawScale

    /// The number of points.
    package var count: Int { y.count }

    /// Scales points by their own geometric means; all numbers are positive.
    package init(x: [[Double]], y: [Double]) {
        let n = Double(max(1, y.count))
        let logX = x.map { $0.map(Elementary.log) }
        let means = logX.map { $0.reduce(0, +) / n }
        let scale = LawScale(
            inputs: means, output: y.map(Elementary.log).reduce(0, +) / n,
            ends: zip(logX, means).map { ($0.max() ?? 0) - $1 })
        self.init(x: x, y: y, scale: scale)
    }

    /// Some of the points, in the same units.
    func subset(_ rows: [Int]) -> ScaledPoints {
        ScaledPoints(
            logs: logs.map { column in rows.map { column[$0] } }, y: rows.map { y[$0] },
            scale: scale)
    }

    private init(logs: [[Double]], y: [Double], scale: LawScale) {
        self.logs = logs
        self.y = y
        self.scale = scale
    }

    /// Scales points by given units.
    package init(x: [[Double]], y: [Double], scale: LawScale) {
        logs = zip(x, scale.inputs).map { column, mean in column.map { Elementary.log($0) - mean } }
        let unit = scale.y
        self.y = y.map { $0 / unit }
        self.scale = scale
    }
}

/// A form's values at points, and what belongs to them; reused from call to call.
package struct LawValues: Sendable {
    /// f, `[n]`.
    package var f: [Double]
    /// ∂f/∂θ, `[n, p]`.
    package var slopes: [Double]
    /// Room for the form's own intermediate results.
    package var basis: Basis

    /// Makes room for n points and p coordinates.
    package init(points n: Int, coordinates p: Int) {
        f = [Double](repeating: 0, count: n)
        slopes = [Double](repeating: 0, count: n * p)
        basis = Basis()
    }
}

extension LawForm {
    /// None.
    package var chance: Double? { nil }

    /// None.
    package var linearCount: Int { 0 }

    /// None.
    package func alternatives(to theta: [Double], _ scale: LawScale) -> [[Double]] { [] }

    /// The number of coordinates.
    package var count: Int { coordinates.count }

    /// Curvature by central differences of the analytic slopes; forms that can do better do.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        let p = theta.count
        var scratch = LawValues(points: points.count, coordinates: p)
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
        var values = LawValues(points: n, coordinates: count)
        evaluate(
            coordinates(of: natural, scale), points, weights: ones, slopes: false, into: &values)
        let unit = scale.y
        return values.f.map { $0 * unit }
    }
}
