/// What a formula computes with, for coordinates θ, and its derivatives by them.
///
/// A parameter that is no coefficient is θ, or e^θ; a coefficient with a bound above 0 is e^(κ θ). Any other
/// coefficient is θ e^(−Σ κ p) over the other parameters p: κ is how the logarithm of its term goes with
/// them, on average over the points, so that θ is the size of the term there and hardly depends on them. For
/// A/N^α it is A over the geometric mean of N to the α. Any κ gives the same law; a good one makes the valley
/// of a fit straight.
struct FormulaInner {
    /// The values.
    private(set) var values: [Double]
    /// dp/dθ and d²p/dθ² by a parameter's own coordinate.
    private var first: [Double]
    private var second: [Double]
    /// For each declared coefficient the other declared parameters with their κ.
    private let anchors: [[Anchor]]

    /// Another parameter, and how the logarithm of the coefficient's term goes with it.
    private struct Anchor {
        let other: Int
        let factor: Double
    }

    init(_ form: FormulaForm, _ theta: [Double], _ scale: LawScale) {
        values = theta
        first = [Double](repeating: 1, count: theta.count)
        second = [Double](repeating: 0, count: theta.count)
        for j in form.linearCount..<theta.count where form.places[j].kind == .logarithm {
            let value = Elementary.exp(theta[j])
            (values[j], first[j], second[j]) = (value, value, value)
        }
        for j in 0..<form.linearCount {
            guard case .exponent(let kappa) = form.places[j].kind else { continue }
            let value = Elementary.exp(kappa * theta[j])
            (values[j], first[j], second[j]) = (value, kappa * value, kappa * kappa * value)
        }
        anchors = FormulaInner.anchors(form, scale)
        for (index, some) in anchors.enumerated() where !some.isEmpty {
            for group in 0..<form.width(index) {
                let k = form.offsets[index] + group
                first[k] = FormulaInner.factor(form, some, group, values)
                values[k] = theta[k] * first[k]
            }
        }
    }

    /// The same with coefficients of 0.
    func withoutCoefficients(_ form: FormulaForm) -> FormulaInner {
        var rest = self
        for j in 0..<form.linearCount {
            rest.values[j] = 0
            if case .exponent = form.places[j].kind { rest.first[j] = 1 }
        }
        return rest
    }

    /// The coordinates of inner values: the inverse.
    static func coordinates(
        _ form: FormulaForm, _ inner: [Double], _ scale: LawScale
    ) -> [Double] {
        var theta = inner
        for (index, some) in anchors(form, scale).enumerated() where !some.isEmpty {
            for group in 0..<form.width(index) {
                let k = form.offsets[index] + group
                theta[k] = inner[k] / factor(form, some, group, inner)
            }
        }
        for j in form.linearCount..<inner.count where form.places[j].kind == .logarithm {
            theta[j] = Elementary.log(inner[j])
        }
        for j in 0..<form.linearCount {
            guard case .exponent(let kappa) = form.places[j].kind else { continue }
            theta[j] = Elementary.log(inner[j]) / kappa
        }
        return theta
    }

    /// e^(−Σ κ p) of a group.
    private static func factor(
        _ form: FormulaForm, _ anchors: [Anchor], _ group: Int, _ values: [Double]
    ) -> Double {
        Elementary.exp(
            -anchors.reduce(0) { $0 + $1.factor * values[form.coordinate($1.other, group)] })
    }

    /// The anchors of all declared parameters; others than coefficients have none.
    ///
    /// Those of a group's coefficient are shared, or belong to the same group.
    private static func anchors(_ form: FormulaForm, _ scale: LawScale) -> [[Anchor]] {
        guard !scale.anchors.isEmpty else { return [] }
        let linear = form.linearParameters
        let others = form.declared.count - linear
        return (0..<linear).map { k in
            (0..<others).compactMap { j in
                let factor = scale.anchors[k * others + j]
                return factor == 0 ? nil : Anchor(other: linear + j, factor: factor)
            }
        }
    }

    /// Adds slopes by a declared parameter's inner value to those by coordinates, `[n, width]`.
    func addSlopes(
        _ slope: [Double], by index: Int, in block: LawBlocks.Block, to rows: inout [Double]
    ) {
        let (k, width) = (block.coordinates[index], block.coordinates.count)
        Elementwise.add(
            slope, times: first[k], at: block.rows, to: &rows, column: index, width: width)
        guard index < anchors.count else { return }
        for anchor in anchors[index] {
            let factor = values[k] * anchor.factor * first[block.coordinates[anchor.other]]
            Elementwise.add(
                slope, times: -factor, at: block.rows, to: &rows, column: anchor.other,
                width: width)
        }
    }

    /// The slope of a coefficient's inner value by its coordinate.
    func slope(of place: Int) -> Double { first[place] }

    /// How the inner values move along a direction of coordinates.
    func moves(_ direction: [Double], _ form: FormulaForm) -> [Double] {
        var moves = zip(direction, first).map { $0 * $1 }
        for (index, some) in anchors.enumerated() {
            for group in 0..<form.width(index) {
                let k = form.offsets[index] + group
                for anchor in some {
                    let j = form.coordinate(anchor.other, group)
                    moves[k] -= direction[j] * values[k] * anchor.factor * first[j]
                }
            }
        }
        return moves
    }

    /// Adds JᵀHJ and what the coordinates are bent by, given H and the gradient by a block's inner values.
    func addCurvature(
        _ inner: [Double], gradient: [Double], in block: LawBlocks.Block,
        into matrix: inout [Double]
    ) {
        let (p, w) = (values.count, block.coordinates.count)
        let places = block.coordinates
        // H J, then Jᵀ of that: J has few entries beside its diagonal.
        var right = [Double](repeating: 0, count: w * w)
        for a in 0..<w {
            for b in 0..<w where inner[a * w + b] != 0 {
                add(inner[a * w + b], by: b, in: places, to: &right, at: a * w)
            }
        }
        var column = [Double](repeating: 0, count: w)
        for b in 0..<w {
            for a in 0..<w { column[a] = 0 }
            for a in 0..<w where right[a * w + b] != 0 {
                add(right[a * w + b], by: a, in: places, to: &column, at: 0)
            }
            for a in 0..<w { matrix[places[a] * p + places[b]] += column[a] }
        }
        for (a, k) in places.enumerated() {
            matrix[k * p + k] += gradient[a] * second[k]
            guard a < anchors.count else { continue }
            for anchor in anchors[a] {
                let (j, slope) = (places[anchor.other], gradient[a] * values[k] * anchor.factor)
                let cross = -gradient[a] * first[k] * anchor.factor * first[j]
                matrix[k * p + j] += cross
                matrix[j * p + k] += cross
                matrix[j * p + j] -= slope * second[j]
                for other in anchors[a] {
                    let l = places[other.other]
                    matrix[j * p + l] += slope * first[j] * other.factor * first[l]
                }
            }
        }
    }

    /// Adds the slope by an inner value of a block to a row of slopes by its coordinates.
    @inline(__always)
    private func add(
        _ slope: Double, by index: Int, in places: [Int], to row: inout [Double], at start: Int
    ) {
        let k = places[index]
        row[start + index] += slope * first[k]
        guard index < anchors.count else { return }
        for anchor in anchors[index] {
            row[start + anchor.other] -=
                slope * values[k] * anchor.factor * first[places[anchor.other]]
        }
    }
}
