extension LawFitter {
    /// The optimum for other weights, from a known one; `nil` where the descent fails.
    ///
    /// For resampling: weights are how often each point was drawn. Cost: some ten evaluations, for Huber's
    /// loss with δ far below the residuals some fifty.
    package func refit(
        _ law: FittedLaw, points: ScaledPoints, weights: [Double]
    ) -> [Double]? {
        // A third of the points is in no sample: they are left out, not weighed with 0.
        let drawn = weights.indices.filter { weights[$0] != 0 }
        guard drawn.count >= law.freeCount else { return nil }
        let (points, weights) = (points.subset(drawn), drawn.map { weights[$0] })
        if let theta = relaxed(law, points, weights) { return theta }
        var problem = LawProblem(
            form: form, points: points, weights: weights, objective: objective, held: law.held)
        problem.constraints = law.constraints
        var end = descend(&problem, near: law.theta)
        if !(end.scaledGradient < 1e-6) && objective.loss != .squares {
            end = descend(&problem, from: law.theta)
        }
        return end.value.isFinite && end.scaledGradient < 1e-5 ? end.theta : nil
    }

    /// From a place near the optimum straight to the loss itself.
    private func descend(
        _ problem: inout LawProblem, near theta: [Double]
    ) -> NewtonDescent.End {
        NewtonDescent(problem).run(
            &problem, from: theta,
            stages: problem.stages(from: objective.loss == .absolute ? 3e-4 : 0), limit: 60,
            isNear: true)
    }

    /// The optimum of the form with fewer bounds, where it has one, and that lies within all bounds.
    private func relaxed(
        _ law: FittedLaw, _ points: ScaledPoints, _ weights: [Double]
    ) -> [Double]? {
        guard law.constraints.isEmpty, let relaxed = form.relaxed else { return nil }
        var problem = LawProblem(
            form: relaxed, points: points, weights: weights, objective: objective, held: law.held)
        let end = descend(&problem, near: relaxed.coordinates(of: law.natural, law.scale))
        guard end.value.isFinite, end.scaledGradient < 1e-6 else { return nil }
        let theta = form.coordinates(of: relaxed.natural(end.theta, law.scale), law.scale)
        let isWithin = zip(theta, form.coordinates).allSatisfy {
            $0 >= $1.lower && $0 <= $1.upper
        }
        return isWithin ? theta : nil
    }
}
