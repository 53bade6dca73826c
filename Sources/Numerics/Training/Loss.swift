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

    /// Loss and gradient with respect to the outputs of one example.
    ///
    /// `outputs` has one number, or one for each class; the gradient is written over `gradient`.
    func evaluate(_ outputs: ArraySlice<Double>, target: Double, gradient: inout [Double]) -> Double
    {
        let z = outputs[outputs.startIndex]
        switch self {
        case .logistic:
            let sign = target > 0.5 ? 1.0 : -1.0
            gradient[0] = -sign * Elementary.logistic(-sign * z)
            return Elementary.softplus(-sign * z)
        case .focal(let gamma):
            let sign = target > 0.5 ? 1.0 : -1.0
            let p = Elementary.logistic(sign * z)
            let q = Elementary.logistic(-sign * z)
            let loss = Elementary.softplus(-sign * z)
            let weight = gamma == 0 ? 1 : q > 0 ? Elementary.power(q, gamma) : 0
            // d/dz of q^γ · loss, with dq/dz = −s p q and dloss/dz = −s q.
            gradient[0] = -sign * weight * (gamma * p * loss + q)
            return weight * loss
        case .crossEntropy:
            let most = outputs.max() ?? 0
            var sum = 0.0
            for (place, value) in outputs.enumerated() {
                let e = Elementary.exp(value - most)
                gradient[place] = e
                sum += e
            }
            let right = Int(target)
            for place in 0..<outputs.count { gradient[place] /= sum }
            gradient[right] -= 1
            return Elementary.log(sum) + most - outputs[outputs.startIndex + right]
        case .squared:
            gradient[0] = z - target
            return 0.5 * (z - target) * (z - target)
        }
    }
}
