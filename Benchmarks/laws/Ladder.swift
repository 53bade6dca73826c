import Numerics

/// Two chained laws with one bootstrap, as `law.chain` runs them: size and data to loss, loss to accuracy.
struct Ladder {
    /// Columns: N, D, loss, place of the run.
    let runs: [[Double]]
    /// Columns: loss, accuracy, place of the run; −1 for a point that every sample has.
    let checkpoints: [[Double]]

    /// Fits both laws, resamples the runs of both together, and gives the parameters of every sample.
    func samples(_ count: Int) throws -> [[Double]] {
        let loss = try Step(
            LawFitter(OwnLaws.ladder, LawObjective(.huber(1e-3), in: .log)), runs, inputs: 2)
        let accuracy = try Step(
            LawFitter(OwnLaws.sigmoid, LawObjective(.squares, in: .linear)), checkpoints, inputs: 1)
        let groups = Int((runs.map { $0[3] }.max() ?? -1) + 1)
        var all = [loss.law.natural + accuracy.law.natural]
        for sample in 0..<count {
            var stream = RandomStream(seed: 1, purpose: "bootstrap", index: UInt64(sample))
            var drawn = [Double](repeating: 0, count: groups)
            for _ in 0..<groups { drawn[stream.integer(below: groups)] += 1 }
            if let first = loss.refitted(drawn), let second = accuracy.refitted(drawn) {
                all.append(first + second)
            }
        }
        return all
    }

    /// One fitted law.
    private struct Step {
        let fitter: LawFitter
        let law: FittedLaw
        private let points: ScaledPoints
        private let groups: [Int]

        /// Fits rows of inputs, y and group.
        init(_ fitter: LawFitter, _ rows: [[Double]], inputs: Int) throws {
            self.fitter = fitter
            let x = (0..<inputs).map { column in rows.map { $0[column] } }
            let y = rows.map { $0[inputs] }
            groups = rows.map { Int($0[inputs + 1]) }
            law = try fitter.fit(x: x, y: y)
            points = ScaledPoints(x: x, y: y, scale: law.scale)
        }

        /// The parameters for groups drawn so often; `nil` where there are none.
        func refitted(_ drawn: [Double]) -> [Double]? {
            let weights = groups.map { $0 < 0 ? 1 : drawn[$0] }
            return fitter.refit(law, points: points, weights: weights).map {
                fitter.form.natural($0, law.scale)
            }
        }
    }
}
