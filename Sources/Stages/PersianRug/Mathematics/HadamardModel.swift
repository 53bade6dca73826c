package import Numerics

/// The Hadamard model: W_in is rows of the ±1 Hadamard matrix, W_out = W_inᵀ/n_d, the output ReLU(A(Wx + m)).
///
/// Nothing is stored of W: x is transformed, all rows but the chosen are set to 0, and the result is
/// transformed back (the fast Walsh–Hadamard transform). The transform goes by factors of at most 32: along
/// each axis of the features, seen as an array, a product with a small Hadamard matrix. A batch lies
/// `[features, examples]`.
package struct HadamardModel {
    /// How many features there are, a power of 2.
    package let features: Int
    private let factors: [(size: Int, matrix: Buffer<Double>)]
    private let arithmetic: Arithmetic

    /// Prepares for so many features.
    package init(features: Int, arithmetic: Arithmetic) {
        precondition(features >= 2 && features & (features - 1) == 0, "\(features) features")
        self.features = features
        self.arithmetic = arithmetic
        var left = features
        var factors: [(Int, Buffer<Double>)] = []
        while left > 1 {
            let size = min(32, left)
            factors.append((size, Buffer(Self.matrix(size))))
            left /= size
        }
        self.factors = factors
    }

    /// Sylvester's matrix: (−1) to the number of common bits of row and column.
    private static func matrix(_ size: Int) -> [Double] {
        (0..<(size * size)).map { ($0 / size & $0 % size).nonzeroBitCount & 1 == 0 ? 1.0 : -1 }
    }

    /// The transform H·x of a batch, not normalised; `x` and `room` hold it by turns.
    ///
    /// - Complexity: 2·(sum of the factors) flop a number, at most 32 a factor.
    /// - Returns: the one of the two that holds the result.
    package func transform(
        _ x: Buffer<Double>, room: Buffer<Double>, examples: Int
    ) -> Buffer<Double> {
        var (from, to) = (x, room)
        // The features left of this axis, and the numbers from one place on it to the next.
        var (outer, stride) = (1, features * examples)
        for (size, matrix) in factors {
            stride /= size
            for block in 0..<outer {
                let place = block * size * stride
                arithmetic.product(
                    m: size, n: stride, k: size, MatrixPlace(matrix, stride: size),
                    MatrixPlace(from, at: place, stride: stride),
                    into: MatrixPlace(to, at: place, stride: stride))
            }
            outer *= size
            (from, to) = (to, from)
        }
        return from
    }

    /// Wx for a batch, with these rows of the Hadamard matrix.
    ///
    /// - Returns: the one of the two buffers that holds the result.
    package func mixed(
        _ x: Buffer<Double>, room: Buffer<Double>, rows: [Int], examples: Int
    ) -> Buffer<Double> {
        let hidden = transform(x, room: room, examples: examples)
        var isKept = [Bool](repeating: false, count: features)
        for row in rows { isKept[row] = true }
        for row in 0..<features where !isKept[row] {
            hidden.clear((row * examples)..<((row + 1) * examples))
        }
        let other = hidden === x ? room : x
        let back = transform(hidden, room: other, examples: examples)
        arithmetic.scale(back, 0..<(features * examples), by: 1 / Double(rows.count))
        return back
    }

    /// The mean loss of ReLU(A(Wx + m)) over so many batches of fresh examples.
    package func loss(
        _ source: inout SparseFeatures, rows: [Int], scale: Double, shift: Double, examples: Int,
        times: Int
    ) -> Double {
        let size = features * examples
        let (x, copy, room) = (
            Buffer<Double>(count: size), Buffer<Double>(count: size), Buffer<Double>(count: size)
        )
        var sum = 0.0
        for _ in 0..<times {
            source.fill(x, count: size)
            copy.store(x.elements, at: 0)
            let mixed = mixed(copy, room: room, rows: rows, examples: examples)
            for place in 0..<size {
                let error = scale * max(0, mixed[place] + shift) - x[place]
                sum.addProduct(error, error)
            }
        }
        return sum / Double(times * size)
    }

    /// W `[n, n]` of the first rows in order: what the paper's name calls a rug.
    package static func weights(features: Int, rows: Range<Int>) -> [Double] {
        (0..<(features * features)).map { place in
            let (i, j) = (place / features, place % features)
            let sum = rows.reduce(0) { $0 + (($1 & (i ^ j)).nonzeroBitCount & 1 == 0 ? 1 : -1) }
            return Double(sum) / Double(rows.count)
        }
    }
}
