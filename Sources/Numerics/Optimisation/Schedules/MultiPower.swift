/// The multi-power law of learning-rate schedules:
/// L(t) = L0 + A S₁(t)^−α − B Σₖ (η_{k−1} − η_k)(1 − (1 + C η_k^−γ Sₖ(t))^−β).
///
/// S₁ is the sum of η up to t, Sₖ that from k to t; k runs over all steps up to t at which η changes. Slopes
/// and curvature are exact; C is searched as the logarithm of C η^−γ S at the largest η and the mean S₁.
/// Source: Luo et al., arXiv 2503.12811, equation 3.
///
/// - Complexity: an evaluation costs the number of changes before each point, summed over the points.
package struct MultiPower: LawForm {
    /// `multi-power`.
    package let name = "multi-power"
    /// The law as text.
    package let formula =
        "L0 + A·S1^-alpha - B·sum((eta_before - eta)·(1 - (1 + C·eta^-gamma·S)^-beta))"
    /// The number of the schedule, and the step in it.
    package let inputs = ["curve", "step"]
    /// L0, A, B, α, C, β, γ.
    package let parameters = [
        LawParameter("L0", "floor", unit: "y"), LawParameter("A", "size of the first power law"),
        LawParameter("B", "worth of a falling rate"), LawParameter("alpha", "exponent of the sum"),
        LawParameter("C", "how fast a fall pays"), LawParameter("beta", "exponent of a fall"),
        LawParameter("gamma", "exponent of the rate"),
    ]
    /// The schedule of each curve.
    package let schedules: [RateSchedule]
    /// The logarithm of the largest rate.
    private let top: Double

    /// The law for schedules.
    package init(_ schedules: [RateSchedule]) {
        self.schedules = schedules
        top = Elementary.log(schedules.flatMap { $0.rates }.max() ?? 1)
    }

    /// L0, A and B are coefficients.
    package var linearCount: Int { 3 }
    /// Curves and steps are counted from 0.
    package var takesPositiveInputsOnly: Bool { false }

    /// L0, A and B of at least 0; the others within what a search covers.
    package var coordinates: [LawCoordinate] {
        ["L0", "A", "B"].map { LawCoordinate($0, 0, .infinity, isLowerBoundMeant: true) } + [
            LawCoordinate("alpha", 0.01, 5), LawCoordinate("C", -30, 30),
            LawCoordinate("beta", -6, 6), LawCoordinate("gamma", -5, 5),
        ]
    }

    /// The mean logarithms of S₁ and of y.
    package func units(x: [[Double]], y: [Double]) -> LawScale {
        let n = Double(max(1, y.count))
        let sums = zip(x[0], x[1]).map { Elementary.log(schedules[Int($0)].sums[Int($1)]) }
        return LawScale(
            inputs: [sums.reduce(0, +) / n, 0],
            output: y.map(Elementary.log).reduce(0, +) / n)
    }

    /// Exponents and rates of decay on a grid, with the best coefficients.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        var found: [[Double]] = []
        var room = LawValues(self, points)
        for decay in [-3.0, 0, 2] {
            for beta in [-1.3, -0.5] {
                for gamma in [0.4, 0.8, 1.4] {
                    for alpha in [0.35, 0.6] {
                        let theta = [0, 1, 1, alpha, decay, beta, gamma]
                        evaluate(theta, points, weights: weights, slopes: true, into: &room)
                        if let c = coefficients(room, points, weights, isRelative) {
                            found.append(c + theta[3...])
                        }
                    }
                }
            }
        }
        return found
    }

    /// The coefficients, none negative, that fit best for given others; slopes along them are the terms.
    private func coefficients(
        _ values: LawValues, _ points: ScaledPoints, _ weights: [Double], _ isRelative: Bool
    ) -> [Double]? {
        var matrix = [Double](repeating: 0, count: 9)
        var right = [Double](repeating: 0, count: 3)
        for i in 0..<points.count where weights[i] != 0 {
            let y = points.y[i]
            let w = isRelative ? weights[i] / (y * y) : weights[i]
            let row = i * count
            for k in 0..<3 {
                right[k] += w * values.slopes[row + k] * y
                for l in 0..<3 {
                    matrix[k * 3 + l] += w * values.slopes[row + k] * values.slopes[row + l]
                }
            }
        }
        return NonNegativeLeastSquares.solve(matrix, right)
    }

    /// f and its slopes; what a fall was worth, and how that bends, stays in the values' basis.
    package func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues
    ) {
        let n = points.count
        if slopes && values.basis.curvatures.count != 9 * n {
            values.basis.curvatures = [Double](repeating: 0, count: 9 * n)
        }
        let rates = schedules.map {
            MultiPowerRates($0, theta, top: top, center: points.scale.inputs[0])
        }
        var room = MultiPowerRoom()
        for i in 0..<n where weights[i] != 0 {
            let curve = Int(points.columns[0][i])
            let step = Int(points.columns[1][i])
            let gain = room.gain(rates[curve], schedules[curve], step, hasSlopes: slopes)
            let s = Elementary.log(schedules[curve].sums[step]) - points.scale.inputs[0]
            let power = Elementary.exp(-theta[3] * s)
            values.f[i] = theta[0] + theta[1] * power - theta[2] * gain.value
            guard slopes else { continue }
            let row = i * 7
            values.slopes[row] = 1
            values.slopes[row + 1] = power
            values.slopes[row + 2] = -gain.value
            values.slopes[row + 3] = -theta[1] * s * power
            for j in 0..<3 { values.slopes[row + 4 + j] = -theta[2] * gain.first[j] }
            for j in 0..<3 { values.basis.curvatures[9 * i + j] = gain.first[j] }
            for j in 0..<6 { values.basis.curvatures[9 * i + 3 + j] = gain.second[j] }
        }
    }

    /// Exact.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        func add(_ j: Int, _ k: Int, _ value: Double) {
            matrix[j * 7 + k] += value
            if j != k { matrix[k * 7 + j] += value }
        }
        for i in 0..<points.count where weights[i] != 0 {
            let w = weights[i]
            let curve = Int(points.columns[0][i])
            let sum = schedules[curve].sums[Int(points.columns[1][i])]
            let s = Elementary.log(sum) - points.scale.inputs[0]
            let power = values.slopes[7 * i + 1]
            add(1, 3, -w * s * power)
            add(3, 3, w * theta[1] * s * s * power)
            var pair = 3
            for j in 0..<3 {
                add(2, 4 + j, -w * values.basis.curvatures[9 * i + j])
                for k in j..<3 {
                    add(4 + j, 4 + k, -w * theta[2] * values.basis.curvatures[9 * i + pair])
                    pair += 1
                }
            }
        }
    }

    /// The published numbers.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        [
            theta[0] * scale.y,
            theta[1] * Elementary.exp(scale.output + theta[3] * scale.inputs[0]),
            theta[2] * Elementary.exp(scale.output - top), theta[3],
            Elementary.exp(theta[4] + theta[6] * top - scale.inputs[0]), Elementary.exp(theta[5]),
            theta[6],
        ]
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        [
            natural[0] / scale.y,
            natural[1] / Elementary.exp(scale.output + natural[3] * scale.inputs[0]),
            natural[2] / Elementary.exp(scale.output - top), natural[3],
            Elementary.log(natural[4]) - natural[6] * top + scale.inputs[0],
            Elementary.log(natural[5]), natural[6],
        ]
    }
}
