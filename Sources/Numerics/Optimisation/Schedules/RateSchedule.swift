/// A learning-rate schedule η₀, η₁, …, with what laws of schedules need of it.
package struct RateSchedule: Sendable {
    /// η by step.
    package let rates: [Double]
    /// Σ η up to and with a step.
    package let sums: [Double]
    /// The steps k at which the rate changes, ascending.
    let changes: [Int]
    /// η_{k−1} − η_k of each change.
    let falls: [Double]
    /// The logarithm of η_k after each change; −∞ for 0.
    let logs: [Double]

    /// Prepares a schedule.
    ///
    /// - Parameters:
    ///   - rates: η by step.
    ///   - first: the first step whose change counts; those of a warm-up before it do not.
    package init(_ rates: [Double], from first: Int = 1) {
        self.rates = rates
        var sum = 0.0
        sums = rates.map {
            sum += $0
            return sum
        }
        let start = max(1, first)
        let changes =
            start < rates.count ? (start..<rates.count).filter { rates[$0] != rates[$0 - 1] } : []
        self.changes = changes
        falls = changes.map { rates[$0 - 1] - rates[$0] }
        logs = changes.map { rates[$0] > 0 ? Elementary.log(rates[$0]) : -.infinity }
    }

    /// How many changes there are up to and with a step.
    func count(through step: Int) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= step { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Σ_{i ≤ t} Σ_{k ≤ i} (η_{k−1} − η_k) λ^{i−k} by step t, by its recursion.
    ///
    /// Source: Tissue et al., arXiv 2408.11029.
    package func annealing(_ decay: Double) -> [Double] {
        var fall = [Double](repeating: 0, count: rates.count)
        for (step, size) in zip(changes, falls) { fall[step] = size }
        var (momentum, sum) = (0.0, 0.0)
        return fall.map {
            momentum = decay * momentum + $0
            sum += momentum
            return sum
        }
    }
}
