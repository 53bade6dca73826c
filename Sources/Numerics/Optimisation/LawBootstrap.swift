/// Refits to points, or groups of points, drawn with replacement.
///
/// Sample s draws from the stream (seed, `bootstrap`, s), as many draws as there are groups: two
/// laws with the same seed and groups see the same samples (common random numbers), and no sample
/// depends on how many others are made.
package struct LawBootstrap: Sendable {
    /// Natural parameters of each sample that could be fitted.
    package let samples: [[Double]]
    /// How many were drawn.
    package let drawn: Int
    /// Natural parameters with each group left out in turn; empty where that fit fails.
    package let leftOut: [[Double]]

    /// Resamples.
    ///
    /// The points are scaled by the law's units. Every refit starts from the law's own optimum.
    ///
    /// Cost: `count` + groups refits.
    package init(
        _ fitter: LawFitter, _ law: FittedLaw, _ points: ScaledPoints, weights: [Double]? = nil,
        groups: [[Int]], seed: UInt64, count: Int, progress: (Int) -> Void = { _ in }
    ) {
        let base = weights ?? points.y.map { _ in 1 }
        var samples: [[Double]] = []
        samples.reserveCapacity(count)
        for sample in 0..<count {
            let weights = LawBootstrap.weights(
                base, groups: groups, seed: seed, sample: sample)
            if let theta = fitter.refit(law, points: points, weights: weights) {
                let natural = fitter.form.natural(theta, law.scale)
                if natural.allSatisfy({ $0.isFinite }) { samples.append(natural) }
            }
            progress(sample + 1)
        }
        self.samples = samples
        drawn = count
        leftOut = groups.map { group in
            var weights = base
            for row in group { weights[row] = 0 }
            guard groups.count > 1,
                let theta = fitter.refit(law, points: points, weights: weights)
            else { return [] }
            return fitter.form.natural(theta, law.scale)
        }
    }

    /// How often each point was drawn, times its own weight.
    package static func weights(
        _ base: [Double], groups: [[Int]], seed: UInt64, sample: Int
    ) -> [Double] {
        var stream = RandomStream(seed: seed, purpose: "bootstrap", index: UInt64(sample))
        var drawn = [Double](repeating: 0, count: base.count)
        for _ in groups {
            for row in groups[stream.integer(below: groups.count)] { drawn[row] += base[row] }
        }
        return drawn
    }

    /// The standard deviation of a function of the parameters over the samples.
    package func deviation(_ of: ([Double]) -> Double) -> Double {
        let values = samples.map(of)
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    }
}

/// Intervals from bootstrap samples.
package enum BootstrapInterval {
    /// The quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan).
    package static func quantile(_ sorted: [Double], _ p: Double) -> Double {
        let place = max(0, min(1, p)) * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }

    /// The central percentile interval of a level; `nil` for fewer than 20 values.
    package static func percentile(_ values: [Double], _ level: Double) -> (
        low: Double, high: Double
    )? {
        guard values.count >= 20 else { return nil }
        let sorted = values.sorted()
        return (quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2))
    }

    /// The bias-corrected and accelerated interval; `nil` where it is not defined.
    ///
    /// `leftOut` are the estimates with one unit of resampling left out each. Source: Efron, J. Amer.
    /// Statist. Assoc. 82 (1987), §2 and (6.6). Values equal to the estimate count one half.
    package static func bca(
        _ values: [Double], estimate: Double, leftOut: [Double], _ level: Double
    ) -> (low: Double, high: Double)? {
        guard values.count >= 20, leftOut.count >= 3 else { return nil }
        let sorted = values.sorted()
        let below = Double(values.count { $0 < estimate })
        let equal = Double(values.count { $0 == estimate })
        let share = (below + 0.5 * equal) / Double(values.count)
        guard share > 0, share < 1 else { return nil }
        let bias = Distributions.normalQuantile(share)
        let mean = leftOut.reduce(0, +) / Double(leftOut.count)
        let cubes = leftOut.reduce(0.0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
        let squares = leftOut.reduce(0.0) { $0 + (mean - $1) * (mean - $1) }
        guard squares > 0 else { return nil }
        let acceleration = cubes / (6 * squares * squares.squareRoot())
        func place(_ p: Double) -> Double {
            let z = bias + Distributions.normalQuantile(p)
            return Distributions.normal(bias + z / (1 - acceleration * z))
        }
        return (
            quantile(sorted, place((1 - level) / 2)), quantile(sorted, place((1 + level) / 2))
        )
    }
}
