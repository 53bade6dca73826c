import Numerics

/// A gated recurrent unit over a chunk of text, and the way back through it.
///
/// z = σ(x·Wz + bz + h·Uz + cz), r = σ(x·Wr + br + h·Ur + cr), m = tanh(x·Wn + bn + r ⊙ (h·Un + cn)),
/// h′ = m + z ⊙ (h − m). Source: Cho et al., arXiv 1406.1078; the reset gate after the product as in cuDNN.
/// Gates lie side by side: z, r, m.
final class GatedRecurrence {
    private let shape: TextShape
    private let streams, length: Int
    private let arithmetic: Arithmetic
    /// The state that the next chunk starts from `[streams, hidden]`.
    let memory: Buffer<Float>
    private let first: Buffer<Float>
    /// `[length, streams, 3·hidden]`: what x gives, then the gates; what h gives; both gradients.
    private let gates, back, inputDelta, stateDelta: Buffer<Float>
    /// A step's sums before σ and tanh, and after.
    private let sums, values: Buffer<Float>
    private let news, newValues: Buffer<Float>
    private let carried: Buffer<Float>

    init(_ shape: TextShape, streams: Int, length: Int, arithmetic: Arithmetic) {
        self.shape = shape
        self.streams = streams
        self.length = length
        self.arithmetic = arithmetic
        let (state, wide) = (streams * shape.hidden, 3 * streams * shape.hidden)
        memory = Buffer(count: state)
        first = Buffer(count: state)
        gates = Buffer(count: length * wide)
        back = Buffer(count: length * wide)
        inputDelta = Buffer(count: length * wide)
        stateDelta = Buffer(count: length * wide)
        sums = Buffer(count: 2 * state)
        values = Buffer(count: 2 * state)
        news = Buffer(count: state)
        newValues = Buffer(count: state)
        carried = Buffer(count: state)
    }

    /// Starts from zero.
    func forget() { memory.clear(0..<memory.count) }

    func forward(_ parameters: Buffer<Float>, rows: MatrixPlace<Float>, into hidden: Buffer<Float>)
    {
        let (h, wide, layout) = (shape.hidden, 3 * shape.hidden, shape.layout)
        first.store(memory.elements, at: 0)
        arithmetic.product(
            m: length * streams, n: wide, k: shape.inputs, rows,
            MatrixPlace(parameters, at: layout.weights, stride: wide),
            into: MatrixPlace(gates, stride: wide),
            start: .bias(parameters, at: layout.weights + shape.inputs * wide))
        for t in 0..<length {
            let at = t * streams * wide
            arithmetic.product(
                m: streams, n: wide, k: h, MatrixPlace(memory, stride: h),
                MatrixPlace(parameters, at: layout.recurrent, stride: wide),
                into: MatrixPlace(back, at: at, stride: wide),
                start: .bias(parameters, at: layout.recurrent + h * wide))
            for s in 0..<streams {
                let row = at + s * wide
                for j in 0..<(2 * h) { sums[s * 2 * h + j] = gates[row + j] + back[row + j] }
            }
            arithmetic.map(.logistic, sums, into: values)
            for s in 0..<streams {
                let row = at + s * wide + 2 * h
                for j in 0..<h {
                    news[s * h + j] = gates[row + j].addingProduct(
                        values[s * 2 * h + h + j], back[row + j])
                }
            }
            arithmetic.map(.tanh, news, into: newValues)
            for s in 0..<streams {
                for j in 0..<h {
                    let (z, m) = (values[s * 2 * h + j], newValues[s * h + j])
                    let state = m.addingProduct(z, memory[s * h + j] - m)
                    let row = at + s * wide + j
                    (gates[row], gates[row + h], gates[row + 2 * h]) = (
                        z, values[s * 2 * h + h + j], m
                    )
                    memory[s * h + j] = state
                    hidden[(t * streams + s) * h + j] = state
                }
            }
        }
    }

    func backward(
        _ parameters: Buffer<Float>, rows: Buffer<Float>, hidden: Buffer<Float>,
        hiddenGradient: Buffer<Float>, rowGradient: Buffer<Float>, gradient: Buffer<Float>
    ) {
        let (h, wide, layout) = (shape.hidden, 3 * shape.hidden, shape.layout)
        let count = length * streams
        carried.clear(0..<carried.count)
        let states = MatrixPlace(stateDelta, stride: wide)
        for t in (0..<length).reversed() {
            for s in 0..<streams {
                let (row, at) = ((t * streams + s) * wide, (t * streams + s) * h)
                for j in 0..<h {
                    let (z, r, m) = (gates[row + j], gates[row + h + j], gates[row + 2 * h + j])
                    let before = t > 0 ? hidden[at - streams * h + j] : first[s * h + j]
                    let delta = hiddenGradient[at + j] + carried[s * h + j]
                    let dm = delta * (1 - z) * (1 - m * m)
                    let dz = delta * (before - m) * (z * (1 - z))
                    let dr = dm * back[row + 2 * h + j] * (r * (1 - r))
                    (inputDelta[row + j], inputDelta[row + h + j], inputDelta[row + 2 * h + j]) = (
                        dz, dr, dm
                    )
                    (stateDelta[row + j], stateDelta[row + h + j], stateDelta[row + 2 * h + j]) = (
                        dz, dr, dm * r
                    )
                    carried[s * h + j] = delta * z
                }
            }
            arithmetic.product(
                m: streams, n: h, k: wide,
                MatrixPlace(stateDelta, at: t * streams * wide, stride: wide),
                MatrixPlace(parameters, at: layout.recurrent, stride: wide, isTransposed: true),
                into: MatrixPlace(carried, stride: h), start: .target)
        }
        let inputs = MatrixPlace(inputDelta, stride: wide)
        arithmetic.product(
            m: shape.inputs, n: wide, k: count,
            MatrixPlace(rows, stride: shape.inputs, isTransposed: true), inputs,
            into: MatrixPlace(gradient, at: layout.weights, stride: wide))
        arithmetic.columnSums(
            rows: count, columns: wide, inputs, into: gradient,
            at: layout.weights + shape.inputs * wide)
        // The state before the first character, then those before the others.
        arithmetic.product(
            m: h, n: wide, k: streams, MatrixPlace(first, stride: h, isTransposed: true), states,
            into: MatrixPlace(gradient, at: layout.recurrent, stride: wide))
        arithmetic.product(
            m: h, n: wide, k: count - streams, MatrixPlace(hidden, stride: h, isTransposed: true),
            MatrixPlace(stateDelta, at: streams * wide, stride: wide),
            into: MatrixPlace(gradient, at: layout.recurrent, stride: wide), start: .target)
        arithmetic.columnSums(
            rows: count, columns: wide, states, into: gradient, at: layout.recurrent + h * wide)
        arithmetic.product(
            m: count, n: shape.inputs, k: wide, inputs,
            MatrixPlace(parameters, at: layout.weights, stride: wide, isTransposed: true),
            into: MatrixPlace(rowGradient, stride: shape.inputs))
    }
}
