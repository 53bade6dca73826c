/// How parameters follow a gradient.
package enum Optimizer: Sendable, Equatable {
    /// v ← μ v + g; w ← w − η v.
    case sgd(momentum: Double)
    /// Kingma & Ba, arXiv 1412.6980, with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    case adam
    /// Adam with weight decay apart from the gradient: Loshchilov & Hutter, arXiv 1711.05101.
    case adamW(decay: Double)
}

/// How the learning rate changes with the step.
package enum Schedule: String, Sendable, CaseIterable {
    /// Always the same.
    case constant
    /// From the full rate to 0 along a line.
    case linear
    /// From the full rate to 0 along half a cosine: Loshchilov & Hutter, arXiv 1608.03983.
    case cosine

    /// The factor at a step of so many, with a linear rise over the first `warmup` steps.
    package func factor(_ step: Int, of steps: Int, warmup: Int = 0) -> Double {
        if step < warmup { return Double(step + 1) / Double(warmup) }
        let t = Double(step - warmup) / Double(max(1, steps - warmup))
        switch self {
        case .constant: return 1
        case .linear: return 1 - t
        case .cosine: return 0.5 * (1 + Elementary.cos(3.141592653589793 * t))
        }
    }
}

/// The moving averages of an optimizer: all that is needed beside the parameters to go on.
package struct OptimizerState<Scalar: KernelScalar> {
    /// Mean of gradients, or velocity.
    package let first: Buffer<Scalar>
    /// Mean of squared gradients; empty for SGD.
    package let second: Buffer<Scalar>
    /// Steps done.
    package private(set) var steps = 0
    private var powers = (first: 1.0, second: 1.0)

    /// An optimizer that has not moved.
    package init(_ optimizer: Optimizer, count: Int) {
        first = Buffer(count: count)
        if case .sgd = optimizer {
            second = Buffer(count: 0)
        } else {
            second = Buffer(count: count)
        }
    }

    /// An optimizer that goes on after so many steps.
    package init(first: [Scalar], second: [Scalar], steps: Int) {
        self.first = Buffer(first)
        self.second = Buffer(second)
        for _ in 0..<steps { advance() }
    }

    /// Moves the parameters one step: ``Arithmetic/momentum(_:mu:rate:gradient:velocity:_:)`` or
    /// ``Arithmetic/adam(_:step:correction:keep:gradient:first:second:_:)``.
    ///
    /// Weights alone decay: biases, gains and shifts do not.
    package mutating func step(
        _ optimizer: Optimizer, rate: Double, _ parameters: Buffer<Scalar>,
        _ gradient: Buffer<Scalar>, layers: [NetworkSpecification.Layer], arithmetic: Arithmetic
    ) {
        advance()
        let all = 0..<parameters.count
        if case .sgd(let momentum) = optimizer {
            arithmetic.momentum(
                all, mu: Scalar(momentum), rate: Scalar(rate), gradient: gradient, velocity: first,
                parameters)
            return
        }
        let step = Scalar(rate / (1 - powers.first))
        let correction = Scalar(1 / (1 - powers.second))
        func adam(_ range: Range<Int>, keep: Scalar) {
            arithmetic.adam(
                range, step: step, correction: correction, keep: keep, gradient: gradient,
                first: first, second: second, parameters)
        }
        guard case .adamW(let decay) = optimizer else { return adam(all, keep: 1) }
        var place = 0
        for layer in layers {
            let end = layer.weights + layer.inputs * layer.outputs
            adam(place..<layer.weights, keep: 1)
            adam(layer.weights..<end, keep: Scalar(1 - rate * decay))
            place = end
        }
        adam(place..<parameters.count, keep: 1)
    }

    /// 0.9ⁿ and 0.999ⁿ by repeated product: the same everywhere.
    private mutating func advance() {
        steps += 1
        powers = (powers.first * 0.9, powers.second * 0.999)
    }
}
