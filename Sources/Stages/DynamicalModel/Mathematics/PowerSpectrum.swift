import Numerics

/// A power-law problem: eigenvalues λ_k = k^−b, target energies λ_k w*_k² = k^−a, k = 1 … modes.
///
/// Modes beyond ``exactModes`` are replaced by nodes of Gauss and Legendre's rule over log k, with weights:
/// sums over modes of what varies slowly from mode to mode are right to about 10⁻⁷ (the rest of the
/// Euler–Maclaurin formula, b(b − 1)/(24 k²) of the tail), so that 10⁹ modes cost little more than 600.
package struct PowerSpectrum: Sendable {
    /// The exponents of target and eigenvalues.
    package let a, b: Double
    /// λ and λ w*² of each mode or node, and how many modes it stands for.
    package let eigenvalues, energies, counts: [Double]

    /// Modes that are summed one by one.
    package static let exactModes = 500.0

    /// A problem of so many modes, each by itself.
    package init(a: Double, b: Double, every modes: Int) {
        precondition(a > 1 && b > 1 && modes >= 1, "a = \(a), b = \(b), \(modes) modes")
        self.a = a
        self.b = b
        let places = (1...modes).map { Double($0) }
        eigenvalues = places.map { Elementary.power($0, -b) }
        energies = places.map { Elementary.power($0, -a) }
        counts = places.map { _ in 1 }
    }

    /// A problem of so many modes, the later ones by nodes.
    package init(a: Double, b: Double, modes: Double) {
        precondition(a > 1 && b > 1 && modes >= 1, "a = \(a), b = \(b), \(modes) modes")
        self.a = a
        self.b = b
        let exact = min(modes, modes <= 4 * Self.exactModes ? modes : Self.exactModes)
        var places = (1...Int(exact)).map { Double($0) }
        var weights = places.map { _ in 1.0 }
        if modes > exact {
            let (low, high) = (Elementary.log(exact + 0.5), Elementary.log(modes + 0.5))
            let panels = Int(((high - low) / 0.7).rounded(.up))
            let half = 0.5 * (high - low) / Double(panels)
            for panel in 0..<panels {
                let middle = low + half * Double(2 * panel + 1)
                for (node, weight) in Self.gauss {
                    for sign in [-1.0, 1] {
                        let k = Elementary.exp(middle + sign * half * node)
                        places.append(k)
                        weights.append(half * weight * k)
                    }
                }
            }
        }
        eigenvalues = places.map { Elementary.power($0, -b) }
        energies = places.map { Elementary.power($0, -a) }
        counts = weights
    }

    /// Nodes and weights of the rule with six points on [−1, 1] (Abramowitz & Stegun, table 25.4).
    private static let gauss = [
        (0.238619186083196909, 0.467913934572691047), (0.661209386466264514, 0.360761573048138608),
        (0.932469514203152028, 0.171324492379170345),
    ]

    /// Σ over modes of a function of λ and λ w*².
    func sum(_ term: (Double, Double) -> Double) -> Double {
        var sum = 0.0
        for i in eigenvalues.indices { sum += counts[i] * term(eigenvalues[i], energies[i]) }
        return sum
    }

    /// The κ for which Σ λ/(λ + κ) = n; 0 where there are no more than n modes.
    ///
    /// Newton's steps on log κ inside a bracket; relative error 10⁻¹⁴.
    package func kappa(_ n: Double) -> Double {
        precondition(n > 0, "a κ for \(n)")
        guard counts.reduce(0, +) > n else { return 0 }
        var (low, high) = (-200.0, 20.0)
        var u = -b * Elementary.log(n)
        for _ in 0..<200 {
            let kappa = Elementary.exp(u)
            let value = sum { lambda, _ in lambda / (lambda + kappa) } - n
            if value > 0 { low = u } else { high = u }
            let slope = -sum { lambda, _ in lambda * kappa / ((lambda + kappa) * (lambda + kappa)) }
            var next = u - value / slope
            if !(next > low && next < high) { next = 0.5 * (low + high) }
            if (next - u).magnitude < 1e-15 * (1 + u.magnitude) { break }
            u = next
        }
        return Elementary.exp(u)
    }

    /// The loss of infinite model and data at time t: Σ λ w*² e^(−2λt).
    package func timeLoss(_ t: Double) -> Double {
        sum { lambda, energy in energy * Elementary.exp(-2 * lambda * t) }
    }

    /// The loss of a model of size N after infinite time on infinite data: Σ λ w*² κ/(λ + κ).
    package func sizeLoss(_ n: Double) -> Double {
        let kappa = kappa(n)
        return sum { lambda, energy in energy * kappa / (lambda + kappa) }
    }

    /// The loss of an infinite model after infinite time on P examples.
    package func dataLoss(_ p: Double) -> Double {
        let kappa = kappa(p)
        let gamma = sum { lambda, _ in lambda * lambda / ((lambda + kappa) * (lambda + kappa)) } / p
        return sum { lambda, energy in
            energy * kappa * kappa / ((lambda + kappa) * (lambda + kappa))
        } / (1 - gamma)
    }
}
