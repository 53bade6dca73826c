/// How far single runs lie from the law, in the space in which residuals are taken.
package struct ResidualNoise: Sendable, Equatable {
    /// The standard deviation of a run of weight 1.
    package let scale: Double
    /// The degrees of freedom that it is known with.
    package let degrees: Int

    /// Names a scale.
    package init(scale: Double, degrees: Int) {
        self.scale = scale
        self.degrees = degrees
    }

    /// The root of Σ w r²/(n − p); for groups of Σ w r r*/n, where r* is what remains of a point when
    /// its whole group is left out, so that what a group shares counts as noise of a new one.
    ///
    /// - Throws: ``NoInterval`` where the points do not show it.
    package init(_ law: FittedLaw, _ points: LawPoints) throws(NoInterval) {
        let (n, p) = (points.count, law.freeCount)
        guard n > p else { throw .noFreedom(points: n, parameters: p) }
        guard let groups = points.groups else {
            let squares = zip(law.residuals, points.weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
            self.init(scale: (squares / Double(n - p)).squareRoot(), degrees: n - p)
            return
        }
        guard groups.count >= NoInterval.leastGroups else {
            throw .fewGroups(found: groups.count)
        }
        let products = try GroupVariance(law, weights: points.weights).products(groups)
        self.init(
            scale: (max(0, products) / Double(n)).squareRoot(), degrees: groups.count - 1)
    }

    /// Where a new run lies: the law's own uncertainty and the noise of a run, added as squares.
    ///
    /// For a law that is linear in its parameters this is the textbook's prediction interval.
    package func newRun(
        _ value: Double, _ ends: (low: Double, high: Double), _ objective: LawObjective,
        level: Double
    ) -> (low: Double, high: Double) {
        let noise = scale * Distributions.studentQuantile(central: level, degrees: degrees)
        let center = objective.measured(value)
        func half(_ end: Double) -> Double {
            let distance = objective.measured(end) - center
            return distance.isNaN ? .infinity : (distance * distance + noise * noise).squareRoot()
        }
        return (
            objective.unmeasured(center - half(ends.low)),
            objective.unmeasured(center + half(ends.high))
        )
    }
}

/// What a law says of a place: the law itself, and a new run there.
package struct LawPrediction: Sendable {
    /// An interval, or why there is none.
    package typealias Interval = Result<(low: Double, high: Double), NoInterval>

    /// The law's value.
    package let value: Double
    /// Where the law lies.
    package let law: Interval
    /// Where a new run lies.
    package let newRun: Interval
}

extension LawIntervals {
    /// The law at `x`, a value for each input, and a new run of weight 1 there.
    package func prediction(at x: [Double]) -> LawPrediction {
        let value = law.predict(x.map { [$0] })[0]
        let own = LawPrediction.Interval { () throws(NoInterval) in
            try interval(of: .prediction(at: x, of: law))
        }
        return LawPrediction(
            value: value, law: own,
            newRun: LawPrediction.Interval { () throws(NoInterval) in
                try ResidualNoise(law, points).newRun(
                    value, try own.get(), law.objective, level: level)
            })
    }
}
