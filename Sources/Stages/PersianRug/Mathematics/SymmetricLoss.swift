import Numerics

/// The loss of the symmetric model of superposition, by integrals.
///
/// Features are 0 with probability 1 − p and uniform on (0, 1) else. W = P/r, P a projection of rank r·n with
/// equal diagonal: what reaches an output is its feature u plus noise of variance s² = (p/3 − p²/4)(1 − r)/r,
/// taken as normal, its mean absorbed by the shift m. With μ = u + m:
///
///     L(A, m) = (1 − p) A² r₂(m) + p ∫₀¹ [u² − 2uA r₁(μ) + A² r₂(μ)] du
///
/// r₁, r₂ are the first two moments of ReLU(μ + s z). A is the least-squares one for each m. The formula is
/// ours, from the picture of Cowsik et al. (arXiv 2410.12101) as reviewers describe it; the paper's own
/// formulas were not read.
package struct SymmetricLoss: Sendable {
    /// The probability that a feature is active, and hidden units a feature.
    package let probability, ratio: Double
    /// The standard deviation s of the noise.
    package let deviation: Double

    /// Points of one rule over all of (0, 1); `nil` for panels that follow the bend.
    private let points: Int?

    /// Names a model.
    ///
    /// One rule of `points` over (0, 1) misses the bend of the moments where s is small: with 64 the loss is
    /// 2·10⁻⁴ too large at p = 10⁻⁶, r = 0.3.
    package init(probability: Double, ratio: Double, points: Int? = nil) {
        precondition(probability > 0 && probability <= 1 && ratio > 0 && ratio < 1, "p, r")
        self.probability = probability
        self.ratio = ratio
        self.points = points
        let p = probability
        deviation = ((p / 3 - p * p / 4) * (1 - ratio) / ratio).squareRoot()
    }

    /// The least loss with the scale A and the shift m that reach it.
    package struct Minimum: Sendable {
        /// L, A, m.
        package let loss, scale, shift: Double
    }

    /// The loss of the model that says 0.
    package var zero: Double { probability / 3 }

    /// The loss of the best affine map, exactly: (p/3 − p²/4)(1 − r).
    package var linear: Double {
        (probability / 3 - probability * probability / 4) * (1 - ratio)
    }

    /// The loss of digons, p²/6 at r = 1/2: each hidden unit holds one feature minus another, and only
    /// pairs that are both active err, by the smaller.
    package var digons: Double? { ratio == 0.5 ? probability * probability / 6 : nil }

    private static func density(_ z: Double) -> Double {
        0.3989422804014327 * Elementary.exp(-0.5 * z * z)
    }

    /// The first two moments of ReLU(μ + s z), z standard normal.
    private func moments(_ mean: Double) -> (first: Double, second: Double) {
        let s = deviation
        let (share, peak) = (Distributions.normal(mean / s), Self.density(mean / s))
        let first = mean * share + s * peak
        return (first, (mean * mean + s * s) * share + mean * s * peak)
    }

    /// The loss of a shift with the scale that is best for it.
    package func minimum(shift m: Double) -> Minimum {
        let (p, s) = (probability, deviation)
        // The moments bend where u + m passes 0, over a width of s.
        let bends = stride(from: -8.0, through: 8, by: 2).map { $0 * s - m }
        let rule =
            points.map { PanelRule(breaks: [0, 1], points: $0) }
            ?? PanelRule(breaks: [0] + bends.filter { $0 > 0 && $0 < 1 } + [1])
        var (cross, square) = (0.0, 0.0)
        for (u, weight) in zip(rule.nodes, rule.weights) {
            let (first, second) = moments(u + m)
            cross.addProduct(weight * u, first)
            square.addProduct(weight, second)
        }
        let curvature = (1 - p) * moments(m).second + p * square
        let scale = p * cross / curvature
        return Minimum(loss: p / 3 - scale * p * cross, scale: scale, shift: m)
    }

    /// The least loss over A and m: a grid over m/s from −9 to 9, then golden sections.
    package func minimum() -> Minimum {
        let best = LineMinimum.find(from: -9, to: 9) { minimum(shift: $0 * deviation).loss }
        return minimum(shift: best.place * deviation)
    }

    /// The least loss of any function of one output's input x + ν: E x² − ∫ E[x; y]²/f(y) dy.
    ///
    /// Error: about 10⁻¹⁰ of E x²; the tails beyond 7 s are left out.
    package func elementwise() -> Double {
        let (p, s) = (probability, deviation)
        let left = (-7...12).map { Double($0) * s }
        let right = (-8...7).map { 1 + Double($0) * s }
        let breaks = (left + right).filter { $0 <= 1 + 7 * s }.sorted()
        let explained = PanelRule(breaks: breaks).integral { y in
            let (z, w) = (y / s, (y - 1) / s)
            let mass = Distributions.normal(z) - Distributions.normal(w)
            let density = (1 - p) * Self.density(z) / s + p * mass
            let first = p * (y * mass + s * (Self.density(z) - Self.density(w)))
            return density > 0 ? first * first / density : 0
        }
        return p / 3 - explained
    }
}
