/// The closed equations of an erf student's overlaps, any K and M, any teacher.
///
/// Components of eigenspace k: r_in (K·M, row-major), then q_ij (K·K), both divided by N. With
/// A = −η(∂ε_g/∂Q + its transpose) `[K, K]`, B = −η ∂ε_g/∂R `[K, M]` and the noise E `[K, K]`, all
/// functions of Q, R and T alone,
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
    /// The factors of the student's units in its output; those of the teacher's are all one.
    package var studentScales: [Double]
    private let teacherScale: Double
    /// T at first order, `[M, M]`.
    package let teacher: [Double]
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
    /// Eigenvalues are λ, each for a share w of the directions; the teacher is t_k, `[L, M, M]`.
    /// `overlaps` is T where the teacher has a part that no linear map of the inputs tells; else it is
    /// the sum of λ_k t_k.
    package init(
        eigenvalues: [Double], shares: [Double], teacher: [Double], overlaps: [Double]? = nil,
        studentScales: [Double], teacherScale: Double, rate: Double, hasNoise: Bool = true
    ) {
        let levels = eigenvalues.count
        let m = Int((Double(teacher.count / max(1, levels))).squareRoot())
        precondition(teacher.count == m * m * levels, "\(teacher.count) overlaps of teachers")
        (students, teachers) = (studentScales.count, m)
        (self.studentScales, self.teacherScale) = (studentScales, teacherScale)
        self.rate = rate
        self.hasNoise = hasNoise
        self.eigenvalues = Buffer(eigenvalues)
        self.shares = shares
        share = Buffer(shares)
        t = Buffer(count: m * m * levels)
        for k in 0..<levels {
            for pair in 0..<(m * m) { t[pair * levels + k] = teacher[k * m * m + pair] }
        }
        var sums = [Double](repeating: 0, count: m * m)
        for pair in 0..<(m * m) {
            for k in (0..<levels).reversed() {
                sums[pair] += eigenvalues[k] * t[pair * levels + k]
            }
        }
        self.teacher = overlaps ?? sums
        basis = ([], [])
        inverses = Buffer(count: (students + students * students) * levels)
        cross = Buffer(count: students * students * levels)
        work = Buffer(count: students * max(students, teachers) * levels)
    }

    /// w of an eigenspace.
    package func share(_ level: Int) -> Double { shares[level] }

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

    /// The sizes and signs with which the fields enter the error, students first.
    package var signs: [Double] {
        studentScales.map { -$0 } + Array(repeating: teacherScale, count: teachers)
    }

    /// A, B and E, row after row.
    package func coefficients(_ z: [Double]) -> [Double] {
        let (k, m) = (students, teachers)
        let width = k + m
        let c = covariance(z)
        let signs = self.signs
        var result = [Double](repeating: 0, count: k * k + k * m + k * k)
        for i in 0..<k {
            let uu = 1 + c[i * width + i]
            var own = 0.0
            for f in 0..<width {
                let uf = c[i * width + f]
                let root = (uu * (1 + c[f * width + f]) - uf * uf).squareRoot()
                let front = rate * studentScales[i] * CommitteeIntegrals.twoOverPi
                let g = front * signs[f] / (root * uu)
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
        let fronts = studentScales.map { rate * $0 * CommitteeIntegrals.twoOverPi }
        var noise = CommitteeNoise(c, signs: signs)
        for i in 0..<k {
            for j in i..<k {
                let one = fronts[i] * fronts[j] * noise.sum(i, j)
                result[k * k + k * m + i * k + j] = one
                result[k * k + k * m + j * k + i] = one
            }
        }
        return result
    }

    /// The joint covariance of the K + M fields; Q made symmetric.
    package func covariance(_ z: [Double]) -> [Double] {
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
            for o in 0..<m { c[(k + n) * width + k + o] = teacher[n * m + o] }
        }
        return c
    }
}
