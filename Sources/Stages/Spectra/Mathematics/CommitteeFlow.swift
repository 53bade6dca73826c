package import Numerics

/// The closed equations of an erf student's overlaps, any K and M, any teacher.
///
/// Components of eigenspace k: r_in (K·M, row-major), then q_ij (K·K), both divided by N. With
/// A = −η(∂ε_g/∂Q + its transpose) `[K, K]`, B = −η ∂ε_g/∂R `[K, M]` and the noise E `[K, K]`, all
/// functions of Q and R alone,
///
///     dr_k/dα = λ_k (A r_k + B t_k)
///     dq_k/dα = λ_k (A q_k + q_k A + B r_kᵀ + r_k Bᵀ + w_k E)
///
/// A is symmetric: descent follows a gradient. docs/POWER-LAW-SPECTRA.md derives it.
package final class CommitteeFlow: BlockFlow {
    /// K and M.
    package let students, teachers: Int
    /// K·M + K².
    package var components: Int { students * teachers + students * students }
    /// λ.
    package let eigenvalues: Buffer<Double>
    private let shares: [Double]
    /// w, and t by teacher pair: `[M·M, L]`.
    let share, t: Buffer<Double>
    private let rate: Double
    let hasNoise: Bool
    /// T at first order.
    private let sumT: [Double]
    /// A's eigenvalues and eigenvectors, the step and the coefficients of the last ``factor(_:_:)``.
    var basis: (values: [Double], vectors: [[Double]])
    var step = 0.0
    var coupling: [Double] = []
    /// Room: divisors of the local solves, `[K + K², L]`; products of q's equation, `[K², L]`;
    /// turned vectors.
    let inverses, cross, work: Buffer<Double>
    /// Room for a whole slope.
    lazy var scratch = Buffer<Double>(count: size)

    /// Prepares the equations at a rate η, with or without the term of order η².
    ///
    /// The teacher is t_k, `[L, M, M]`; `nil` stands for the orthonormal one, t_k = w_k·1.
    package init(
        spectrum: Spectrum, students: Int, teachers: Int, teacher: [Double]? = nil, rate: Double,
        hasNoise: Bool = true
    ) {
        self.students = students
        self.teachers = teachers
        self.rate = rate
        self.hasNoise = hasNoise
        let (levels, m) = (spectrum.count, teachers)
        eigenvalues = Buffer(spectrum.values)
        shares = spectrum.shares
        share = Buffer(spectrum.shares)
        t = Buffer(count: m * m * levels)
        for k in 0..<levels {
            for n in 0..<m {
                for o in 0..<m {
                    t[(n * m + o) * levels + k] =
                        teacher.map { $0[(k * m + n) * m + o] }
                        ?? (n == o ? spectrum.shares[k] : 0)
                }
            }
        }
        var sums = [Double](repeating: 0, count: m * m)
        for pair in 0..<(m * m) {
            for k in (0..<levels).reversed() {
                sums[pair] += spectrum.values[k] * t[pair * levels + k]
            }
        }
        sumT = sums
        basis = ([], [])
        inverses = Buffer(count: (students + students * students) * levels)
        cross = Buffer(count: students * students * levels)
        work = Buffer(count: students * max(students, teachers) * levels)
    }

    /// The overlaps at first order of sums z.
    package func overlaps(_ z: [Double]) -> CommitteeOverlaps {
        let split = students * teachers
        return CommitteeOverlaps(
            q: Array(z[split...]), r: Array(z[..<split]), t: sumT, students: students,
            teachers: teachers)
    }

    /// T at first order, `[M, M]`.
    package var teacher: [Double] { sumT }

    /// w of an eigenspace.
    func share(_ level: Int) -> Double { shares[level] }

    /// ε_g of a state.
    package func error(_ y: Buffer<Double>) -> Double { overlaps(sums(y)).error(.erf) }

    /// A, B and E, row after row.
    package func coefficients(_ z: [Double]) -> [Double] {
        let (k, m) = (students, teachers)
        let width = k + m
        let c = covariance(z)
        let (cS, cT) = (Double(m).squareRoot() / Double(k), 1 / Double(m).squareRoot())
        let signs = (0..<width).map { $0 < k ? -cS : cT }
        var result = [Double](repeating: 0, count: k * k + k * m + k * k)
        for i in 0..<k {
            let uu = 1 + c[i * width + i]
            var own = 0.0
            for f in 0..<width {
                let uf = c[i * width + f]
                let root = (uu * (1 + c[f * width + f]) - uf * uf).squareRoot()
                let g = rate * cS * CommitteeIntegrals.twoOverPi * signs[f] / (root * uu)
                own += g * uf
                if f < k {
                    result[i * k + f] += g * uu
                } else {
                    result[k * k + i * m + f - k] = g * uu
                }
            }
            result[i * k + i] -= own
        }
        guard hasNoise else { return result }
        let front = (rate * cS * CommitteeIntegrals.twoOverPi)
        var noise = CommitteeNoise(c, signs: signs)
        for i in 0..<k {
            for j in i..<k {
                let one = front * front * noise.sum(i, j)
                result[k * k + k * m + i * k + j] = one
                result[k * k + k * m + j * k + i] = one
            }
        }
        return result
    }

    /// The joint covariance of the K + M fields; Q made symmetric.
    private func covariance(_ z: [Double]) -> [Double] {
        let (k, m) = (students, teachers)
        let width = k + m
        var c = [Double](repeating: 0, count: width * width)
        for i in 0..<k {
            for j in 0..<k {
                c[i * width + j] = 0.5 * (z[k * m + i * k + j] + z[k * m + j * k + i])
            }
            for n in 0..<m {
                c[i * width + k + n] = z[i * m + n]
                c[(k + n) * width + i] = z[i * m + n]
            }
        }
        for n in 0..<m {
            for o in 0..<m { c[(k + n) * width + k + o] = sumT[n * m + o] }
        }
        return c
    }
}
