package import Numerics

extension CommitteeFlow {
    /// A start free of random numbers: t_k = w_k·1, q_k = σ_J² w_k·1, r_k = ρ w_k (+1 for i = n, else −1).
    package func plainStart(variance: Double, asymmetry: Double) -> Buffer<Double> {
        let (k, m) = (students, teachers)
        let y = Buffer<Double>(count: size)
        for level in 0..<levels {
            for i in 0..<k {
                for n in 0..<m {
                    y[(i * m + n) * levels + level] =
                        (i == n ? asymmetry : -asymmetry) * share(level)
                }
                y[(k * m + i * k + i) * levels + level] = variance * share(level)
            }
        }
        return y
    }

    /// A start from overlaps r `[L, K, M]` and q `[L, K, K]` of each eigenspace.
    package func start(r: [Double], q: [Double]) -> Buffer<Double> {
        let (k, m) = (students, teachers)
        let y = Buffer<Double>(count: size)
        for level in 0..<levels {
            for c in 0..<(k * m) { y[c * levels + level] = r[level * k * m + c] }
            for c in 0..<(k * k) { y[(k * m + c) * levels + level] = q[level * k * k + c] }
        }
        return y
    }
}

/// When a quantity along a trajectory first reaches a level: by the cubic through both ends of the step
/// with their slopes.
package struct PlateauCrossing: Sendable {
    /// The level.
    package let level: Double
    /// The time, once it was reached.
    package private(set) var time: Double?
    private var last: (alpha: Double, value: Double, slope: Double)?

    /// Waits for a level.
    package init(level: Double) { self.level = level }

    /// Takes the next point of the trajectory.
    package mutating func note(_ alpha: Double, _ value: Double, slope: Double) {
        defer { last = (alpha, value, slope) }
        guard time == nil, let last, last.value < level, value >= level else { return }
        let h = alpha - last.alpha
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let t = 0.5 * (low + high)
            let u = 1 - t
            let cubic =
                last.value * (1 + 2 * t) * u * u + value * t * t * (3 - 2 * t)
                + h * t * u * (last.slope * u - slope * t)
            if cubic < level { low = t } else { high = t }
        }
        time = last.alpha + h * 0.5 * (low + high)
    }
}
