package import Numerics

/// Ridge regression on a generator's outputs: the deterministic equivalent of its test error.
///
/// y = b·c/√D + σz, b the teacher's first row; the estimator is (XᵀX/n + λ)⁻¹ Xᵀy/n. θ = Ω⁻¹Φb/√D,
/// v = |b|²/D − θᵀΩθ + σ²: what x cannot linearly tell acts as noise. κ = λ + (κ/n) tr Ω(Ω + κ)⁻¹,
/// γ = (1/n) tr Ω²(Ω + κ)⁻²; the error on labels without noise is
/// [κ² θᵀΩ(Ω + κ)⁻²θ + v]/(1 − γ) − σ². The equivalent is textbook, this instance ours.
package struct RidgeTheory: Sendable {
    private let values, energies: [Double]
    private let residual, noise: Double

    /// Prepares an instance.
    ///
    /// - Throws: ``NumericsError`` as ``EigenDecomposition``.
    package init(
        _ instance: EquivalenceInstance, noise: Double, arithmetic: Arithmetic
    ) throws(NumericsError) {
        let n = instance.model.inputs
        let eigen = try EigenDecomposition(
            instance.model.covariance(arithmetic), order: n, arithmetic: arithmetic)
        let b = Array(instance.teacher.prefix(instance.model.latents))
        let d = Double(instance.model.latents)
        let along = Buffer<Double>(count: n)
        arithmetic.vectorProduct(
            m: n, k: n, MatrixPlace(eigen.vectors, stride: n), Buffer(instance.model.crossed(b)),
            into: along)
        // θᵀΩθ by eigenvector: (ψ·Φb)²/(D ρ).
        energies = (0..<n).map { along[$0] * along[$0] / (d * eigen.values[$0]) }
        values = eigen.values
        self.noise = noise
        let square = b.reduce(0.0) { $0.addingProduct($1, $1) }
        residual = square / d - energies.reduce(0, +) + noise * noise
    }

    /// The error that no number of examples removes, v − σ².
    package var floor: Double { residual - noise * noise }

    /// κ of a penalty λ > 0 and n examples, by bisection to the last bit.
    package func kappa(penalty: Double, examples n: Double) -> Double {
        func excess(_ kappa: Double) -> Double {
            kappa - penalty - kappa / n * values.reduce(0) { $0 + $1 / ($1 + kappa) }
        }
        var (low, high) = (penalty, penalty + values.reduce(0, +) / n)
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            guard middle > low && middle < high else { break }
            if excess(middle) < 0 { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }

    /// The test error of n examples at a κ.
    package func error(kappa: Double, examples n: Double) -> Double {
        var (gamma, bias) = (0.0, 0.0)
        for (value, energy) in zip(values, energies) {
            let share = value / (value + kappa)
            gamma += share * share / n
            bias += energy * kappa * kappa / ((value + kappa) * (value + kappa))
        }
        return (bias + residual) / (1 - gamma) - noise * noise
    }
}
