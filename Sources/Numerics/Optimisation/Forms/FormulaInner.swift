import CKernels

/// What a formula computes with, for coordinates θ.
///
/// A parameter that is no coefficient is θ, or e^θ; a coefficient with a bound above 0 is e^(κ θ). Any other
/// coefficient is θ e^(−Σ κ p) over the other parameters p: κ is how the logarithm of its term goes with
/// them, on average over the points, so that θ is the size of the term there and hardly depends on them. For
/// A/N^α it is A over the geometric mean of N to the α. Any κ gives the same law; a good one makes the valley
/// of a fit straight.
struct FormulaInner {
    /// The values.
    private(set) var values: [Double]
    /// dp/dθ by a parameter's own coordinate.
    private var first: [Double]
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
        for j in form.linearCount..<theta.count where form.places[j].kind == .logarithm {
            let value = Elementary.exp(theta[j])
            (values[j], first[j]) = (value, value)
        }
        for j in 0..<form.linearCount {
            guard case .exponent(let kappa) = form.places[j].kind else { continue }
            let value = Elementary.exp(kappa * theta[j])
            (values[j], first[j]) = (value, kappa * value)
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

    /// The inner values as they are compiled; there are no coordinates yet.
    init(_ form: FormulaForm, _ scale: LawScale) {
        values = []
        first = []
        anchors = FormulaInner.anchors(form, scale)
    }

    /// The inner value of a declared parameter as a node over the coordinates of a block.
    func node(of index: Int, _ form: FormulaForm, _ graph: inout FormulaGraph) -> Int {
        let own = graph.add(.parameter(index))
        switch form.places[form.offsets[index]].kind {
        case .logarithm: return graph.step(BITLAW_STEP_EXP, own)
        case .exponent(let kappa):
            return graph.step(
                BITLAW_STEP_EXP, graph.step(BITLAW_STEP_MULTIPLY, graph.number(kappa), own))
        case .plain, .coefficient: break
        }
        guard index < anchors.count, !anchors[index].isEmpty else { return own }
        var sum = graph.number(0)
        for anchor in anchors[index] {
            let (factor, other) = (
                graph.number(anchor.factor), node(of: anchor.other, form, &graph)
            )
            sum = graph.sum(sum, graph.step(BITLAW_STEP_MULTIPLY, factor, other))
        }
        let size = graph.step(BITLAW_STEP_EXP, graph.negative(sum))
        return graph.step(BITLAW_STEP_MULTIPLY, own, size)
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
            if form.places[form.offsets[k]].isExponent { return [] }
            return (0..<others).compactMap { j in
                let factor = scale.anchors[k * others + j]
                return factor == 0 ? nil : Anchor(other: linear + j, factor: factor)
            }
        }
    }

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
}
