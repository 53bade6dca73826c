/// What training makes small: a mean over the batch.
package enum Loss: Sendable, Equatable {
    /// log(1 + e^(−s z)), s = ±1 for target 1 or 0: binary cross-entropy of a logit z.
    case logistic
    /// (1 − p)^γ times the logistic loss, p the probability of the right class: Lin et al.,
    /// arXiv 1708.02002, without their class weight.
    case focal(gamma: Double)
    /// −log softmax(z)ₜ for a target class t, given as a number.
    case crossEntropy
    /// ½ |z − y|² of one output.
    case squared

    /// Loss and slope of one example with one output.
    ///
    /// All but focal losses have kernels; the logistic and the squared loss are what their kernels must
    /// give. Cross-entropy has no such value: it is taken as logistic.
    package func evaluate(_ z: Double, target: Double) -> (loss: Double, slope: Double) {
        let sign = target > 0.5 ? 1.0 : -1.0
        switch self {
        case .logistic, .crossEntropy:
            return (Elementary.softplus(-sign * z), -sign * Elementary.logistic(-sign * z))
        case .focal(let gamma):
            let p = Elementary.logistic(sign * z)
            let q = Elementary.logistic(-sign * z)
            let loss = Elementary.softplus(-sign * z)
            let weight = gamma == 0 ? 1 : q > 0 ? Elementary.power(q, gamma) : 0
            // d/dz of q^γ · loss, with dq/dz = −s p q and dloss/dz = −s q.
            return (weight * loss, -sign * weight * (gamma * p * loss + q))
        case .squared:
            return (0.5 * (z - target) * (z - target), z - target)
        }
    }
}
