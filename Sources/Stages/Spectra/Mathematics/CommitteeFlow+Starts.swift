package import Numerics

extension CommitteeFlow {
    /// Prepares the equations of committees with the second layers √M/K and 1/√M.
    ///
    /// The teacher is t_k, `[L, M, M]`; `nil` stands for the orthonormal one, t_k = w_k·1.
    package convenience init(
        spectrum: Spectrum, students: Int, teachers: Int, teacher: [Double]? = nil, rate: Double,
        hasNoise: Bool = true
    ) {
        let m = teachers
        let orthonormal = spectrum.shares.flatMap { share in
            (0..<(m * m)).map { $0 / m == $0 % m ? share : 0 }
        }
        let root = Double(m).squareRoot()
        self.init(
            eigenvalues: spectrum.values, shares: spectrum.shares, teacher: teacher ?? orthonormal,
            studentScales: Array(repeating: root / Double(students), count: students),
            teacherScale: 1 / root, rate: rate, hasNoise: hasNoise)
    }

    /// The overlaps at first order of sums z.
    package func overlaps(_ z: [Double]) -> CommitteeOverlaps {
        let split = students * teachers
        return CommitteeOverlaps(
            q: Array(z[split...]), r: Array(z[..<split]), t: teacher, students: students,
            teachers: teachers)
    }

    /// ε_g of a state.
    package func error(_ y: Buffer<Double>) -> Double { overlaps(sums(y)).error(.erf) }

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
