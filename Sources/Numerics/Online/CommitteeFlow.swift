/// The closed equations of an erf student's overlaps, any K and M, any teacher.
///
/// Components of eigenspace k: r_in (K·M, row-major), then q_ij (K·K), both divided by N. With
/// A = −η(∂ε_g/∂Q + its transpose) `[K, K]`, B = −η ∂ε_g/∂R `[K, M]` and the noise E `[K, K]`, all functions of Q and R alone,
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
    private let share, t: Buffer<Double>
    private let rate: Double
    private let hasNoise: Bool
    /// T at first order.
    private let sumT: [Double]
    private var basis: (values: [Double], vectors: [[Double]])
    private var step = 0.0
    private var coupling: [Double] = []
    private let inverses, cross, work: Buffer<Double>

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
        for i in 0..<k {
            for j in i..<k {
                var (arguments, factors): ([Double], [Double]) = ([], [])
                var root = 1.0
                for f in 0..<width {
                    for g in f..<width {
                        let parts = CommitteeIntegrals.i4Parts(c, width, i, j, f, g)
                        root = parts.root
                        arguments.append(parts.argument)
                        factors.append((f == g ? 1 : 2) * signs[f] * signs[g])
                    }
                }
                let noise = front * front * ArcSines.weightedSum(arguments, factors) / root
                result[k * k + k * m + i * k + j] = noise
                result[k * k + k * m + j * k + i] = noise
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

    /// out ← λ F(coefficients, y), or out + that.
    package func apply(
        _ coefficients: [Double], _ y: Buffer<Double>, adding: Bool, into out: Buffer<Double>
    ) {
        let (k, m, levels) = (students, teachers, self.levels)
        let target = adding ? scratch : out
        target.clear(0..<size)
        let column = { (start: Int, width: Int, place: Int) in
            (0..<k).map { coefficients[start + $0 * width + place] }
        }
        for j in 0..<k {
            let a = column(0, k, j)
            for n in 0..<m {
                target.addScaled(
                    rows: k, at: n * levels, stride: m * levels, a, y, at: (j * m + n) * levels,
                    levels: levels)
            }
        }
        for o in 0..<m {
            let b = column(k * k, m, o)
            for n in 0..<m {
                target.addScaled(
                    rows: k, at: n * levels, stride: m * levels, b, t, at: (o * m + n) * levels,
                    levels: levels)
            }
        }
        // X = A q + B rᵀ; with its transpose it is exactly symmetric.
        cross.clear(0..<cross.count)
        for l in 0..<k {
            let a = column(0, k, l)
            for j in 0..<k {
                cross.addScaled(
                    rows: k, at: j * levels, stride: k * levels, a, y,
                    at: (k * m + l * k + j) * levels, levels: levels)
            }
        }
        addCross(coefficients, y)
        let q = k * m * levels
        for i in 0..<k {
            for j in 0..<k {
                let place = q + (i * k + j) * levels
                target.addScaled(
                    rows: 1, at: place, stride: levels, [1], cross, at: (i * k + j) * levels,
                    levels: levels)
                target.addScaled(
                    rows: 1, at: place, stride: levels, [1], cross, at: (j * k + i) * levels,
                    levels: levels)
                if hasNoise {
                    target.addScaled(
                        rows: 1, at: place, stride: levels,
                        [coefficients[k * k + k * m + i * k + j]], share, at: 0, levels: levels)
                }
            }
        }
        for c in 0..<components {
            target.multiply(at: c * levels, by: eigenvalues, levels: levels)
        }
        if adding {
            out.addScaled(
                rows: 1, at: 0, stride: size, [1], target, at: 0, levels: size)
        }
    }

    /// cross ← cross + B rᵀ.
    private func addCross(_ coefficients: [Double], _ y: Buffer<Double>) {
        let (k, m, levels) = (students, teachers, self.levels)
        for n in 0..<m {
            let b = (0..<k).map { coefficients[k * k + $0 * m + n] }
            for j in 0..<k {
                cross.addScaled(
                    rows: k, at: j * levels, stride: k * levels, b, y, at: (j * m + n) * levels,
                    levels: levels)
            }
        }
    }

    private lazy var scratch = Buffer<Double>(count: size)

    /// Prepares the local solves: in the basis of A's eigenvectors they are divisions.
    package func factor(_ h: Double, _ coefficients: [Double]) {
        let (k, levels) = (students, self.levels)
        if coupling != coefficients {
            coupling = coefficients
            basis = SymmetricEigen.decompose(Array(coefficients[..<(k * k)]), k)
        }
        step = h
        for i in 0..<k {
            for level in 0..<levels {
                inverses[i * levels + level] = 1 / (1 - h * eigenvalues[level] * basis.values[i])
            }
            for j in 0..<k {
                let sum = basis.values[i] + basis.values[j]
                let start = (k + i * k + j) * levels
                for level in 0..<levels {
                    inverses[start + level] = 1 / (1 - h * eigenvalues[level] * sum)
                }
            }
        }
    }

    /// r first; then q, whose right side has the new r in it.
    package func solve(_ x: Buffer<Double>) {
        let (k, m, levels) = (students, teachers, self.levels)
        turn(x, at: 0, width: m, back: false)
        for i in 0..<k {
            for n in 0..<m {
                x.multiply(
                    at: (i * m + n) * levels, by: inverses, at: i * levels, levels: levels)
            }
        }
        turn(x, at: 0, width: m, back: true)
        cross.clear(0..<cross.count)
        addCross(coupling, x)
        let q = k * m * levels
        for c in 0..<(k * k) { cross.multiply(at: c * levels, by: eigenvalues, levels: levels) }
        for i in 0..<k {
            for j in 0..<k {
                for other in [i * k + j, j * k + i] {
                    x.addScaled(
                        rows: 1, at: q + (i * k + j) * levels, stride: levels, [step], cross,
                        at: other * levels, levels: levels)
                }
            }
        }
        turn(x, at: q, width: k, back: false)
        transpose(x, at: q)
        turn(x, at: q, width: k, back: false)
        for pair in 0..<(k * k) {
            x.multiply(
                at: q + pair * levels, by: inverses, at: (k + pair) * levels, levels: levels)
        }
        turn(x, at: q, width: k, back: true)
        transpose(x, at: q)
        turn(x, at: q, width: k, back: true)
        for i in 0..<k {
            for j in 0..<i {
                let (a, b) = (q + (i * k + j) * levels, q + (j * k + i) * levels)
                for level in 0..<levels {
                    let mean = 0.5 * (x[a + level] + x[b + level])
                    x[a + level] = mean
                    x[b + level] = mean
                }
            }
        }
    }

    /// Rows `[K, width]` of vectors times Vᵀ, or V where `back`.
    private func turn(_ x: Buffer<Double>, at start: Int, width: Int, back: Bool) {
        let (k, levels) = (students, self.levels)
        if k == 1 { return }
        let count = k * width * levels
        work.clear(0..<count)
        for l in 0..<k {
            let factors = (0..<k).map { back ? basis.vectors[l][$0] : basis.vectors[$0][l] }
            for n in 0..<width {
                work.addScaled(
                    rows: k, at: n * levels, stride: width * levels, factors, x,
                    at: start + (l * width + n) * levels, levels: levels)
            }
        }
        let source = unsafe work.pointer(at: 0, size: count)
        unsafe x.pointer(at: start, size: count).update(from: source, count: count)
    }

    private func transpose(_ x: Buffer<Double>, at start: Int) {
        let (k, levels) = (students, self.levels)
        for i in 0..<k {
            for j in 0..<i {
                let (a, b) = (start + (i * k + j) * levels, start + (j * k + i) * levels)
                for level in 0..<levels {
                    let held = x[a + level]
                    x[a + level] = x[b + level]
                    x[b + level] = held
                }
            }
        }
    }
}
