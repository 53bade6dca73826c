import Canon
import Numerics
import Workbench

/// What a posterior is worth at the tests, over numbers of actions.
struct GPCurve {
    let choice: ActionChoice
    let policy: ActionPolicy
    let support: Int?
    let train, test: GPTable
    let tests: PointCloud
    let exact: ExactPosterior?

    /// A row for each number of actions.
    func table(_ counts: [Int], seed: UInt64, progress: (Int) -> Void) throws -> Table {
        var table = Table(columns: [
            "actions", "evaluations", "operations", "rmse", "nlpd", "calibration", "combined",
            "worst", "elbo", "computational", "least", "gap_mean", "gap_variance", "ignoring",
        ])
        // What is nested is computed once, for the most actions.
        let groups = policy.isNested ? [counts] : counts.map { [$0] }
        for group in groups {
            var stream = RandomStream(seed: seed, purpose: "actions")
            let (rows, images) = choice.rows(
                policy, count: group[group.count - 1], support: support, stream: &stream)
            let posterior = try ComputedPosterior(
                choice, rows: rows, images: images, truth: train.truth, tests: tests)
            for (count, state) in zip(group, posterior.states(after: group)) {
                table.append(row(count, state).map { .finite($0) })
                progress(table.rows.count)
            }
        }
        return table
    }

    private func row(_ count: Int, _ state: ComputedPosterior.State) -> [Double] {
        let cell = max(1, (train.count + max(count, 1) - 1) / max(count, 1))
        let cost = policy.cost(
            actions: count, points: train.count, support: min(support ?? cell, cell))
        let truth = test.truth ?? []
        // A covariance counts 30 operations for its function, 3 for a coordinate.
        let operations = cost.operations + cost.evaluations * Double(3 * train.dimensions + 30)
        var row = [
            Double(count), cost.evaluations, operations, rmse(state.mean),
            density(state.mean, state.variance),
            mean(truth.indices) {
                let error = truth[$0] - state.mean[$0]
                return error * error / state.variance[$0]
            },
            mean(truth.indices) { state.variance[$0] },
            train.truth == nil
                ? .nan
                : truth.indices.map {
                    let error = truth[$0] - state.noiselessMean[$0]
                    return error * error / state.variance[$0]
                }.max() ?? .nan,
            state.bound,
        ]
        guard let exact else { return row + [Double](repeating: .nan, count: 5) }
        let gaps = truth.indices.map { state.variance[$0] - exact.variance[$0] }
        row += [
            mean(gaps.indices) { gaps[$0] }, gaps.min() ?? .nan,
            truth.indices.map { (state.mean[$0] - exact.mean[$0]).magnitude }.max() ?? .nan,
            gaps.map { $0.magnitude }.max() ?? .nan, density(state.mean, exact.variance),
        ]
        return row
    }

    /// The exact posterior's numbers.
    var exactFacts: JSON {
        [
            "rmse": .finite(exact.map { rmse($0.mean) }),
            "nlpd": .finite(exact.map { density($0.mean, $0.variance) }),
            "variance": .finite(
                exact.map { exact in
                    mean(exact.variance.indices) { exact.variance[$0] }
                }),
            "evidence": .finite(exact?.evidence),
        ]
    }

    private func mean(_ places: Range<Int>, _ value: (Int) -> Double) -> Double {
        places.reduce(0.0) { $0 + value($1) } / Double(places.count)
    }

    private func rmse(_ guess: [Double]) -> Double {
        let truth = test.truth ?? []
        return mean(truth.indices) { (truth[$0] - guess[$0]) * (truth[$0] - guess[$0]) }
            .squareRoot()
    }

    /// The mean negative log density of the test observations.
    private func density(_ guess: [Double], _ variance: [Double]) -> Double {
        mean(guess.indices) {
            let spread = variance[$0] + choice.noise
            let error = test.observations[$0] - guess[$0]
            return 0.5 * Elementary.log(6.283185307179586 * spread) + error * error / (2 * spread)
        }
    }
}
