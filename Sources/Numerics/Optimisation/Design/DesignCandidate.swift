/// A run that could be made next, as a law sees it.
package struct DesignCandidate: Sendable {
    /// The slope of the law there by each parameter, over the standard deviation of one run.
    package let slope: [Double]
    /// What the run costs; greater than zero.
    package let cost: Double

    /// Wraps a slope of `[p]`, in standard deviations of a run, and a cost.
    package init(slope: [Double], cost: Double) {
        precondition(cost > 0 && cost.isFinite, "cost \(cost)")
        self.slope = slope
        self.cost = cost
    }
}

/// A law's uncertainty and what is asked of it.
package struct DesignQuestion: Sendable {
    /// What is to be small.
    package enum Aim: Sendable, Equatable {
        /// The variance of the law at the targets, in the mean: c-optimal for one, I-optimal for many.
        case targets
        /// The volume of the parameters' region: D-optimal.
        case parameters
    }

    /// What is to be small.
    package let aim: Aim
    /// The parameters' covariance now.
    package let covariance: DesignCovariance
    /// The law's slope by each parameter, `[p]`, at each target.
    package let targets: [[Double]]

    /// Asks for a small variance at targets, or of the parameters.
    package init(aim: Aim, covariance: DesignCovariance, targets: [[Double]]) {
        self.aim = aim
        self.covariance = covariance
        self.targets = targets
    }

    /// What is made small: the mean variance at the targets, or minus the gain in log det of the information.
    ///
    /// `gained` is Σ log(1 + g′Vg) of the runs so far, by which the determinant of the covariance fell.
    func value(_ covariance: DesignCovariance, gained: Double) -> Double {
        switch aim {
        case .parameters: -gained
        case .targets: variance(covariance)
        }
    }

    /// The mean variance at the targets.
    package func variance(_ covariance: DesignCovariance) -> Double {
        targets.reduce(0) { $0 + covariance.variance($1) } / Double(max(1, targets.count))
    }

    /// How much a run with a slope, of weight 1, makes the value smaller.
    func gain(_ covariance: DesignCovariance, _ slope: [Double]) -> Double {
        let product = covariance.product(slope)
        let own = DesignCovariance.dot(slope, product)
        switch aim {
        case .parameters: return Elementary.log1p(own)
        case .targets: return shift(product) / (1 + own)
        }
    }

    /// The slope of minus the value by a run's weight, at weight 0.
    func rate(_ covariance: DesignCovariance, _ slope: [Double]) -> Double {
        let product = covariance.product(slope)
        switch aim {
        case .parameters: return DesignCovariance.dot(slope, product)
        case .targets: return shift(product)
        }
    }

    /// Mean of (t′Vg)² over the targets.
    private func shift(_ product: [Double]) -> Double {
        targets.reduce(0) { sum, target in
            let moved = DesignCovariance.dot(target, product)
            return sum + moved * moved
        } / Double(max(1, targets.count))
    }
}
