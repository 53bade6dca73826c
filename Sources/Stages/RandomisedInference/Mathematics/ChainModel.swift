package import Numerics

/// A chain of hidden states with positive potentials.
///
/// Z = Σ over x₁ … x_T of e₁(x₁)·Π M(x_{t−1}, x_t)·e_t(x_t).
package struct ChainModel {
    /// N, and T.
    package let states, steps: Int
    /// M, `[N, N]`, the same at every step.
    package let transitions: Buffer<Double>
    /// e, one list a step.
    package let potentials: [[Double]]

    /// Wraps numbers.
    package init(states: Int, transitions: [Double], potentials: [[Double]]) {
        precondition(
            transitions.count == states * states && potentials.allSatisfy { $0.count == states })
        (self.states, steps) = (states, potentials.count)
        self.transitions = Buffer(transitions)
        self.potentials = potentials
    }

    /// Draws one: log e is normal with standard deviation `spread`; log M is `coupling` times inner products
    /// of normal vectors of `rank` numbers over √rank.
    package init(
        states: Int, steps: Int, spread: Double, coupling: Double, rank: Int, seed: UInt64,
        arithmetic: Arithmetic
    ) {
        func normals(_ purpose: String, _ count: Int) -> Buffer<Double> {
            let buffer = Buffer<Double>(count: count)
            var stream = RandomStream(seed: seed, purpose: purpose)
            stream.normals(into: buffer, count: count, kernels: arithmetic.kernels)
            return buffer
        }
        let (from, to) = (normals("from", states * rank), normals("to", states * rank))
        arithmetic.scale(from, 0..<from.count, by: coupling / Double(rank).squareRoot())
        let logarithms = Buffer<Double>(count: states * states)
        arithmetic.product(
            m: states, n: states, k: rank, MatrixPlace(from, stride: rank),
            MatrixPlace(to, stride: rank, isTransposed: true),
            into: MatrixPlace(logarithms, stride: states))
        transitions = Buffer(count: states * states)
        arithmetic.map(.exp, logarithms, into: transitions)
        let fields = normals("potentials", states * steps)
        arithmetic.scale(fields, 0..<fields.count, by: spread)
        let all = Buffer<Double>(count: fields.count)
        arithmetic.map(.exp, fields, into: all)
        (self.states, self.steps) = (states, steps)
        potentials = (0..<steps).map { all.elements(($0 * states)..<(($0 + 1) * states)) }
    }
}

/// What dynamic programming says of a chain: log Z and the marginals of every step.
package struct ExactInference {
    /// log Z.
    package let logZ: Double
    /// p_t(x), one list a step.
    package let marginals: [[Double]]

    /// The forward and the backward pass.
    ///
    /// - Complexity: 4·N²·(T − 1) operations.
    package init(_ model: ChainModel, arithmetic: Arithmetic) {
        let n = model.states
        /// A message through M, or through its transpose.
        func passed(_ message: [Double], isBackward: Bool) -> [Double] {
            let out = Buffer<Double>(count: n)
            arithmetic.product(
                m: 1, n: n, k: n, MatrixPlace(Buffer(message), stride: n),
                MatrixPlace(model.transitions, stride: n, isTransposed: isBackward),
                into: MatrixPlace(out, stride: n))
            return out.elements
        }
        func normalised(_ message: [Double]) -> ([Double], Double) {
            let sum = message.reduce(0, +)
            return (message.map { $0 / sum }, Elementary.log(sum))
        }
        var (message, logarithm) = normalised(model.potentials[0])
        var forward = [message]
        for step in 1..<max(1, model.steps) {
            let next = passed(message, isBackward: false)
            let scaled = normalised(zip(next, model.potentials[step]).map { $0 * $1 })
            (message, logarithm) = (scaled.0, logarithm + scaled.1)
            forward.append(message)
        }
        logZ = logarithm
        var back = [Double](repeating: 1, count: n)
        var marginals = forward
        for step in (0..<model.steps).reversed() {
            marginals[step] = normalised(zip(forward[step], back).map { $0 * $1 }).0
            let weighted = zip(back, model.potentials[step]).map { $0 * $1 }
            back = normalised(passed(weighted, isBackward: true)).0
        }
        self.marginals = marginals
    }
}
