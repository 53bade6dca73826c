/// Residual blocks with gates, and a last norm, over blocks of rows.
///
/// z ← z + W₂ (silu(W₁ u) · (W₃ u)) with u = rms(z) in each block, and rms(z) in the end; no biases and no
/// scales. Without blocks it is the norm alone. Knows neither where z comes from nor where it goes to.
///
/// Bits: W₁ and W₃ are the halves of one matrix, whose chains run over the width; z enters the chains of
/// W₂ as their start; gradients of weights are chains over all rows, ascending.
package struct GatedBlocks<Scalar: KernelScalar> {
    /// Width of z, width inside a block, number of blocks.
    package let width, hidden, count: Int
    private let arithmetic: Arithmetic
    /// What each norm gave, the last one's first after all blocks', and its factors.
    private let units, inverses: [Buffer<Scalar>]
    private let pairs, slopes, products: [Buffer<Scalar>]
    private let inner, outer: Buffer<Scalar>
    /// Weights as right operands: up, down, and both transposed.
    private let packs: [[Buffer<Scalar>]]

    /// Prepares for at most `capacity` rows at a time.
    package init(width: Int, hidden: Int, count: Int, capacity: Int, arithmetic: Arithmetic) {
        self.width = width
        self.hidden = hidden
        self.count = count
        self.arithmetic = arithmetic
        func buffers(_ number: Int, _ size: Int) -> [Buffer<Scalar>] {
            (0..<number).map { _ in Buffer(count: size) }
        }
        units = buffers(count + 1, capacity * width)
        inverses = buffers(count + 1, capacity)
        pairs = buffers(count, 2 * capacity * hidden)
        slopes = buffers(count, capacity * hidden)
        products = buffers(count, capacity * hidden)
        inner = Buffer(count: count == 0 ? 0 : capacity * hidden)
        outer = Buffer(count: count == 0 ? 0 : capacity * width)
        let shapes = [
            (2 * hidden, width), (width, hidden), (hidden, width), (width, 2 * hidden),
        ]
        packs = (0..<count).map { _ in
            shapes.map { Buffer(count: arithmetic.packedCount(n: $0.0, k: $0.1, Scalar.self)) }
        }
    }

    /// How many parameters all blocks have; each in turn: W₁ and W₃ side by side `[width, 2·hidden]`, W₂
    /// `[hidden, width]`.
    package var parameterCount: Int { count * 3 * width * hidden }

    /// Where a block's W₁ and W₃ start, and its W₂.
    package func place(of block: Int) -> (up: Int, down: Int) {
        let start = block * 3 * width * hidden
        return (start, start + 2 * width * hidden)
    }

    private func matrices(
        _ block: Int, _ buffer: Buffer<Scalar>, at offset: Int, isTransposed: Bool = false
    ) -> (up: MatrixPlace<Scalar>, down: MatrixPlace<Scalar>) {
        let place = place(of: block)
        return (
            MatrixPlace(
                buffer, at: offset + place.up, stride: 2 * hidden, isTransposed: isTransposed),
            MatrixPlace(
                buffer, at: offset + place.down, stride: width, isTransposed: isTransposed)
        )
    }

    /// Takes note of the weights: to be called whenever they have changed.
    package func prepare(_ parameters: Buffer<Scalar>, at offset: Int) {
        for block in 0..<count {
            let plain = matrices(block, parameters, at: offset)
            let turned = matrices(block, parameters, at: offset, isTransposed: true)
            let pack = packs[block]
            arithmetic.pack(n: 2 * hidden, k: width, plain.up, into: pack[0])
            arithmetic.pack(n: width, k: hidden, plain.down, into: pack[1])
            arithmetic.pack(n: hidden, k: width, turned.down, into: pack[2])
            arithmetic.pack(n: width, k: 2 * hidden, turned.up, into: pack[3])
        }
    }

    /// Runs rows of z `[rows, width]` through; z is used up.
    ///
    /// - Returns: the normalised end `[rows, width]`, valid until the next call.
    package func forward(
        rows: Int, _ z: Buffer<Scalar>, parameters: Buffer<Scalar>, at offset: Int
    ) -> Buffer<Scalar> {
        for block in 0..<count {
            let weights = matrices(block, parameters, at: offset)
            arithmetic.rms(
                rows: rows, width: width, z, into: units[block], inverses: inverses[block])
            arithmetic.product(
                m: rows, n: 2 * hidden, k: width, MatrixPlace(units[block], stride: width),
                weights.up, into: MatrixPlace(pairs[block], stride: 2 * hidden),
                packed: packs[block][0])
            arithmetic.gate(
                rows: rows, hidden: hidden, pairs[block], slope: slopes[block],
                into: products[block])
            arithmetic.product(
                m: rows, n: width, k: hidden, MatrixPlace(products[block], stride: hidden),
                weights.down, into: MatrixPlace(z, stride: width), start: .target,
                packed: packs[block][1])
        }
        arithmetic.rms(rows: rows, width: width, z, into: units[count], inverses: inverses[count])
        return units[count]
    }

    /// The way back for the rows of the last ``forward(rows:_:parameters:at:)``: `into` ← the gradient of
    /// z from `delta`, that of what it returned; gradients of weights are written, or added to what is there.
    package func backward(
        rows: Int, _ delta: Buffer<Scalar>, into z: Buffer<Scalar>, parameters: Buffer<Scalar>,
        gradient: Buffer<Scalar>, at offset: Int, adds: Bool
    ) {
        arithmetic.rmsBack(
            rows: rows, width: width, y: units[count], inverses: inverses[count], delta: delta,
            adds: false, into: z)
        for block in (0..<count).reversed() {
            let weights = matrices(block, parameters, at: offset, isTransposed: true)
            let gradients = matrices(block, gradient, at: offset)
            let back = MatrixPlace(z, stride: width)
            let pair = MatrixPlace(pairs[block], stride: 2 * hidden)
            arithmetic.product(
                m: hidden, n: width, k: rows,
                MatrixPlace(products[block], stride: hidden, isTransposed: true), back,
                into: gradients.down, start: adds ? .target : .zero)
            arithmetic.product(
                m: rows, n: hidden, k: width, back, weights.down,
                into: MatrixPlace(inner, stride: hidden), packed: packs[block][2])
            arithmetic.gateBack(
                rows: rows, hidden: hidden, delta: inner, slope: slopes[block], pairs[block])
            arithmetic.product(
                m: width, n: 2 * hidden, k: rows,
                MatrixPlace(units[block], stride: width, isTransposed: true), pair,
                into: gradients.up, start: adds ? .target : .zero)
            arithmetic.product(
                m: rows, n: width, k: 2 * hidden, pair, weights.up,
                into: MatrixPlace(outer, stride: width), packed: packs[block][3])
            arithmetic.rmsBack(
                rows: rows, width: width, y: units[block], inverses: inverses[block], delta: outer,
                adds: true, into: z)
        }
    }
}
