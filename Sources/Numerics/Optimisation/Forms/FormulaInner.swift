/// What a formula computes with, for coordinates θ, and its derivatives by them.
///
/// A parameter that is no coefficient is θ, or e^θ. A coefficient is θ e^(−Σ κ p) over the other parameters
/// p: κ is how the logarithm of its term goes with them, on average over the points, so that θ is the size
/// of the term there and hardly depends on them. For A/N^α it is A over the geometric mean of N to the α.
/// Any κ gives the same law; a good one makes the valley of a fit straight.
struct FormulaInner {
    /// The values.
    private(set) var values: [Double]
    /// dp/dθ and d²p/dθ² by a parameter's own coordinate.
    private var first: [Double]
    private var second: [Double]
    /// For each coefficient the other coordinates with their κ.
    private let anchors: [[(place: Int, factor: Double)]]

    init(_ form: FormulaForm, _ theta: [Double], _ scale: LawScale) {
        values = theta
        first = theta.map { _ in 1 }
        second = theta.map { _ in 0 }
        for j in form.linearCount..<theta.count where form.places[j].kind == .logarithm {
            let value = Elementary.exp(theta[j])
            (values[j], first[j], second[j]) = (value, value, value)
        }
        anchors = FormulaInner.anchors(form, scale)
        for k in anchors.indices where !anchors[k].isEmpty {
            first[k] = FormulaInner.factor(anchors[k], values)
            values[k] = theta[k] * first[k]
        }
    }

    /// The coordinates of inner values: the inverse.
    static func coordinates(
        _ form: FormulaForm, _ inner: [Double], _ scale: LawScale
    ) -> [Double] {
        var theta = inner
        for (k, anchor) in anchors(form, scale).enumerated() where !anchor.isEmpty {
            theta[k] = inner[k] / factor(anchor, inner)
        }
        for j in form.linearCount..<inner.count where form.places[j].kind == .logarithm {
            theta[j] = Elementary.log(inner[j])
        }
        return theta
    }

    /// e^(−Σ κ p).
    private static func factor(
        _ anchor: [(place: Int, factor: Double)], _ values: [Double]
    ) -> Double {
        Elementary.exp(-anchor.reduce(0) { $0 + $1.factor * values[$1.place] })
    }

    /// The anchors of all coefficients; of a group's coefficient only those of the same group.
    private static func anchors(
        _ form: FormulaForm, _ scale: LawScale
    ) -> [[(place: Int, factor: Double)]] {
        var anchors = [[(place: Int, factor: Double)]](repeating: [], count: form.linearCount)
        guard !scale.anchors.isEmpty else { return anchors }
        let linear = form.declared.indices.filter { form.offsets[$0] < form.linearCount }.count
        let others = form.declared.count - linear
        for k in 0..<linear {
            for j in 0..<others {
                let factor = scale.anchors[k * others + j]
                let (one, other) = (form.declared[k], form.declared[linear + j])
                if factor == 0 { continue }
                for group in one.names.indices {
                    let step = other.groupInput == nil ? 0 : group
                    anchors[form.offsets[k] + group].append(
                        (form.offsets[linear + j] + step, factor))
                }
            }
        }
        return anchors
    }

    /// Adds the slope by an inner value to the slopes by coordinates, `rows[start...]`.
    @inline(__always)
    func add(_ slope: Double, by place: Int, to rows: inout [Double], at start: Int) {
        rows[start + place] += slope * first[place]
        guard place < anchors.count else { return }
        for (j, factor) in anchors[place] {
            rows[start + j] -= slope * values[place] * factor * first[j]
        }
    }

    /// How an inner value moves along a direction of coordinates.
    func move(_ place: Int, _ direction: [Double]) -> Double {
        var sum = direction[place] * first[place]
        guard place < anchors.count else { return sum }
        for (j, factor) in anchors[place] {
            sum -= direction[j] * values[place] * factor * first[j]
        }
        return sum
    }

    /// Adds JᵀHJ and what the coordinates are bent by, given H and the gradient by inner values.
    func addCurvature(
        _ inner: [Double], gradient: [Double], into matrix: inout [Double]
    ) {
        let p = values.count
        // H J, row by row, then Jᵀ of that: J has few entries beside its diagonal.
        var right = [Double](repeating: 0, count: p * p)
        for a in 0..<p {
            for b in 0..<p where inner[a * p + b] != 0 {
                add(inner[a * p + b], by: b, to: &right, at: a * p)
            }
        }
        var column = [Double](repeating: 0, count: p)
        for b in 0..<p {
            for j in 0..<p { column[j] = 0 }
            for a in 0..<p where right[a * p + b] != 0 {
                add(right[a * p + b], by: a, to: &column, at: 0)
            }
            for j in 0..<p { matrix[j * p + b] += column[j] }
        }
        for k in 0..<p {
            matrix[k * p + k] += gradient[k] * second[k]
            guard k < anchors.count else { continue }
            for (j, factor) in anchors[k] {
                let cross = -gradient[k] * first[k] * factor * first[j]
                matrix[k * p + j] += cross
                matrix[j * p + k] += cross
                matrix[j * p + j] -= gradient[k] * values[k] * factor * second[j]
                for (l, other) in anchors[k] {
                    matrix[j * p + l] +=
                        gradient[k] * values[k] * factor * first[j] * other * first[l]
                }
            }
        }
    }
}
