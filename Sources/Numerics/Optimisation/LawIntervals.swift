/// The intervals of one fitted law: which method makes them, and what it makes or why not.
///
/// The rule that `auto` stands for is the one that covers: coverage of each is in docs/LAWS.md.
package struct LawIntervals: Sendable {
    /// What a user asks for.
    package enum Rule: String, Sendable, CaseIterable {
        case auto, profile, percentile, bca
    }

    /// How an interval is made.
    package enum Method: String, Sendable {
        /// From the objective.
        case profile
        /// The estimate ± Student's t times the deviation over fits without one group.
        case jackknife
        /// Quantiles of bootstrap samples.
        case percentile
        /// Quantiles that are corrected for bias and skew.
        case bca
    }

    /// How these intervals are made.
    package let method: Method
    /// Their level.
    package let level: Double
    let law: FittedLaw
    let points: LawPoints
    private let bootstrap: LawBootstrap?

    /// Chooses a method; bootstrap methods need samples.
    package init(
        _ rule: Rule, _ law: FittedLaw, _ points: LawPoints, bootstrap: LawBootstrap?,
        level: Double
    ) {
        method = LawIntervals.method(rule, law.objective, isGrouped: points.groups != nil)
        self.law = law
        self.points = points
        self.bootstrap = bootstrap
        self.level = level
    }

    /// Least squares have profiles; other losses are resampled, and groups left out one by one.
    package static func method(
        _ rule: Rule, _ objective: LawObjective, isGrouped: Bool
    ) -> Method {
        switch rule {
        case .auto where objective.loss == .squares: .profile
        case .auto: isGrouped ? .jackknife : .percentile
        case .profile: .profile
        case .percentile: .percentile
        case .bca: .bca
        }
    }

    /// The interval of a quantity; an end is infinite where the points do not bound it.
    ///
    /// - Throws: ``NoInterval``.
    package func interval(
        of quantity: LawQuantity
    ) throws(NoInterval) -> (low: Double, high: Double) {
        let (n, p) = (points.count, law.freeCount)
        guard n > p else { throw .noFreedom(points: n, parameters: p) }
        if let groups = points.groups, groups.count < NoInterval.leastGroups {
            throw .fewGroups(found: groups.count)
        }
        if method == .profile {
            let found = try ProfileInterval(law, points, of: quantity, confidence: level)
            return (found.low, found.high)
        }
        guard !law.isExact(points.weights) else { throw .exact }
        guard let bootstrap else { throw .fewSamples(found: 0) }
        let estimate = quantity.of(law.natural)
        if method == .jackknife {
            return try BootstrapInterval.jackknife(quantity, estimate, bootstrap.leftOut, level)
        }
        let values = bootstrap.samples.map(quantity.of)
        let plain = try BootstrapInterval.percentile(values, drawn: bootstrap.drawn, level)
        if method == .percentile { return plain }
        return BootstrapInterval.bca(
            values, estimate: estimate,
            leftOut: bootstrap.leftOut.filter { !$0.isEmpty }.map(quantity.of), level) ?? plain
    }
}

extension BootstrapInterval {
    /// The central percentile interval of the samples that could be fitted, out of those drawn.
    ///
    /// - Throws: ``NoInterval`` where they are too few, too many were lost, or all agree.
    package static func percentile(
        _ values: [Double], drawn: Int, _ level: Double
    ) throws(NoInterval) -> (low: Double, high: Double) {
        let lost = drawn - values.count
        guard Double(lost) <= NoInterval.toleratedLoss * Double(drawn) else {
            throw .lostSamples(lost: lost, drawn: drawn)
        }
        guard let found = percentile(values, level) else {
            throw .fewSamples(found: values.count)
        }
        guard found.low < found.high else { throw .noWidth }
        return found
    }

    /// Student's interval with the deviation over fits that leave out one group each.
    ///
    /// Source: Efron & Stein, Ann. Statist. 9 (1981); distances from the estimate itself. Quantities that are
    /// positive by nature are taken by their logarithm.
    /// - Throws: ``NoInterval`` where a fit without a group failed, or all agree.
    package static func jackknife(
        _ quantity: LawQuantity, _ estimate: Double, _ leftOut: [[Double]], _ level: Double
    ) throws(NoInterval) -> (low: Double, high: Double) {
        let count = leftOut.count
        guard count >= NoInterval.leastGroups else { throw .fewGroups(found: count) }
        guard leftOut.allSatisfy({ !$0.isEmpty }) else { throw .openWithoutGroup }
        let center = quantity.even(estimate)
        let squares = leftOut.reduce(0.0) { sum, natural in
            let distance = quantity.even(quantity.of(natural)) - center
            return sum + distance * distance
        }
        let t = Distributions.studentQuantile(central: level, degrees: count - 1)
        let half = t * (squares * Double(count - 1) / Double(count)).squareRoot()
        guard half > 0, half.isFinite else { throw .noWidth }
        return (quantity.natural(center - half), quantity.natural(center + half))
    }
}
