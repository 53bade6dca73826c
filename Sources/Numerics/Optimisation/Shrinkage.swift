/// Empirical Bayes for many small groups: their values are taken as drawn from one normal distribution,
/// whose mean and deviation the groups themselves give.
///
/// The deviation between groups is the moment estimate of DerSimonian & Laird, Controlled Clinical Trials 7
/// (1986): τ² = max(0, (Q − (G − 1))/(Σw − Σw²/Σw)), with w = 1/s² and Q = Σ w (v − v̄)².
package struct Shrinkage: Sendable, Equatable {
    /// The mean of the groups' values, weighted by 1/(s² + τ²).
    package let mean: Double
    /// τ, at least a hundredth of the median standard error, so that a prior of it can be had.
    package let deviation: Double

    /// The estimate from groups' values and their variances s².
    ///
    /// - Returns: `nil` for fewer than three groups with a positive variance.
    package init?(values: [Double], variances: [Double]) {
        let kept = values.indices.filter { variances[$0] > 0 && variances[$0].isFinite }
        guard kept.count >= 3 else { return nil }
        let weights = kept.map { 1 / variances[$0] }
        let total = weights.reduce(0, +)
        func average(_ weights: [Double]) -> Double {
            zip(kept, weights).reduce(0) { $0 + values[$1.0] * $1.1 } / weights.reduce(0, +)
        }
        let common = average(weights)
        let spread = zip(kept, weights).reduce(0) {
            $0 + $1.1 * (values[$1.0] - common) * (values[$1.0] - common)
        }
        let squares = weights.reduce(0) { $0 + $1 * $1 }
        let between = max(0, (spread - Double(kept.count - 1)) / (total - squares / total))
        mean = average(kept.map { 1 / (variances[$0] + between) })
        let errors = kept.map { variances[$0].squareRoot() }.sorted()
        deviation = max(between.squareRoot(), 0.01 * errors[errors.count / 2])
    }
}
