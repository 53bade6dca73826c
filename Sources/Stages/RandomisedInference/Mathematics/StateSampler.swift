package import Numerics

/// How states of one step are chosen: the most probable always, the rest by drawing.
///
/// `always` states enter once with weight 1; `draws` are drawn with replacement from the others, x with
/// probability q(x) among these and weight 1/(draws·q(x)). So every sum over states is met in the mean.
package struct StateSampler {
    /// States that always enter.
    package let always: [Int]
    /// How many are drawn.
    package let draws: Int
    /// The others, and the probability of each.
    package let others: [Int]
    /// q of the others.
    package let probabilities: [Double]
    private let cumulative: [Double]

    /// Splits a budget: `share` of it goes to the most probable states; a budget of all states takes all.
    package init(proposal: [Double], budget: Int, share: Double) {
        let n = proposal.count
        let sure = budget >= n ? n : min(budget - 1, Int((share * Double(budget)).rounded(.down)))
        let order =
            sure == 0
            ? Array(0..<n)
            : (0..<n).sorted {
                proposal[$0] == proposal[$1] ? $0 < $1 : proposal[$0] > proposal[$1]
            }
        always = Array(order.prefix(sure))
        let rest = order.dropFirst(sure).sorted()
        others = rest
        draws = budget >= n ? 0 : budget - sure
        let sum = rest.reduce(0.0) { $0 + proposal[$1] }
        probabilities = rest.map { proposal[$0] / sum }
        var running = 0.0
        cumulative = probabilities.map { probability in
            running += probability
            return running
        }
    }

    /// States with their weights.
    package func draw(_ stream: inout RandomStream) -> [(state: Int, weight: Double)] {
        var chosen = always.map { (state: $0, weight: 1.0) }
        for _ in 0..<draws {
            let level = stream.uniform() * cumulative[cumulative.count - 1]
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > level { high = middle } else { low = middle + 1 }
            }
            chosen.append((others[low], 1 / (Double(draws) * probabilities[low])))
        }
        return chosen
    }

    /// The variance of one step's estimate of Σ p(x) where a state has the share p of Z.
    ///
    /// Its sum over the steps is the part of the relative variance of Z that goes as 1/draws.
    package func variance(of shares: [Double]) -> Double {
        guard draws > 0 else { return 0 }
        var (squares, sum) = (0.0, 0.0)
        for (state, probability) in zip(others, probabilities) where probability > 0 {
            squares += shares[state] * shares[state] / probability
            sum += shares[state]
        }
        return (squares - sum * sum) / Double(draws)
    }
}
