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

/// The moving averages of an optimizer: plain arrays, so that a state can be kept and resumed.
package struct OptimizerState<Scalar: TrainingScalar>: Sendable, Equatable {
    /// Mean of gradients, or velocity.
    package var first: [Scalar]
    /// Mean of squared gradients; empty for SGD.
    package var second: [Scalar]
    /// Steps done.
    package var steps = 0

    /// An optimizer that has not moved.
    package init(_ optimizer: Optimizer, count: Int) {
        first = Array(repeating: 0, count: count)
        if case .sgd = optimizer { second = [] } else { second = first }
    }

    /// Moves the parameters one step.
    ///
    /// Weights alone decay: biases, gains and shifts do not.
    package mutating func step(
        _ optimizer: Optimizer, rate: Double, _ parameters: inout [Scalar], _ gradient: [Scalar],
        layers: [NetworkSpecification.Layer]
    ) {
        steps += 1
        switch optimizer {
        case .sgd(let momentum):
            let (mu, eta) = (Scalar(momentum), Scalar(rate))
            for place in parameters.indices {
                first[place] = mu * first[place] + gradient[place]
                parameters[place] -= eta * first[place]
            }
        case .adam: adam(rate, &parameters, gradient)
        case .adamW(let decay):
            let keep = Scalar(1 - rate * decay)
            for layer in layers {
                for place in layer.weights..<(layer.weights + layer.inputs * layer.outputs) {
                    parameters[place] *= keep
                }
            }
            adam(rate, &parameters, gradient)
        }
    }

    private mutating func adam(_ rate: Double, _ parameters: inout [Scalar], _ gradient: [Scalar]) {
        // Powers by repeated product: exact in the same way everywhere.
        if powers.steps != steps - 1 { powers = Powers(steps: steps - 1) }
        powers.advance()
        let scale = Scalar(rate / (1 - powers.first))
        let correction = Scalar(1 / (1 - powers.second))
        let (a, b): (Scalar, Scalar) = (0.9, 0.999)
        let (a1, b1) = (1 - a, 1 - b)
        for place in parameters.indices {
            let g = gradient[place]
            first[place] = a * first[place] + a1 * g
            second[place] = b * second[place] + b1 * g * g
            parameters[place] -=
                scale * first[place] / ((second[place] * correction).squareRoot() + 1e-8)
        }
    }

    private var powers = Powers(steps: 0)

    /// 0.9ⁿ and 0.999ⁿ.
    private struct Powers: Sendable, Equatable {
        var steps = 0
        var first = 1.0
        var second = 1.0

        init(steps: Int) {
            while self.steps < steps { advance() }
        }

        mutating func advance() {
            steps += 1
            first *= 0.9
            second *= 0.999
        }
    }
}
