/// A law that is a sum of positive terms with linear coefficients: f = Σₖ ±cₖ exp(gₖ(x; η)).
///
/// θ is the coefficients, then η. For fixed η the best coefficients are a linear problem (variable
/// projection: Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973), so only η has to be searched.
package protocol SeparableForm: LawForm {
    /// The sign of each term; its coefficient is at least 0.
    var signs: [Double] { get }
    /// Which coefficients may be negative: floors, where residuals allow them.
    var isFree: [Bool] { get }
    /// The coordinates after the coefficients.
    var nonlinear: [LawCoordinate] { get }
    /// The names of the coefficients.
    var linear: [String] { get }
    /// Fills gₖ and, where asked, its first and second derivatives by η, for rows with a weight.
    func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis)
    /// Values of η that the search starts from.
    func grid(_ points: ScaledPoints) -> [[Double]]
}

/// The terms' logarithms at points, and their derivatives by η.
package struct Basis: Sendable {
    /// gₖ, `[m, n]`.
    package var logs: [Double] = []
    /// exp(gₖ), `[m, n]`.
    package var terms: [Double] = []
    /// ∂gₖ/∂ηⱼ, `[m, q, n]`.
    package var slopes: [Double] = []
    /// ∂²gₖ/∂ηⱼ∂ηₗ for j ≤ l, `[m, q(q+1)/2, n]`; empty where every gₖ is linear in η.
    package var curvatures: [Double] = []

    /// Makes room; keeps what is there when the room is right.
    package mutating func reserve(terms m: Int, eta q: Int, points n: Int, order: Int) {
        if logs.count != m * n {
            logs = [Double](repeating: 0, count: m * n)
            terms = logs
        }
        if order >= 1 && slopes.count != m * q * n {
            slopes = [Double](repeating: 0, count: m * q * n)
        }
    }

    /// Makes room for second derivatives, all 0.
    package mutating func reserveCurvatures(terms m: Int, eta q: Int, points n: Int) {
        let count = m * q * (q + 1) / 2 * n
        if curvatures.count != count { curvatures = [Double](repeating: 0, count: count) }
    }
}

extension SeparableForm {
    /// All coefficients.
    package var linearCount: Int { linear.count }

    /// Coefficients first, then the nonlinear coordinates.
    package var coordinates: [LawCoordinate] {
        zip(linear, isFree).map {
            LawCoordinate($0, $1 ? -.infinity : 0, .infinity, isLowerBoundMeant: true)
        } + nonlinear
    }

    /// None.
    package var isFree: [Bool] { linear.map { _ in false } }

    /// f = Σ ±c exp g; slopes by the chain rule.
    ///
    /// Where slopes are asked, second derivatives of g are left in the basis for
    /// ``addCurvature(_:_:weights:values:into:)``.
    package func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues
    ) {
        let (m, q, n) = (signs.count, nonlinear.count, points.count)
        let p = m + q
        // Taken out, so that the loops below see plain arrays that nothing else holds.
        var basis = Basis()
        swap(&basis, &values.basis)
        basis.reserve(terms: m, eta: q, points: n, order: slopes ? 1 : 0)
        fill(
            Array(theta[m...]), points, weights: weights, order: slopes ? 2 : 0, into: &basis)
        var f: [Double] = []
        swap(&f, &values.f)
        for i in 0..<n { f[i] = 0 }
        let factors = zip(signs, theta).map { $0 * $1 }
        Elementary.map(.exp, basis.logs, into: &basis.terms)
        for k in 0..<m {
            let factor = factors[k]
            for i in 0..<n where weights[i] != 0 { f[i] += factor * basis.terms[k * n + i] }
        }
        swap(&f, &values.f)
        if slopes {
            var rows: [Double] = []
            swap(&rows, &values.slopes)
            let signs = signs
            for i in 0..<n where weights[i] != 0 {
                for j in 0..<q { rows[i * p + m + j] = 0 }
                for k in 0..<m {
                    let term = basis.terms[k * n + i]
                    rows[i * p + k] = signs[k] * term
                    for j in 0..<q {
                        rows[i * p + m + j] +=
                            factors[k] * term * basis.slopes[(k * q + j) * n + i]
                    }
                }
            }
            swap(&rows, &values.slopes)
        }
        swap(&basis, &values.basis)
    }

    /// Analytic: coefficients with η, and η with η.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        let (m, q, n) = (signs.count, nonlinear.count, points.count)
        let p = m + q
        let basis = values.basis
        let pairs = q * (q + 1) / 2
        let signs = signs
        let isBent = !basis.curvatures.isEmpty
        for k in 0..<m {
            let c = theta[k]
            var pair = 0
            for j in 0..<q {
                let row = (k * q + j) * n
                var cross = 0.0
                for i in 0..<n where weights[i] != 0 {
                    cross += weights[i] * basis.terms[k * n + i] * basis.slopes[row + i]
                }
                matrix[k * p + m + j] += signs[k] * cross
                matrix[(m + j) * p + k] += signs[k] * cross
                for l in j..<q {
                    let other = (k * q + l) * n
                    let bend = (k * pairs + pair) * n
                    var sum = 0.0
                    for i in 0..<n where weights[i] != 0 {
                        var second = basis.slopes[row + i] * basis.slopes[other + i]
                        if isBent { second += basis.curvatures[bend + i] }
                        sum += weights[i] * basis.terms[k * n + i] * second
                    }
                    matrix[(m + j) * p + m + l] += signs[k] * c * sum
                    if l != j { matrix[(m + l) * p + m + j] += signs[k] * c * sum }
                    pair += 1
                }
            }
        }
    }

    /// For each η of the grid, the best coefficients of a weighted linear problem.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        grid(points).compactMap { eta in
            project(eta, points, weights: weights, isRelative: isRelative).map { $0 + eta }
        }
    }

    /// The coefficients, none negative but free ones, that minimise Σ w (f − y)², or Σ w (f/y − 1)².
    package func project(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [Double]? {
        let (m, q, n) = (signs.count, nonlinear.count, points.count)
        var basis = Basis()
        basis.reserve(terms: m, eta: q, points: n, order: 0)
        fill(eta, points, weights: weights, order: 0, into: &basis)
        var matrix = [Double](repeating: 0, count: m * m)
        var right = [Double](repeating: 0, count: m)
        var row = [Double](repeating: 0, count: m)
        for i in 0..<n where weights[i] != 0 {
            let y = points.y[i]
            let w = isRelative ? weights[i] / (y * y) : weights[i]
            for k in 0..<m { row[k] = signs[k] * Elementary.exp(basis.logs[k * n + i]) }
            for k in 0..<m {
                right[k] += w * row[k] * y
                for l in 0..<m { matrix[k * m + l] += w * row[k] * row[l] }
            }
        }
        return NonNegativeLeastSquares.solve(matrix, right, isFree: isFree)
    }
}
