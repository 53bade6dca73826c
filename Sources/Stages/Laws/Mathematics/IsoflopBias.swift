import Numerics

/// What the grid of sizes does to the answer: the same minima on a noise-free law whose optimum is
/// known.
///
/// A surface with α ≠ β is not symmetric about its minimum in log N, so the vertex of a parabola
/// misses it, by more the wider the grid; the error is the same at every budget for a grid that is
/// centred alike, and then moves the prefactor and not the exponent.
struct IsoflopBias {
    /// N* found over the true N*, at each budget used.
    let sizes: [Double]
    /// The exponent found less the true one.
    let exponent: Double

    init?(runs: IsoflopRuns, used: [Int], law: LawFile, method: CurveMinimum.Method) {
        guard law.form.inputs == ["N", "D"] else { return nil }
        var (logC, found, truth): ([Double], [Double], [Double]) = ([], [], [])
        let optimum = ComputeOptimum(law, .sixND)
        for index in used {
            let budget = runs.budgets[index]
            let n = budget.logN.map(Elementary.exp)
            let loss = law.form.predict(
                law.natural, [n, n.map { budget.compute / (6 * $0) }], law.scale)
            let ideal = IsoflopBudget(
                compute: budget.compute,
                cells: zip(budget.logN, loss).map { IsoflopBudget.Cell(logN: $0, losses: [$1]) })
            guard let place = ideal.minimum(method, 3).place,
                let best = optimum.size(law.natural, compute: budget.compute)
            else { continue }
            logC.append(Elementary.log(budget.compute))
            found.append(place)
            truth.append(Elementary.log(best))
        }
        guard let line = StraightLine(logC, found), let ideal = StraightLine(logC, truth) else {
            return nil
        }
        sizes = zip(found, truth).map { Elementary.exp($0 - $1) }
        exponent = line.slope - ideal.slope
    }
}
