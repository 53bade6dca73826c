package import Numerics

/// Sources, mixed by layers whose inverse is known.
///
/// The true W of a layer is Q·diag(σ)·Rᵀ: Q and R random orthogonal, log σ evenly spaced from −½ log κ to
/// ½ log κ, κ the condition number. So W⁻¹ = R·diag(1/σ)·Qᵀ is known without elimination. Biases are 0.
package struct KnownMixture {
    /// The flow that gives the sources back.
    package let truth: InvertibleFlow
    /// W⁻¹ of each layer.
    package let inverses: [Buffer<Double>]

    /// Draws layers.
    package init(
        dimension d: Int, layers: Int, slope: Double, condition: Double, density: SourceDensity,
        seed: UInt64, arithmetic: Arithmetic
    ) {
        truth = InvertibleFlow(
            dimension: d, layers: layers, slope: slope, density: density, arithmetic: arithmetic)
        var stream = RandomStream(seed: seed, purpose: "mixture")
        let spread = Elementary.log(condition)
        let logs = (0..<d).map { d == 1 ? 0 : spread * (Double($0) / Double(d - 1) - 0.5) }
        func product(_ left: [Double], _ sign: Double, _ right: [Double]) -> Buffer<Double> {
            let scaled = Buffer(
                left.indices.map { left[$0] * Elementary.exp(sign * logs[$0 % d]) })
            let out = Buffer<Double>(count: d * d)
            arithmetic.product(
                m: d, n: d, k: d, MatrixPlace(scaled, stride: d),
                MatrixPlace(Buffer(right), stride: d, isTransposed: true),
                into: MatrixPlace(out, stride: d))
            return out
        }
        var inverses: [Buffer<Double>] = []
        for layer in 0..<layers {
            let first = Self.orthogonal(d, &stream, arithmetic)
            let second = Self.orthogonal(d, &stream, arithmetic)
            truth.weights[layer].copy(product(first, 1, second))
            inverses.append(product(second, -1, first))
        }
        self.inverses = inverses
    }

    /// Normal rows, made orthogonal one after the other, twice each.
    private static func orthogonal(
        _ d: Int, _ stream: inout RandomStream, _ arithmetic: Arithmetic
    ) -> [Double] {
        let rows = Buffer((0..<(d * d)).map { _ in stream.normal() })
        for row in 0..<d {
            let place = MatrixPlace(rows, at: row * d, stride: d)
            for _ in 0..<2 {
                for other in 0..<row {
                    let inner = arithmetic.dot(rows, at: row * d, rows, at: other * d, count: d)
                    arithmetic.rankOne(
                        m: 1, n: d, Buffer([-inner]), rows, at: other * d, into: place)
                }
            }
            let square = arithmetic.dot(rows, at: row * d, rows, at: row * d, count: d)
            arithmetic.scale(rows, (row * d)..<((row + 1) * d), by: 1 / square.squareRoot())
        }
        return rows.elements
    }

    /// Draws sources `[count, d]`, and mixes them.
    package func data(
        _ count: Int, stream: inout RandomStream
    ) -> (sources: Buffer<Double>, mixed: Buffer<Double>) {
        let d = truth.dimension
        let sources = Buffer((0..<(count * d)).map { _ in truth.density.draw(&stream) })
        var now = sources
        for layer in (0..<truth.layers).reversed() {
            let next = Buffer<Double>(count: count * d)
            truth.arithmetic.product(
                m: count, n: d, k: d, MatrixPlace(now, stride: d),
                MatrixPlace(inverses[layer], stride: d, isTransposed: true),
                into: MatrixPlace(next, stride: d))
            if layer > 0 {
                for place in 0..<next.count { next[place] = unbend(next[place]) }
            }
            now = next
        }
        return (sources, now)
    }

    /// The z with s(z) = y, by Newton's method, which comes from the right as s is convex.
    package func unbend(_ y: Double) -> Double {
        let (slope, rest) = (truth.slope, 1 - truth.slope)
        var z = min(y, y / slope)
        for _ in 0..<100 {
            let error = slope * z + rest * Elementary.softplus(z) - y
            let next = z - error / (slope + rest * Elementary.logistic(z))
            if next >= z { return z }
            z = next
        }
        return z
    }
}
