package import Numerics

/// How W goes uphill.
package enum GradientForm: String, CaseIterable {
    /// G, the derivatives by the elements of W.
    case ordinary
    /// G·Wᵀ·W, without an inverse.
    case relative
}

/// The gradient of a flow's mean log-likelihood.
///
/// With δ the derivatives by z over the batch's size B, y the inputs and u = W·y, the ordinary one is
/// G = δᵀ·y + W⁻ᵀ. The relative one is G·Wᵀ·W = δᵀ·(u·W) + W: two products of B·d² instead of an inverse.
/// Biases have their ordinary gradient in both.
package struct FlowGradient {
    /// Of W and b of each layer.
    package let weights, biases: [Buffer<Double>]
    private let form: GradientForm
    /// W⁻¹, or u·W.
    private let moved: Buffer<Double>

    /// Room for a gradient.
    package init(_ form: GradientForm, rows: Int, _ flow: InvertibleFlow) {
        self.form = form
        let d = flow.dimension
        weights = (0..<flow.layers).map { _ in Buffer(count: d * d) }
        biases = (0..<flow.layers).map { _ in Buffer(count: d) }
        moved = Buffer(count: form == .ordinary ? d * d : rows * d)
    }

    /// Computes it from a batch, forward and backward.
    ///
    /// - Throws: ``NumericsError`` where the form is ordinary and a W has no inverse.
    package func compute(_ flow: InvertibleFlow, _ pass: FlowPass) throws(NumericsError) {
        flow.forward(pass)
        flow.backward(pass)
        let d = flow.dimension
        for layer in 0..<flow.layers {
            let (matrix, gradient) = (flow.weights[layer], weights[layer])
            let right: Buffer<Double>
            switch form {
            case .ordinary:
                let factor = try LUFactor(matrix, order: d, arithmetic: flow.arithmetic)
                pass.operations += factor.operations + factor.inverse(into: moved)
                for row in 0..<d {
                    for column in 0..<d { gradient[row * d + column] = moved[column * d + row] }
                }
                right = pass.inputs[layer]
            case .relative:
                flow.arithmetic.product(
                    m: pass.rows, n: d, k: d, MatrixPlace(pass.products[layer], stride: d),
                    MatrixPlace(matrix, stride: d), into: MatrixPlace(moved, stride: d))
                pass.operations += 2 * pass.rows * d * d
                gradient.copy(matrix)
                right = moved
            }
            flow.arithmetic.product(
                m: d, n: d, k: pass.rows,
                MatrixPlace(pass.deltas[layer], stride: d, isTransposed: true),
                MatrixPlace(right, stride: d), into: MatrixPlace(gradient, stride: d),
                start: .target)
            pass.operations += 2 * pass.rows * d * d
            flow.arithmetic.columnSums(
                rows: pass.rows, columns: d, MatrixPlace(pass.deltas[layer], stride: d),
                into: biases[layer])
        }
    }

    /// ‖R − G·Wᵀ·W‖/‖R‖ over all W, this one the relative gradient R and the other the ordinary one G.
    package func distance(
        toTransported ordinary: FlowGradient, _ flow: InvertibleFlow
    ) -> Double {
        let d = flow.dimension
        let (half, whole) = (Buffer<Double>(count: d * d), Buffer<Double>(count: d * d))
        var (error, size) = (0.0, 0.0)
        for layer in 0..<flow.layers {
            let matrix = flow.weights[layer]
            flow.arithmetic.product(
                m: d, n: d, k: d, MatrixPlace(ordinary.weights[layer], stride: d),
                MatrixPlace(matrix, stride: d, isTransposed: true),
                into: MatrixPlace(half, stride: d))
            flow.arithmetic.product(
                m: d, n: d, k: d, MatrixPlace(half, stride: d), MatrixPlace(matrix, stride: d),
                into: MatrixPlace(whole, stride: d))
            for place in 0..<(d * d) {
                let value = weights[layer][place]
                error += (value - whole[place]) * (value - whole[place])
                size += value * value
            }
        }
        return (error / size).squareRoot()
    }
}
