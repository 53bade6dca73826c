package import Numerics

/// A random generator of L layers, x = sign(F_L … sign(F_1 c)), c ~ N(0, I_D), and its Gaussian equivalent.
///
/// With b² = 2/π and Ω₀ = 1, the Gaussian model has the covariances Ω_l = b² F Ω_{l−1} Fᵀ + (1 − b²) I of a
/// layer's outputs and Φ = b^L F_L … F_1 between outputs and latents. Rows of F are scaled so that Ω_l has
/// ones on its diagonal, which no sign sees. For one layer Ω is exactly (2/π) asin(F Fᵀ); Φ is exact.
package struct GenerativeModel: Sendable {
    /// D, then the layers' widths; the last is N.
    package let widths: [Int]
    /// F of each layer, `[widths[l + 1], widths[l]]`.
    package let layers: [[Double]]

    /// b² = 2/π, b = √(2/π), and 1 − b².
    static let square = 0.6366197723675814
    static let slope = 0.7978845608028654
    static let rest = 0.36338022763241866

    /// Takes matrices of layers, and scales their rows.
    package init(widths: [Int], layers raw: [[Double]]) {
        precondition(widths.count == raw.count + 1 && raw.count > 0, "\(raw.count) layers")
        self.widths = widths
        var done: [[Double]] = []
        for (place, matrix) in raw.enumerated() {
            let (height, width) = (widths[place + 1], widths[place])
            precondition(matrix.count == height * width, "layer \(place + 1)")
            let images = Self.images(matrix, rows: height, widths: widths, layers: done)
            var scaled = matrix
            for row in 0..<height {
                let variance = Self.covariance(images, row, images, row)
                let factor = 1 / variance.squareRoot()
                for column in 0..<width { scaled[row * width + column] *= factor }
            }
            done.append(scaled)
        }
        layers = done
    }

    /// D.
    package var latents: Int { widths[0] }
    /// N.
    package var inputs: Int { widths[widths.count - 1] }
    /// b^L, the factor of Φ.
    var decay: Double { layers.reduce(1) { product, _ in product * Self.slope } }

    /// Rows on the outputs of the last layer, and what they are on each layer below.
    ///
    /// They are r, r F_L, r F_L F_{L−1} and so on.
    struct Images {
        /// Each level's rows and their width, outputs first, latents last.
        let levels: [(rows: [Double], width: Int)]
    }

    private static func images(
        _ rows: [Double], rows count: Int, widths: [Int], layers: [[Double]]
    ) -> Images {
        var levels = [(rows: rows, width: widths[layers.count])]
        let arithmetic = Arithmetic(portable: .forNumbers)
        for place in layers.indices.reversed() {
            let (height, width) = (widths[place + 1], widths[place])
            let below = Buffer<Double>(count: count * width)
            arithmetic.product(
                m: count, n: width, k: height,
                MatrixPlace(Buffer(levels[levels.count - 1].rows), stride: height),
                MatrixPlace(Buffer(layers[place]), stride: width),
                into: MatrixPlace(below, stride: width))
            levels.append((rows: below.elements, width: width))
        }
        return Images(levels: levels)
    }

    /// Rows of the width N seen on every layer.
    func images(_ rows: [Double]) -> Images {
        Self.images(rows, rows: rows.count / inputs, widths: widths, layers: layers)
    }

    /// a Ω bᵀ of a row of each.
    static func covariance(_ a: Images, _ i: Int, _ b: Images, _ j: Int) -> Double {
        var (sum, factor) = (0.0, 1.0)
        for (place, level) in a.levels.enumerated() {
            var inner = 0.0
            let other = b.levels[place].rows
            for column in 0..<level.width {
                inner.addProduct(
                    level.rows[i * level.width + column], other[j * level.width + column])
            }
            let isLatent = place == a.levels.count - 1
            sum.addProduct(factor * (isLatent ? 1 : rest), inner)
            factor *= square
        }
        return sum
    }

    /// Ω `[N, N]`, exactly symmetric, ones on its diagonal.
    package func covariance(_ arithmetic: Arithmetic) -> [Double] {
        let n = inputs
        let omega = Buffer<Double>(count: n * n)
        let last = layers.count - 1
        var levels = [(rows: layers[last], width: widths[last])]
        if last > 0 {
            let below = Self.images(
                layers[last], rows: n, widths: Array(widths[0...last]),
                layers: Array(layers[0..<last]))
            levels = below.levels
        }
        var factor = Self.square
        for (place, level) in levels.enumerated() {
            let share = (factor * (place == levels.count - 1 ? 1 : Self.rest)).squareRoot()
            let rows = Buffer(level.rows.map { $0 * share })
            let (a, b) = (
                MatrixPlace(rows, stride: level.width),
                MatrixPlace(rows, stride: level.width, isTransposed: true)
            )
            arithmetic.product(
                m: n, n: n, k: level.width, a, b, into: MatrixPlace(omega, stride: n),
                start: .target)
            factor *= Self.square
        }
        for i in 0..<n {
            omega[i * n + i] = 1
            for j in 0..<i { omega[i * n + j] = omega[j * n + i] }
        }
        return omega.elements
    }

    /// Φ Bᵀ, `[N, rows]`, for rows B `[rows, D]` on the latents.
    package func crossed(_ rows: [Double]) -> [Double] {
        let count = rows.count / latents
        let arithmetic = Arithmetic(portable: .forNumbers)
        var values = Buffer(rows)
        // Columns stand as rows: [rows, width].
        for (place, layer) in layers.enumerated() {
            let (height, width) = (widths[place + 1], widths[place])
            let next = Buffer<Double>(count: count * height)
            arithmetic.product(
                m: count, n: height, k: width, MatrixPlace(values, stride: width),
                MatrixPlace(Buffer(layer), stride: width, isTransposed: true),
                into: MatrixPlace(next, stride: height))
            values = next
        }
        return (0..<(inputs * count)).map { place in
            decay * values[place % count * inputs + place / count]
        }
    }
}
