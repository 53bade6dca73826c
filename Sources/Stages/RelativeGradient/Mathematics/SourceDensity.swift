package import Numerics

/// What a source is drawn from, and what a flow takes its outputs for.
package enum SourceDensity: String, CaseIterable {
    /// 1/(π cosh s).
    case sech
    /// e⁻ˢ/(1 + e⁻ˢ)².
    case logistic

    /// The variance: π²/4, π²/3.
    package var variance: Double {
        switch self {
        case .sech: Double.pi * Double.pi / 4
        case .logistic: Double.pi * Double.pi / 3
        }
    }

    /// A source, by the inverse of its distribution function.
    package func draw(_ stream: inout RandomStream) -> Double {
        // Never 0 and never 1.
        let level = (stream.uniform() * 0x1p53 + 0.5) * 0x1p-53
        switch self {
        case .sech:
            let half = level * Double.pi / 2
            return Elementary.log(Elementary.sin(half) / Elementary.cos(half))
        case .logistic: return Elementary.log(level) - Elementary.log1p(-level)
        }
    }

    /// d log p/ds of each: −tanh s, −tanh(s/2).
    package func scores(
        _ values: Buffer<Double>, into scores: Buffer<Double>, _ arithmetic: Arithmetic
    ) {
        scores.copy(values)
        if self == .logistic { arithmetic.scale(scores, 0..<scores.count, by: 0.5) }
        arithmetic.map(.tanh, scores, into: scores)
        arithmetic.scale(scores, 0..<scores.count, by: -1)
    }

    /// Σ log p.
    package func logarithms(_ values: Buffer<Double>, _ arithmetic: Arithmetic) -> Double {
        let all = 0..<values.count
        let soft = Buffer<Double>(count: values.count)
        soft.copy(values)
        if self == .sech { arithmetic.scale(soft, all, by: 2) }
        arithmetic.map(.softplus, soft, into: soft)
        let (sum, bent) = (arithmetic.sum(values, all), arithmetic.sum(soft, all))
        switch self {
        // log cosh s = log(1 + e²ˢ) − s − log 2.
        case .sech: return sum - bent + Double(values.count) * Elementary.log(2 / Double.pi)
        case .logistic: return sum - 2 * bent
        }
    }
}
