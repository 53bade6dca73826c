/// An interval from the objective itself: a quantity is moved, all coordinates are fitted again.
///
/// For sums of squares: {v : RSS(v) ≤ RSS (1 + t²/(n − p))} with Student's t, exact for a model that is
/// linear near its optimum with normal residuals. Source: Bates & Watts, *Nonlinear Regression Analysis*
/// (1988), §6.1. For points that vary by groups the rise is t² V/V₁ with G − 1 degrees of freedom, where V is
/// the variance by groups and V₁ that of independent residuals of variance 1 (``GroupVariance``).
package struct ProfileInterval: Sendable {
    /// The ends, in natural units; infinite where the objective never rises so far.
    package let low, high: Double
    /// Values and objectives along the way, ascending.
    package let curve: [(value: Double, objective: Double)]

    /// The interval of a quantity.
    ///
    /// Cost: about a dozen refits, and a dozen more where the curve is traced.
    /// - Throws: ``NoInterval``.
    package init(
        _ law: FittedLaw, _ points: LawPoints, of quantity: LawQuantity, confidence: Double,
        isTraced: Bool = false
    ) throws(NoInterval) {
        let axis = quantity.axis(of: law)
        let slopes = axis.function.derivatives(law.theta, held: law.held).slopes
        let rise = try ProfileInterval.rise(law, points, slopes, confidence)
        var walk = ProfileWalk(law, points, axis.function, rise)
        let ends = (walk.end(-1), walk.end(1))
        if isTraced { walk.trace(from: ends.0, to: ends.1) }
        let told = (axis.natural(ends.0), axis.natural(ends.1))
        low = min(told.0, told.1)
        high = max(told.0, told.1)
        curve = walk.visited.map {
            (axis.natural($0.place), $0.objective)
        }.sorted { $0.0 < $1.0 }
    }

    /// By how much the sum of squares may rise, and what the variance of independent points is.
    typealias Rise = (squares: Double, independent: Double)

    private static func rise(
        _ law: FittedLaw, _ points: LawPoints, _ slopes: [Double], _ confidence: Double
    ) throws(NoInterval) -> Rise {
        guard law.objective.loss == .squares else {
            throw .noProfile(objective: law.objective.text)
        }
        let (n, p) = (points.count, law.freeCount)
        guard n > p else { throw .noFreedom(points: n, parameters: p) }
        guard !law.isExact(points.weights) else { throw .exact }
        let variance = GroupVariance(law, weights: points.weights)
        let independent = variance.ofIndependent(slopes) ?? 0
        guard let groups = points.groups else {
            let t = Distributions.studentQuantile(central: confidence, degrees: n - p)
            return (law.value * t * t / Double(n - p), independent)
        }
        let filled = groups.filter { rows in rows.contains { points.weights[$0] > 0 } }
        guard filled.count >= NoInterval.leastGroups else {
            throw .fewGroups(found: filled.count)
        }
        let t = Distributions.studentQuantile(central: confidence, degrees: filled.count - 1)
        let byGroups = try variance.ofGroups(filled, slopes)
        guard independent > 0 else { throw .openWithoutGroup }
        return (t * t * byGroups / independent, independent)
    }
}

extension FittedLaw {
    /// Whether residuals are nothing but rounding.
    package func isExact(_ weights: [Double]) -> Bool {
        let unit = objective.isLinear ? scale.y : 1
        return zip(residuals, weights).allSatisfy { $1 == 0 || $0.magnitude <= 1e-13 * unit }
    }
}
