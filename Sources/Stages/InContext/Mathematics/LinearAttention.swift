package import Numerics

/// Layers of linear attention, merged: w ← w + A_l Xᵀ(y − X w)/n from w = 0, one trained A_l `[d, d]` each.
///
/// Every layer is a gradient step of least squares with a matrix for a step size. The loss is |w − truth|²
/// averaged over prompts: the squared error at a fresh query without label noise, averaged over queries.
package struct LinearAttention<Scalar: KernelScalar> {
    /// d, and how many layers.
    package let dimension, layers: Int
    /// A₁, A₂, … row-major.
    package let parameters: Buffer<Scalar>
    private let gradient, state, slope, back: Buffer<Scalar>
    /// y's part that is not explained yet, as Xᵀ(y − Xw)/n, before each layer.
    private let residuals: [Buffer<Scalar>]
    private let width: Int
    private let arithmetic: Arithmetic
    private var optimizer: OptimizerState<Scalar>

    /// Layers of these parameters for batches of `width` prompts.
    package init(
        dimension: Int, layers: Int, width: Int, parameters: [Scalar], arithmetic: Arithmetic
    ) {
        precondition(parameters.count == layers * dimension * dimension, "layers of \(dimension)")
        (self.dimension, self.layers, self.width) = (dimension, layers, width)
        self.arithmetic = arithmetic
        self.parameters = Buffer(parameters)
        gradient = Buffer(count: parameters.count)
        state = Buffer(count: dimension * width)
        slope = Buffer(count: dimension * width)
        back = Buffer(count: dimension * width)
        residuals = (0..<layers).map { _ in Buffer(count: dimension * width) }
        optimizer = OptimizerState(.adam, count: parameters.count)
    }

    private func columns(_ buffer: Buffer<Scalar>, isTransposed: Bool = false) -> MatrixPlace<
        Scalar
    > {
        MatrixPlace(buffer, stride: width, isTransposed: isTransposed)
    }

    private func layer(_ place: Int, isTransposed: Bool = false) -> MatrixPlace<Scalar> {
        MatrixPlace(
            parameters, at: place * dimension * dimension, stride: dimension,
            isTransposed: isTransposed)
    }

    private func vector(_ buffer: Buffer<Scalar>) -> InterleavedPlace<Scalar> {
        InterleavedPlace(buffer, rows: dimension, columns: 1)
    }

    /// The weights that the layers end with, `[d][width]`.
    @discardableResult
    package func forward(_ prompts: PromptBatch<Scalar>) -> Buffer<Scalar> {
        let second = InterleavedPlace(prompts.second, rows: dimension, columns: dimension)
        for place in 0..<layers {
            residuals[place].copy(prompts.cross)
            if place > 0 {
                arithmetic.interleavedProduct(
                    width: width, second, vector(state), into: vector(residuals[place]), .subtract)
            }
            arithmetic.product(
                m: dimension, n: width, k: dimension, layer(place), columns(residuals[place]),
                into: columns(state), start: place == 0 ? .zero : .target)
        }
        return state
    }

    /// The gradient of the mean loss over a batch, left in ``gradients``.
    package func backward(_ prompts: PromptBatch<Scalar>) {
        forward(prompts)
        let factor = 2 / Scalar(width)
        for element in 0..<dimension {
            for lane in 0..<width {
                let place = element * width + lane
                slope[place] = (state[place] - prompts.weight(element, lane: lane)) * factor
            }
        }
        let second = InterleavedPlace(prompts.second, rows: dimension, columns: dimension)
        for place in (0..<layers).reversed() {
            arithmetic.product(
                m: dimension, n: dimension, k: width, columns(slope),
                columns(residuals[place], isTransposed: true),
                into: MatrixPlace(
                    gradient, at: place * dimension * dimension, stride: dimension))
            guard place > 0 else { break }
            arithmetic.product(
                m: dimension, n: width, k: dimension, layer(place, isTransposed: true),
                columns(slope), into: columns(back))
            arithmetic.interleavedProduct(
                width: width, second, vector(back), into: vector(slope), .subtract)
        }
    }

    /// The gradient, as ``backward(_:)`` left it.
    package var gradients: [Scalar] { gradient.elements }

    /// The mean of the diagonal of each layer's A, and the root mean square beside it.
    package var matrices: [(diagonal: Double, offDiagonal: Double)] {
        (0..<layers).map { place in
            var (on, off) = (0.0, 0.0)
            for i in 0..<dimension {
                for j in 0..<dimension {
                    let value = parameters[(place * dimension + i) * dimension + j].double
                    if i == j { on += value } else { off += value * value }
                }
            }
            let others = Double(max(1, dimension * (dimension - 1)))
            return (on / Double(dimension), (off / others).squareRoot())
        }
    }

    /// One step of Adam.
    package mutating func step(_ prompts: PromptBatch<Scalar>, rate: Double) {
        backward(prompts)
        optimizer.step(
            .adam, rate: rate, parameters, gradient, layers: [], arithmetic: arithmetic)
    }
}
