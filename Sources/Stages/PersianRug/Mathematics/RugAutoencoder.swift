package import Numerics

/// A trained model of superposition: f(x) = ReLU(x·W_in·W_out + b), untied, with a bias on the last layer.
///
/// W_in is `[features, hidden]`, W_out `[hidden, features]`, in one array with b behind them. The loss is the
/// mean square over batch and features.
package struct RugAutoencoder {
    /// The widths n_s and n_d.
    package let features, hidden: Int
    /// W_in, W_out, b.
    package let parameters: Buffer<Float>
    private let gradient, x, code, output, delta: Buffer<Float>
    private let capacity: Int
    private let arithmetic: Arithmetic
    private var state: OptimizerState<Float>

    /// Initial weights are uniform on ±1/√(inputs of their layer), as PyTorch's.
    package init(
        features: Int, hidden: Int, batch: Int, stream: inout RandomStream, arithmetic: Arithmetic
    ) {
        (self.features, self.hidden, self.arithmetic) = (features, hidden, arithmetic)
        capacity = batch
        let count = 2 * features * hidden + features
        parameters = Buffer(count: count)
        gradient = Buffer(count: count)
        x = Buffer(count: batch * features)
        code = Buffer(count: batch * hidden)
        output = Buffer(count: batch * features)
        delta = Buffer(count: batch * hidden)
        state = OptimizerState(.adam, count: count)
        for place in 0..<count {
            let inputs = place < features * hidden ? features : hidden
            let bound = 1 / Double(inputs).squareRoot()
            parameters[place] = Float(stream.uniform(in: -bound..<bound))
        }
    }

    private var inward: MatrixPlace<Float> { MatrixPlace(parameters, stride: hidden) }
    private var outward: MatrixPlace<Float> {
        MatrixPlace(parameters, at: features * hidden, stride: features)
    }

    /// The outputs of the batch in `x`.
    private func forward() {
        arithmetic.product(
            m: capacity, n: hidden, k: features, MatrixPlace(x, stride: features), inward,
            into: MatrixPlace(code, stride: hidden))
        arithmetic.product(
            m: capacity, n: features, k: hidden, MatrixPlace(code, stride: hidden), outward,
            into: MatrixPlace(output, stride: features),
            start: .bias(parameters, at: 2 * features * hidden), finish: .relu)
    }

    /// One step of Adam on a batch of fresh examples.
    package mutating func step(_ examples: inout SparseFeatures, rate: Double) {
        examples.fill(x, count: x.count)
        forward()
        let factor = 2 / Float(x.count)
        // The gradient with respect to what enters the ReLU takes the outputs' place.
        let (out, target) = unsafe (
            output.pointer(at: 0, size: x.count), x.pointer(at: 0, size: x.count)
        )
        for place in 0..<x.count {
            let value = unsafe out[place]
            unsafe out[place] = value > 0 ? (value - target[place]) * factor : 0
        }
        let slope = MatrixPlace(output, stride: features)
        arithmetic.columnSums(
            rows: capacity, columns: features, slope, into: gradient, at: 2 * features * hidden)
        arithmetic.product(
            m: hidden, n: features, k: capacity,
            MatrixPlace(code, stride: hidden, isTransposed: true), slope,
            into: MatrixPlace(gradient, at: features * hidden, stride: features))
        arithmetic.product(
            m: capacity, n: hidden, k: features, slope,
            MatrixPlace(parameters, at: features * hidden, stride: features, isTransposed: true),
            into: MatrixPlace(delta, stride: hidden))
        arithmetic.product(
            m: features, n: hidden, k: capacity,
            MatrixPlace(x, stride: features, isTransposed: true),
            MatrixPlace(delta, stride: hidden), into: MatrixPlace(gradient, stride: hidden))
        state.step(
            .adam, rate: rate, parameters, gradient, layers: [], arithmetic: arithmetic)
    }

    /// The mean loss of so many batches of fresh examples.
    package func loss(_ examples: inout SparseFeatures, batches: Int) -> Double {
        var sum = 0.0
        for _ in 0..<batches {
            examples.fill(x, count: x.count)
            forward()
            for place in 0..<x.count {
                let error = Double(output[place]) - Double(x[place])
                sum.addProduct(error, error)
            }
        }
        return sum / Double(batches * x.count)
    }

    /// The mean and the standard deviation of the diagonal of W_in·W_out.
    package var diagonal: (mean: Double, deviation: Double) {
        let values = (0..<features).map { i in
            (0..<hidden).reduce(0.0) { sum, k in
                let back = parameters[features * hidden + k * features + i]
                return sum + Double(parameters[i * hidden + k]) * Double(back)
            }
        }
        let mean = values.reduce(0, +) / Double(features)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(features)
        return (mean, variance.squareRoot())
    }
}
