import Numerics
import System

/// The baseline that is told the graph: counts of each output factor's value by its parents' state,
/// with one constant added.
///
/// The conjectured rate χ/ε of arXiv 2411.01375 is that of this estimator.
package struct KnownGraphCounts: Sendable {
    private let task: FactorTask
    /// Counts `[states, size]` of every output factor.
    package private(set) var counts: [[Double]]

    /// Counts nothing yet.
    package init(_ task: FactorTask) {
        self.task = task
        counts = task.tables.map { [Double](repeating: 0, count: $0.states * $0.size) }
    }

    /// Counts one pair.
    package mutating func add(x: Int, y: Int) {
        for (factor, table) in task.tables.enumerated() {
            let value = task.output.value(of: factor, in: y)
            counts[factor][task.state(of: factor, at: x) * table.size + value] += 1
        }
    }

    /// The mean over x of KL(p(·|x) ‖ p̂(·|x)), p̂_j = (n + c) / (Σ n + c q_j), c > 0; exact: the
    /// sum over factors of the mean over their parents' states.
    ///
    /// - Complexity: O(χ).
    package func excess(constant: Double) -> Double {
        precondition(constant > 0, "a constant of \(constant)")
        var excess = 0.0
        for (counts, table) in zip(counts, task.tables) {
            var sum = 0.0
            for state in 0..<table.states {
                let row = state * table.size..<(state + 1) * table.size
                let total = counts[row].reduce(0, +) + constant * Double(table.size)
                let logTotal = Elementary.log(total)
                for place in row where table.probabilities[place] > 0 {
                    let estimate = Elementary.log(counts[place] + constant) - logTotal
                    sum += table.probabilities[place] * (table.logarithms[place] - estimate)
                }
            }
            excess += sum / Double(table.states)
        }
        return excess
    }
}
