/// What no design within the limits can do better than.
///
/// Runs in fractions make the problem convex, and its optimum is at least as good as that of whole runs.
/// Frank and Wolfe's steps go down. At each of them the tangent plane, minimised over all that may be spent,
/// lies below the optimum. The best of these planes is the bound.
///
/// Source: Frank and Wolfe (1956); Jaggi, ICML 2013, on the duality gap; for designs Pukelsheim,
/// *Optimal Design of Experiments* (1993), chapter 9.
package struct DesignBound: Sendable {
    /// The least that the aim's value can be.
    package let least: Double
    /// The value of the fractional design that was reached.
    package let reached: Double
    /// The fractional design: a weight for each candidate.
    package let weights: [Double]

    /// Bounds the value of every design within limits.
    ///
    /// - Complexity: `steps · candidates · p (p + targets)`, nine times of it with a budget.
    package init(
        _ question: DesignQuestion, _ candidates: [DesignCandidate], _ limits: GreedyDesign.Limits,
        steps: Int = 400
    ) {
        guard limits.budget.isFinite else {
            self.init(question, candidates, limits, costShare: 0, steps: steps)
            return
        }
        // What keeps both limits also keeps any mean of them. Each mean gives a bound, and the tightest holds:
        // by duality it is that of both limits together.
        var best = DesignBound(question, candidates, limits, costShare: 1, steps: steps)
        for eighths in (0..<8).reversed() {
            let share = Double(eighths) / 8
            let other = DesignBound(question, candidates, limits, costShare: share, steps: steps)
            if other.least > best.least { best = other }
        }
        self = best
    }

    /// Bounds the value under one limit: a mean of the share of the budget and the share of the runs that are
    /// used is at most 1.
    private init(
        _ question: DesignQuestion, _ candidates: [DesignCandidate], _ limits: GreedyDesign.Limits,
        costShare: Double, steps: Int
    ) {
        let prices = candidates.map { candidate in
            let ofBudget = costShare == 0 ? 0 : costShare * candidate.cost / limits.budget
            return ofBudget + (1 - costShare) / Double(limits.runs)
        }
        let cap = limits.mayRepeat ? Double.infinity : 1
        var weights = [Double](repeating: 0, count: candidates.count)
        var least = -Double.infinity
        var state = DesignBound.state(question, candidates, weights)
        for _ in 0..<steps {
            let rates = candidates.map { question.rate(state.covariance, $0.slope) }
            let corner = DesignBound.corner(rates, prices, cap: cap)
            let gap = DesignCovariance.dot(rates, corner) - DesignCovariance.dot(rates, weights)
            least = max(least, state.value - gap)
            guard gap > 1e-4 * state.value.magnitude else { break }
            // The value is convex along the way to the corner: a golden section finds its least.
            func at(_ share: Double) -> [Double] {
                weights.indices.map { weights[$0] + share * (corner[$0] - weights[$0]) }
            }
            let share = GoldenSections(from: 0, to: 1, width: 1e-4, ties: .left) {
                DesignBound.state(question, candidates, at($0)).value
            }.middle
            let next = at(share)
            let moved = DesignBound.state(question, candidates, next)
            guard moved.value < state.value else { break }
            weights = next
            state = moved
        }
        self.least = least
        self.weights = weights
        reached = state.value
    }

    /// The covariance and the value with fractional runs.
    private static func state(
        _ question: DesignQuestion, _ candidates: [DesignCandidate], _ weights: [Double]
    ) -> (covariance: DesignCovariance, value: Double) {
        var covariance = question.covariance
        var gained = 0.0
        for (place, weight) in weights.enumerated() where weight > 0 {
            let own = covariance.add(candidates[place].slope, weight: weight)
            gained += Elementary.log1p(weight * own)
        }
        return (covariance, question.value(covariance, gained: gained))
    }

    /// The weights within the limits that gain most by rates: the best rates per price first.
    private static func corner(
        _ rates: [Double], _ prices: [Double], cap: Double
    ) -> [Double] {
        var corner = [Double](repeating: 0, count: rates.count)
        var left = 1.0
        if cap == .infinity {
            let ratios = zip(rates, prices).map { $0 / $1 }
            if let best = ratios.indices.max(by: { ratios[$0] < ratios[$1] }) {
                corner[best] = 1 / prices[best]
            }
            return corner
        }
        let order = rates.indices.sorted { a, b in
            let (one, other) = (rates[a] / prices[a], rates[b] / prices[b])
            return one == other ? a < b : one > other
        }
        for place in order where left > 0 {
            corner[place] = min(cap, left / prices[place])
            left -= corner[place] * prices[place]
        }
        return corner
    }
}
