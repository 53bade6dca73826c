/// The objective of a form at points: its value and derivatives, without the terms beside the points.
package protocol ObjectiveSums {
    /// Σ w ρ(T(f) − T(y)).
    mutating func value(_ theta: [Double], _ cost: SmoothCost) -> Double
    /// The same with its derivatives.
    mutating func derivatives(_ theta: [Double], _ cost: SmoothCost) -> LawProblem.Derivatives
}

/// What an objective is summed over.
package struct ObjectivePoints {
    let points: ScaledPoints
    /// w; points of weight 0 cost nothing.
    let weights: [Double]
    /// T(y).
    let targets: [Double]
    let objective: LawObjective
    /// The unit of y, where the space of residuals needs it.
    let unit: Double

    /// Measures points as an objective does.
    package init(_ points: ScaledPoints, weights: [Double], _ objective: LawObjective) {
        self.points = points
        self.weights = weights
        self.objective = objective
        unit = points.scale.y
        var targets = points.y
        objective.transform(points.y, unit, into: &targets)
        self.targets = targets
    }
}

/// Sums from a form's values and slopes at each point.
package struct PointwiseSums: ObjectiveSums {
    private let form: any LawForm
    private let of: ObjectivePoints
    private var values: LawValues
    /// T(f) at every point.
    private var transformed: [Double]

    /// Makes room for a form at points.
    package init(_ form: some LawForm, _ of: ObjectivePoints) {
        self.form = form
        self.of = of
        values = LawValues(form, of.points)
        transformed = of.targets
    }

    /// Σ w ρ(T(f) − T(y)), point by point.
    package mutating func value(_ theta: [Double], _ cost: SmoothCost) -> Double {
        form.evaluate(theta, of.points, weights: of.weights, slopes: false, into: &values)
        of.objective.transform(values.f, of.unit, into: &transformed)
        var sum = 0.0
        for i in of.targets.indices where of.weights[i] != 0 {
            sum += of.weights[i] * cost.value(transformed[i] - of.targets[i])
        }
        return sum
    }

    /// The same with its derivatives, block by block.
    package mutating func derivatives(
        _ theta: [Double], _ cost: SmoothCost
    ) -> LawProblem.Derivatives {
        form.evaluate(theta, of.points, weights: of.weights, slopes: true, into: &values)
        of.objective.transform(values.f, of.unit, into: &transformed)
        let costs = PointCosts(
            values.f, transformed, of.targets, of.weights, of.objective, unit: of.unit, cost)
        var sums = LawProblem.Derivatives(count: theta.count)
        sums.value = costs.value
        for block in values.blocks.blocks {
            BlockSums(block, values.slopes, costs).add(to: &sums)
        }
        form.addCurvature(
            theta, of.points, weights: costs.bends, values: values, into: &sums.curvature)
        return sums
    }
}
