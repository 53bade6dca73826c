import Numerics
import System

/// The baseline that knows nothing of the structure: a table of counts over pairs (x, y), with one
/// constant added everywhere.
///
/// Only pairs that were seen are kept, so memory is that of the sample, never N × M.
package struct PairCounts: Sendable {
    /// p(y|x) and the count of every pair that was seen, by increasing x, then y.
    private let probabilities, counts: [Double]
    /// How often each input was seen, for all N.
    private let totals: [Double]
    private let classes: Double
    private let entropy: Double

    /// Counts pairs.
    ///
    /// - Complexity: O(n log n) for n pairs.
    package init(_ task: FactorTask, pairs: [(x: Int, y: Int)]) {
        let size = UInt64(task.output.count)
        var totals = [Double](repeating: 0, count: task.input.count)
        for pair in pairs { totals[pair.x] += 1 }
        let keys = pairs.map { UInt64($0.x) * size + UInt64($0.y) }.sorted()
        var (probabilities, counts): ([Double], [Double]) = ([], [])
        for (place, key) in keys.enumerated() {
            if place > 0 && keys[place - 1] == key {
                counts[counts.count - 1] += 1
            } else {
                let log = task.logProbability(of: Int(key % size), at: Int(key / size))
                probabilities.append(Elementary.exp(log))
                counts.append(1)
            }
        }
        self.probabilities = probabilities
        self.counts = counts
        self.totals = totals
        classes = Double(size)
        entropy = task.entropy
    }

    /// The mean over x of KL(p(·|x) ‖ p̂(·|x)) for p̂ = (n_xy + c) / (n_x + c M), c > 0; exact.
    ///
    /// From Σ_y p log(n_xy + c) = log c + Σ_{seen y} p log(1 + n_xy / c), for p sums to 1.
    /// - Complexity: O(N + pairs seen).
    package func excess(constant: Double) -> Double {
        precondition(constant > 0, "a constant of \(constant)")
        var sum = 0.0
        for total in totals { sum += Elementary.log(total / constant + classes) }
        for (p, count) in zip(probabilities, counts) {
            sum -= p * Elementary.log1p(count / constant)
        }
        return sum / Double(totals.count) - entropy
    }

    /// The constant of some that gives the least excess, and that excess: chosen knowing p, so a
    /// bound that the real estimator does not beat.
    package func best(of constants: [Double]) -> (constant: Double, excess: Double) {
        var best = (constant: Double.nan, excess: Double.infinity)
        for constant in constants {
            let excess = excess(constant: constant)
            if excess < best.excess { best = (constant, excess) }
        }
        return best
    }
}
