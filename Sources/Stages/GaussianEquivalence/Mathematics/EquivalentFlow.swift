package import Numerics

/// The closed equations of one-pass SGD on the Gaussian model, Runge and Kutta's method of fourth order.
///
/// They are ``CommitteeFlow`` in the eigenvectors ψ of Ω (eigenvalues ρ) with W_k = ψ·w_k and the teacher's
/// linear part θ_m = √(N/D) ψ·Φ B_m/ρ: r = W θ, q = W W, t = θ θ. What x cannot linearly tell of the
/// teacher enters through T = B Bᵀ/D alone. The second layer: dv_i/dt = η (Σ_n I2(i, n) − Σ_k v_k I2(i, k)).
/// Derivation ours; the same content as the authors' deepgen_ode.cpp in other coordinates.
package struct EquivalentFlow {
    /// What of the equations is integrated.
    package enum Manner: String, CaseIterable, Sendable {
        /// The first layer learns; the second too; the first without the term of order η².
        case first, both, flow
    }

    /// Time.
    package private(set) var time = 0.0
    private let equations: CommitteeFlow
    private let manner: Manner
    private let rate, longest: Double
    /// r and q of each eigenvector, and v.
    private let state: Buffer<Double>
    private var outer: [Double]
    private let stage: Buffer<Double>
    private let slopes: [Buffer<Double>]

    /// Begins at the instance's start, v = 1; steps are at most `step` long.
    ///
    /// - Throws: ``NumericsError`` as ``EigenDecomposition``.
    package init(
        _ instance: EquivalenceInstance, rate: Double, manner: Manner = .first, step: Double = 0.02,
        arithmetic: Arithmetic
    ) throws(NumericsError) {
        let (n, k, m) = (instance.model.inputs, instance.students, instance.teachers)
        let eigen = try EigenDecomposition(
            instance.model.covariance(arithmetic), order: n, arithmetic: arithmetic)
        func along(_ columns: MatrixPlace<Double>, _ count: Int) -> Buffer<Double> {
            let result = Buffer<Double>(count: n * count)
            arithmetic.product(
                m: n, n: count, k: n, MatrixPlace(eigen.vectors, stride: n), columns,
                into: MatrixPlace(result, stride: count))
            return result
        }
        let w = along(MatrixPlace(Buffer(instance.start), stride: n, isTransposed: true), k)
        let crossed = Buffer(instance.model.crossed(instance.teacher))
        let theta = along(MatrixPlace(crossed, stride: m), m)
        let scale = (Double(n) / Double(instance.model.latents)).squareRoot()
        let share = 1 / Double(n)
        var (r, q, t): ([Double], [Double], [Double]) = ([], [], [])
        for tau in 0..<n {
            let own = (0..<k).map { w[tau * k + $0] }
            let linear = (0..<m).map { theta[tau * m + $0] * scale / eigen.values[tau] }
            for a in own { for b in linear { r.append(a * b * share) } }
            for a in own { for b in own { q.append(a * b * share) } }
            for a in linear { for b in linear { t.append(a * b * share) } }
        }
        outer = Array(repeating: 1, count: k)
        equations = CommitteeFlow(
            eigenvalues: eigen.values, shares: Array(repeating: share, count: n), teacher: t,
            overlaps: instance.teacherOverlaps, studentScales: outer, teacherScale: 1, rate: rate,
            hasNoise: manner != .flow)
        state = equations.start(r: r, q: q)
        (self.rate, self.manner, longest) = (rate, manner, step)
        stage = Buffer(count: state.count)
        let size = state.count
        slopes = (0..<4).map { _ in Buffer(count: size) }
    }

    /// The covariance of all fields, students first.
    package var covariance: [Double] { equations.covariance(equations.sums(state)) }

    /// The second layer.
    package var weights: [Double] { outer }

    /// The generalisation error now.
    package var error: Double {
        equations.studentScales = outer
        return CommitteeIntegrals.error(covariance, signs: equations.signs)
    }

    /// The slope of a state into a buffer; the second layer's is returned.
    private func slope(
        _ y: Buffer<Double>, _ v: [Double], into target: Buffer<Double>
    ) -> [Double] {
        equations.studentScales = v
        let z = equations.sums(y)
        equations.apply(equations.coefficients(z), y, adding: false, into: target)
        guard manner == .both else { return Array(repeating: 0, count: v.count) }
        let (c, signs) = (equations.covariance(z), equations.signs)
        let width = signs.count
        return v.indices.map { i in
            rate
                * (0..<width).reduce(0.0) { sum, f in
                    let value = CommitteeIntegrals.i2(
                        uu: c[i * width + i], uv: c[i * width + f], vv: c[f * width + f])
                    return sum.addingProduct(signs[f], value)
                }
        }
    }

    /// Goes on to a time.
    package mutating func advance(to end: Double) {
        let steps = Int(((end - time) / longest - 1e-9).rounded(.up))
        guard steps > 0 else { return }
        let h = (end - time) / Double(steps)
        for _ in 0..<steps {
            var turns: [[Double]] = []
            for place in 0..<4 {
                let part = place == 0 ? 0 : place == 3 ? h : 0.5 * h
                stage.copy(state)
                var v = outer
                if place > 0 {
                    add(part, slopes[place - 1], to: stage)
                    for unit in v.indices { v[unit].addProduct(part, turns[place - 1][unit]) }
                }
                turns.append(slope(stage, v, into: slopes[place]))
            }
            for (place, weight) in [1.0, 2, 2, 1].enumerated() {
                add(h / 6 * weight, slopes[place], to: state)
                for unit in outer.indices {
                    outer[unit].addProduct(h / 6 * weight, turns[place][unit])
                }
            }
        }
        time = end
    }

    private func add(_ factor: Double, _ source: Buffer<Double>, to target: Buffer<Double>) {
        let count = target.count
        target.addScaled(rows: 1, at: 0, stride: count, [factor], source, at: 0, levels: count)
    }
}
