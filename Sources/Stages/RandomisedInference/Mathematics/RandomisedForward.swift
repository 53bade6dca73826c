package import Numerics

/// The forward pass over chosen states only: an estimate of Z whose mean is Z.
package struct RandomisedForward {
    /// The chain.
    package let model: ChainModel
    /// What chooses the states of each step.
    package let samplers: [StateSampler]

    /// Names both.
    package init(_ model: ChainModel, samplers: [StateSampler]) {
        precondition(samplers.count == model.steps, "\(samplers.count) for \(model.steps) steps")
        self.model = model
        self.samplers = samplers
    }

    /// log of an estimate, with states drawn afresh at each step.
    ///
    /// - Complexity: 2·K²·(T − 1) operations for K states a step.
    package func logEstimate(_ stream: inout RandomStream) -> Double {
        logEstimate(of: samplers.map { $0.draw(&stream) })
    }

    /// log of the estimate of given states and weights.
    package func logEstimate(of choice: [[(state: Int, weight: Double)]]) -> Double {
        func weighted(_ step: Int) -> [Double] {
            choice[step].map { $0.weight * model.potentials[step][$0.state] }
        }
        var (message, logarithm) = (weighted(0), 0.0)
        for step in 1..<max(1, choice.count) {
            let (before, now) = (choice[step - 1].map { $0.state }, choice[step].map { $0.state })
            let sums = passed(message, before, now)
            let next = zip(sums, weighted(step)).map { $0 * $1 }
            let sum = next.reduce(0, +)
            logarithm += Elementary.log(sum)
            message = next.map { $0 / sum }
        }
        return logarithm + Elementary.log(message.reduce(0, +))
    }

    /// Σᵢ message[i]·M(before[i], now[j]), i ascending.
    private func passed(_ message: [Double], _ before: [Int], _ now: [Int]) -> [Double] {
        let n = model.states
        precondition(
            (before + now).allSatisfy { $0 >= 0 && $0 < n } && message.count == before.count,
            "states beyond the model's")
        var sums = [Double](repeating: 0, count: now.count)
        unsafe now.withUnsafeBufferPointer { now in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                for (place, state) in before.enumerated() {
                    let factor = message[place]
                    let row = unsafe model.transitions.pointer(at: state * n, size: n)
                    for j in 0..<now.count { unsafe sums[j] += factor * row[now[j]] }
                }
            }
        }
        return sums
    }

    /// The exact E (Ẑ/Z − 1)², by dynamic programming over pairs of states.
    ///
    /// Ẑ² is a sum over pairs of paths; a pair (x, x′) at a step counts E n(x)n(x′) times its weights:
    /// 1 where one of the two always enters, else 1 − 1/draws, and 1/(draws·q(x)) more where x = x′.
    ///
    /// - Complexity: 4·N³·(T − 1) operations, memory for 3·N² numbers.
    package func meanSquareError(logZ: Double, arithmetic: Arithmetic) -> Double {
        let n = model.states
        let (pairs, half) = (Buffer<Double>(count: n * n), Buffer<Double>(count: n * n))
        for place in 0..<(n * n) { pairs[place] = 1 }
        var logarithm = 0.0
        for step in 0..<model.steps {
            if step > 0 {
                arithmetic.product(
                    m: n, n: n, k: n, MatrixPlace(pairs, stride: n),
                    MatrixPlace(model.transitions, stride: n), into: MatrixPlace(half, stride: n))
                arithmetic.product(
                    m: n, n: n, k: n, MatrixPlace(model.transitions, stride: n, isTransposed: true),
                    MatrixPlace(half, stride: n), into: MatrixPlace(pairs, stride: n))
            }
            let sum = weigh(pairs, step)
            logarithm += Elementary.log(sum)
            for place in 0..<(n * n) { pairs[place] /= sum }
        }
        return Elementary.expm1(logarithm - 2 * logZ)
    }

    /// Weighs pairs by a step's potentials and draws; returns their sum.
    private func weigh(_ pairs: Buffer<Double>, _ step: Int) -> Double {
        let (n, sampler, e) = (model.states, samplers[step], model.potentials[step])
        var same = [Double](repeating: 0, count: n)
        var isDrawn = [Bool](repeating: false, count: n)
        for (state, probability) in zip(sampler.others, sampler.probabilities) {
            isDrawn[state] = true
            if probability > 0 { same[state] = 1 / (Double(sampler.draws) * probability) }
        }
        let both = sampler.draws > 0 ? 1 - 1 / Double(sampler.draws) : 1
        var sum = 0.0
        for x in 0..<n {
            for other in 0..<n {
                var weight = isDrawn[x] && isDrawn[other] ? both : 1
                if x == other, isDrawn[x] { weight += same[x] }
                let value = pairs[x * n + other] * weight * e[x] * e[other]
                pairs[x * n + other] = value
                sum += value
            }
        }
        return sum
    }
}
