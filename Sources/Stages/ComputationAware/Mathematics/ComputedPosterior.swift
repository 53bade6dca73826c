package import Numerics

/// The posterior after i actions, for every i up to all of them.
///
/// With S of orthonormal rows, Kˆ = K + σ²I and C = Sᵀ(S Kˆ Sᵀ)⁻¹S: the mean is k(x, X) C y and the combined
/// variance k(x, x) − k(x, X) C k(X, x). S Kˆ Sᵀ = L·Lᵀ; the first i rows of L are those of the first i
/// actions, so each quantity is a running sum over rows of L⁻¹.
package struct ComputedPosterior {
    /// One number of actions, at the test points.
    package struct State {
        /// k(x, X) C y, and the same with the truth in the place of y where it is known.
        package let mean, noiselessMean: [Double]
        /// The combined variance.
        package let variance: [Double]
        /// The evidence's lower bound of the process with this posterior.
        package let bound: Double
    }

    private let tests, trainings: Int
    private let noise: Double
    private let observations: [Double]
    private let factor: Cholesky
    /// L⁻¹ times: S·K(X, tests), S·K, S·y, S·f, and the identity.
    private let cross, images, observed, truth, inverse: Buffer<Double>

    /// Factors S Kˆ Sᵀ.
    ///
    /// - Throws: ``NumericsError`` where it is not positive.
    package init(
        _ choice: ActionChoice, rows: ActionRows, images: Buffer<Double>, truth: [Double]?,
        tests: PointCloud
    ) throws(NumericsError) {
        let (i, n) = (rows.count, choice.points.count)
        let arithmetic = choice.covariance.arithmetic
        (self.tests, trainings, noise) = (tests.count, n, choice.noise)
        observations = choice.observations
        var inner = rows.across(images, points: n, arithmetic: arithmetic)
        for place in 0..<i { inner[place * i + place] += choice.noise }
        factor = try Cholesky(inner, order: i, arithmetic: arithmetic)
        cross = rows.covariances(choice.points, tests, choice.covariance)
        self.images = images
        observed = Buffer(rows.times(choice.observations, arithmetic: arithmetic))
        self.truth = Buffer(
            rows.times(truth ?? choice.observations, arithmetic: arithmetic))
        inverse = Buffer(count: i * i)
        for place in 0..<i { inverse[place * i + place] = 1 }
        factor.forward(cross, columns: tests.count, arithmetic: arithmetic)
        factor.forward(images, columns: n, arithmetic: arithmetic)
        factor.forward(observed, columns: 1, arithmetic: arithmetic)
        factor.forward(self.truth, columns: 1, arithmetic: arithmetic)
        factor.forward(inverse, columns: i, arithmetic: arithmetic)
    }

    /// The states after these numbers of actions, which ascend.
    package func states(after counts: [Int]) -> [State] {
        var (mean, noiseless) = (
            [Double](repeating: 0, count: tests), [Double](repeating: 0, count: tests)
        )
        var variance = [Double](repeating: 1, count: tests)
        var evidence = EvidenceBound(observations, noise: noise)
        var done = 0
        return counts.map { count in
            for row in done..<count {
                let (b, c) = (observed[row], truth[row])
                for test in 0..<tests {
                    let z = cross[row * tests + test]
                    mean[test] += b * z
                    noiseless[test] += c * z
                    variance[test] -= z * z
                }
                let order = factor.order
                evidence.add(
                    images.elements((row * trainings)..<((row + 1) * trainings)), weight: b,
                    inverse: inverse.elements((row * order)..<(row * order + row + 1)),
                    pivot: factor.lower[row * order + row])
            }
            done = count
            return State(
                mean: mean, noiselessMean: noiseless, variance: variance, bound: evidence.bound)
        }
    }
}

/// The lower bound of the log evidence that a computation-aware posterior gives, as a variational one:
/// E log N(y; f, σ²I) − KL(posterior ‖ prior) at the training points.
///
/// With m = K C y: tr(C K) = Σ (1 − σ²|row of L⁻¹|²), log det(I − C K) = Σ (log σ² − 2 log L[j,j]) and
/// yᵀC K C y = Σ b² − σ²|C y|², where C y = Σ b·(row of L⁻¹) in the basis S.
private struct EvidenceBound {
    private let observations: [Double]
    private let noise: Double
    private var mean: [Double]
    private var weights: [Double] = []
    private var (squares, trace, logarithms, explained) = (0.0, 0.0, 0.0, 0.0)

    init(_ observations: [Double], noise: Double) {
        self.observations = observations
        self.noise = noise
        mean = [Double](repeating: 0, count: observations.count)
    }

    mutating func add(_ image: [Double], weight: Double, inverse: [Double], pivot: Double) {
        for place in mean.indices {
            mean[place] += weight * image[place]
            explained += image[place] * image[place]
        }
        weights += [Double](repeating: 0, count: inverse.count - weights.count)
        for place in inverse.indices { weights[place] += weight * inverse[place] }
        trace += 1 - noise * inverse.reduce(0) { $0 + $1 * $1 }
        logarithms += Elementary.log(noise) - 2 * Elementary.log(pivot)
        squares += weight * weight
    }

    var bound: Double {
        let n = Double(observations.count)
        let misfit = zip(observations, mean).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let expected =
            -0.5 * n * Elementary.log(6.283185307179586 * noise)
            - (misfit + n - explained) / (2 * noise)
        let quadratic = squares - noise * weights.reduce(0) { $0 + $1 * $1 }
        return expected - 0.5 * (quadratic - trace - logarithms)
    }
}
