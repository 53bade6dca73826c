package import Numerics

/// A ReLU network with random weights from a Dirichlet process, and a sigmoid output.
///
/// F(x) = g √(K+1) Σᵢ sᵢ vᵢ max(0, wᵢ·x), v a stick-breaking GEM(K) sequence (bᵢ = 1 − U^(1/K),
/// vᵢ = bᵢ Πⱼ₍ⱼ₌₁…ᵢ₋₁₎(1 − bⱼ)), wᵢ uniform on the unit sphere of Rᵈ, sᵢ = ±1; x ~ N(0, I),
/// Y ~ Bernoulli(σ(F(x))). The sticks end where less than `cutoff` is left, and are rescaled to sum 1. The
/// root makes E F² = g²/2 whatever d and K are. This teacher is our reading (docs/COMPUTE-OPTIMAL.md).
package struct ProcessTeacher: Sendable {
    /// The inputs' dimension.
    package let dimension: Int
    /// vᵢ, which sum to 1.
    package let weights: [Double]
    /// g √(K+1) sᵢ.
    package let factors: [Double]
    /// wᵢ, one after the other.
    package let directions: [Double]

    /// Draws a teacher.
    package init(
        dimension: Int, complexity: Double, gain: Double = 1, cutoff: Double = 1e-4,
        stream: inout RandomStream
    ) {
        precondition(dimension > 0 && complexity > 0 && cutoff > 0 && cutoff < 1, "no such teacher")
        self.dimension = dimension
        var (sticks, left) = ([Double](), 1.0)
        while left >= cutoff {
            let rest = Elementary.exp(Elementary.log(1 - stream.uniform()) / complexity)
            sticks.append(left * (1 - rest))
            left *= rest
        }
        let total = sticks.reduce(0, +)
        weights = sticks.map { $0 / total }
        let scale = gain * (complexity + 1).squareRoot()
        var (factors, directions) = ([Double](), [Double]())
        for _ in sticks {
            let w = (0..<dimension).map { _ in stream.normal() }
            let length = w.reduce(0) { $0 + $1 * $1 }.squareRoot()
            directions += w.map { $0 / length }
            factors.append(stream.uniform() < 0.5 ? -scale : scale)
        }
        self.factors = factors
        self.directions = directions
    }

    /// Takes up a teacher that was drawn before; shapes as in the properties.
    package init(dimension: Int, weights: [Double], factors: [Double], directions: [Double]) {
        precondition(
            directions.count == dimension * weights.count && factors.count == weights.count,
            "a teacher of \(weights.count) atoms")
        self.dimension = dimension
        self.weights = weights
        self.factors = factors
        self.directions = directions
    }

    /// How many atoms there are.
    package var count: Int { weights.count }

    /// How often each atom is drawn in n independent draws from v: the restricted model F_n has the
    /// weights counts/n in place of v.
    package func restriction(units n: Int, stream: inout RandomStream) -> [Int] {
        var reached: [Double] = []
        var sum = 0.0
        for weight in weights {
            sum += weight
            reached.append(sum)
        }
        var counts = [Int](repeating: 0, count: count)
        for _ in 0..<n {
            let u = stream.uniform() * sum
            var (low, high) = (0, count - 1)
            while low < high {
                let middle = (low + high) / 2
                if reached[middle] > u { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        return counts
    }

    /// Values of several weightings of the atoms at points: F where the weights are v.
    ///
    /// Shapes: points `[rows, d]`, the result `[rows, weightings]`. Bits: the arithmetic's products.
    ///
    /// - Complexity: `2·rows·atoms·(d + weightings)` flop.
    package func values<Scalar: KernelScalar>(
        at points: Buffer<Scalar>, from start: Int = 0, rows: Int, weightings: [[Double]],
        arithmetic: Arithmetic
    ) -> Buffer<Scalar> {
        let across = weightings.count
        let inner = Buffer(directions.map { Scalar($0) })
        var outer = [Scalar](repeating: 0, count: count * across)
        for (column, weights) in weightings.enumerated() {
            for atom in 0..<count {
                outer[atom * across + column] = Scalar(factors[atom] * weights[atom])
            }
        }
        let mixing = Buffer(outer)
        let result = Buffer<Scalar>(count: rows * across)
        let block = max(1, min(rows, 262_144 / count))
        let hidden = Buffer<Scalar>(count: block * count)
        var row = 0
        while row < rows {
            let size = min(block, rows - row)
            arithmetic.product(
                m: size, n: count, k: dimension,
                MatrixPlace(points, at: (start + row) * dimension, stride: dimension),
                MatrixPlace(inner, stride: dimension, isTransposed: true),
                into: MatrixPlace(hidden, stride: count), finish: .relu)
            arithmetic.product(
                m: size, n: across, k: count, MatrixPlace(hidden, stride: count),
                MatrixPlace(mixing, stride: across),
                into: MatrixPlace(result, at: row * across, stride: across))
            row += size
        }
        return result
    }

    /// E KL(Bernoulli(σ(F)) ‖ Bernoulli(σ(f))) in nats, of one point: p(F − f) − softplus(F) + softplus(f).
    package static func divergence(_ truth: Double, _ guess: Double) -> Double {
        let p = Elementary.logistic(truth)
        return p * (truth - guess) - Elementary.softplus(truth) + Elementary.softplus(guess)
    }
}
