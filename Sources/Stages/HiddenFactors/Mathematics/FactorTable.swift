package import Numerics

/// The distribution of one output factor given the state of its parents: p_j(y_j | pa_j).
package struct FactorTable: Sendable, Equatable {
    /// How many states the parents have: 1 without parents.
    package let states: Int
    /// How many values the factor has.
    package let size: Int
    /// log p `[states, size]`, natural; all finite (a probability may still round to 0).
    package let logarithms: [Double]
    /// p `[states, size]`: the exponentials.
    package let probabilities: [Double]
    /// The entropy of each row in nats, with 0 log 0 = 0.
    package let entropies: [Double]

    /// Wraps logarithms of probabilities.
    package init(states: Int, size: Int, logarithms: [Double]) {
        precondition(logarithms.count == states * size, "\(logarithms.count) of \(states)×\(size)")
        self.states = states
        self.size = size
        self.logarithms = logarithms
        let probabilities = logarithms.map { Elementary.exp($0) }
        self.probabilities = probabilities
        entropies = (0..<states).map { state in
            (state * size..<(state + 1) * size).reduce(0) {
                probabilities[$1] > 0 ? $0 - probabilities[$1] * logarithms[$1] : $0
            }
        }
    }

    /// Draws every row from the symmetric Dirichlet distribution, independently.
    package init(states: Int, size: Int, concentration: Double, stream: inout RandomStream) {
        var logarithms: [Double] = []
        logarithms.reserveCapacity(states * size)
        for _ in 0..<states {
            logarithms += stream.logDirichlet(concentration: concentration, count: size)
        }
        self.init(states: states, size: size, logarithms: logarithms)
    }

    /// The mean of the rows' entropies: that of the factor given a uniform input.
    package var entropy: Double { entropies.reduce(0, +) / Double(states) }

    /// Draws a value given the parents' state.
    package func sample(state: Int, stream: inout RandomStream) -> Int {
        let start = state * size
        var left = stream.uniform()
        var last = 0
        for value in 0..<size where probabilities[start + value] > 0 {
            left -= probabilities[start + value]
            if left < 0 { return value }
            last = value  // Rows sum to 1 but for rounding.
        }
        return last
    }
}
