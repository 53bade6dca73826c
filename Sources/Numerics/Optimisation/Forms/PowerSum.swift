/// A sum of power laws of the inputs, with or without a floor: most laws of the field.
///
/// Term k is cₖ exp(Σⱼ ηⱼ Σᵢ Mₖⱼᵢ log xᵢ): exponents may be shared by terms and inputs.
package struct PowerSum: SeparableForm {
    /// The name in experiment files.
    package let name: String
    /// The law as text.
    package let formula: String
    /// The inputs' roles.
    package let inputs: [String]
    /// The coefficients' names.
    package let linear: [String]
    /// The exponents.
    package let nonlinear: [LawCoordinate]
    /// The natural parameters.
    package let parameters: [LawParameter]
    /// M, `[term][exponent][input]`.
    let powers: [[[Double]]]
    /// Values of each exponent that the search starts from.
    let exponents: [Double]

    /// Whether a floor may lie below 0.
    private var isFloorFree = false

    init(
        name: String, formula: String, inputs: [String], linear: [String],
        nonlinear: [LawCoordinate], parameters: [LawParameter], powers: [[[Double]]],
        exponents: [Double]
    ) {
        self.name = name
        self.formula = formula
        self.inputs = inputs
        self.linear = linear
        self.nonlinear = nonlinear
        self.parameters = parameters
        self.powers = powers
        self.exponents = exponents
    }

    /// Residuals of y itself leave the sign of a floor, a term without a power, to the points.
    package func fitted(in space: LawObjective.Space) -> any LawForm {
        var form = self
        form.isFloorFree = space == .linear
        return form
    }

    /// Terms without a power, where they are free.
    package var isFree: [Bool] {
        powers.map { isFloorFree && $0.allSatisfy { $0.allSatisfy { $0 == 0 } } }
    }

    /// Every coefficient counts as it is.
    package var signs: [Double] { linear.map { _ in 1 } }

    /// y = A x^(−α); α of either sign.
    package static let powerLaw = PowerSum(
        name: "power-law", formula: "A·x^-alpha", inputs: ["x"], linear: ["A"],
        nonlinear: [LawCoordinate("alpha", -1e7, 1e7)],
        parameters: [
            LawParameter("A", "prefactor", unit: "y·x^alpha", needs: ["alpha"]),
            LawParameter("alpha", "exponent"),
        ], powers: [[[-1]]], exponents: [-1, -0.3, 0.05, 0.1, 0.2, 0.5, 1, 2])

    /// y = E + A x^(−α): M2 of Alabdulmohsin et al., arXiv 2209.06640.
    package static let powerLawWithFloor = PowerSum(
        name: "power-law-with-floor", formula: "E + A·x^-alpha", inputs: ["x"],
        linear: ["E", "A"], nonlinear: [LawCoordinate("alpha", -1e7, 1e7)],
        parameters: [
            LawParameter("E", "floor", unit: "y"),
            LawParameter("A", "prefactor", unit: "y·x^alpha", needs: ["alpha"]),
            LawParameter("alpha", "exponent"),
        ], powers: [[[0]], [[-1]]],
        exponents: [-1, -0.3, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5])

    /// L = E + A N^(−α) + B D^(−β): Hoffmann et al., arXiv 2203.15556, their third approach.
    package static let chinchilla = PowerSum(
        name: "chinchilla", formula: "E + A·N^-alpha + B·D^-beta", inputs: ["N", "D"],
        linear: ["E", "A", "B"],
        nonlinear: [LawCoordinate("alpha", 0, 20), LawCoordinate("beta", 0, 20)],
        parameters: [
            LawParameter("E", "irreducible loss", unit: "y"),
            LawParameter("A", "prefactor of model size", unit: "y·N^alpha", needs: ["alpha"]),
            LawParameter("B", "prefactor of data", unit: "y·D^beta", needs: ["beta"]),
            LawParameter("alpha", "exponent of model size"),
            LawParameter("beta", "exponent of data"),
        ], powers: [[[0, 0], [0, 0]], [[-1, 0], [0, 0]], [[0, 0], [0, -1]]],
        exponents: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2.5])

    /// Chinchilla's law with α = β, for data that cannot tell them apart.
    package static let chinchillaTied = PowerSum(
        name: "chinchilla-tied", formula: "E + A·N^-alpha + B·D^-alpha", inputs: ["N", "D"],
        linear: ["E", "A", "B"], nonlinear: [LawCoordinate("alpha", 0, 20)],
        parameters: [
            LawParameter("E", "irreducible loss", unit: "y"),
            LawParameter("A", "prefactor of model size", unit: "y·N^alpha", needs: ["alpha"]),
            LawParameter("B", "prefactor of data", unit: "y·D^alpha", needs: ["alpha"]),
            LawParameter("alpha", "exponent of both"),
        ], powers: [[[0, 0]], [[-1, 0]], [[0, -1]]],
        exponents: [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2.5])

    /// L = E + (p M^h + q M^(−h)) C^(−h), M = D/N: Gadre et al., arXiv 2403.08540.
    package static let overTraining = PowerSum(
        name: "over-training", formula: "E + (p·M^h + q·M^-h)·C^-h", inputs: ["M", "C"],
        linear: ["E", "p", "q"], nonlinear: [LawCoordinate("h", 0, 20)],
        parameters: [
            LawParameter("E", "irreducible loss", unit: "y"),
            LawParameter(
                "p", "prefactor that grows with tokens a parameter", unit: "y·C^h/M^h", needs: ["h"]
            ),
            LawParameter(
                "q", "prefactor that falls with tokens a parameter", unit: "y·C^h·M^h", needs: ["h"]
            ),
            LawParameter("h", "exponent of compute"),
        ], powers: [[[0, 0]], [[1, -1]], [[-1, -1]]],
        exponents: [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1])

    /// gₖ = Σⱼ ηⱼ Σᵢ Mₖⱼᵢ uᵢ: linear in η.
    package func fill(
        _ eta: [Double], _ points: ScaledPoints, weights: [Double], order: Int,
        into basis: inout Basis
    ) {
        let (n, q) = (points.count, eta.count)
        for k in linear.indices {
            for i in 0..<n { basis.logs[k * n + i] = 0 }
            for j in 0..<q {
                let row = powers[k][j]
                let at = (k * q + j) * n
                if order >= 1 { for i in 0..<n { basis.slopes[at + i] = 0 } }
                for input in row.indices where row[input] != 0 {
                    let power = row[input]
                    let column = points.logs[input]
                    for i in 0..<n {
                        let g = power * column[i]
                        basis.logs[k * n + i] += eta[j] * g
                        if order >= 1 { basis.slopes[at + i] += g }
                    }
                }
            }
        }
    }

    /// The grid; for one power law the straight line through the logarithms, which is the optimum of
    /// squares of log residuals.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        var starts = grid(points).compactMap { eta in
            project(eta, points, weights: weights, isRelative: isRelative).map { $0 + eta }
        }
        if linear.count == 1 && nonlinear.count == 1 && points.y.allSatisfy({ $0 > 0 }) {
            let y = points.y.map(Elementary.log)
            if let line = StraightLine(points.logs[0], y, weights: weights) {
                starts.append([Elementary.exp(line.intercept), -line.slope])
            }
        }
        return starts
    }

    /// Every combination of the starting exponents.
    package func grid(_ points: ScaledPoints) -> [[Double]] {
        nonlinear.reduce([[]]) { grid, _ in grid.flatMap { part in exponents.map { part + [$0] } } }
    }

    /// The exponent of exp(m) that turns a scaled coefficient into the natural one.
    private func shift(_ k: Int, _ eta: ArraySlice<Double>, _ scale: LawScale) -> Double {
        var sum = scale.output
        for (j, exponent) in eta.enumerated() {
            for (input, mean) in scale.inputs.enumerated() {
                sum -= exponent * powers[k][j][input] * mean
            }
        }
        return sum
    }

    /// A coefficient times exp(`log`), without the size of either.
    private static func times(_ coefficient: Double, _ log: Double) -> Double {
        if coefficient == 0 { return 0 }
        let size = Elementary.exp(Elementary.log(coefficient.magnitude) + log)
        return coefficient < 0 ? -size : size
    }

    /// Coefficients in the units of y and the inputs; exponents as they are.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        let eta = theta[linear.count...]
        return linear.indices.map { k in
            PowerSum.times(theta[k], shift(k, eta, scale))
        } + eta
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        let eta = natural[linear.count...]
        return linear.indices.map { k in
            PowerSum.times(natural[k], -shift(k, eta, scale))
        } + eta
    }
}
