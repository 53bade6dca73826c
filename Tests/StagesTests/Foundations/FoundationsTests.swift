import Canon
import Foundations
import Numerics
import TestSupport
import Testing
import Workbench

/// Estimation and misspecification: reference numbers, slow sums, and what must hold exactly.
@Suite struct FoundationsTests {
    /// The first row of a table that a stage wrote, by column.
    private func first(_ made: StageRun, _ output: String) throws -> [String: Double] {
        let table = try Table(csv: made.bytes(output))
        let row = try #require(table.rows.first)
        return Dictionary(uniqueKeysWithValues: zip(table.columns, row.map { $0.double ?? .nan }))
    }

    @Test func `terms and best sizes are the reference's`() throws {
        let rows = try ReferenceRow.all("info-theory.csv").filter { $0.id != "it.sequential" }
        for row in rows {
            let expected = row.values[0]
            let parameters: [String: JSON] = [
                "betas": [.number(row.number("beta"))], "noise": .number(row.number("sigma2")),
                "sizes": row.id.hasPrefix("it.optimum") ? [] : [.number(row.number("n"))],
                "samples": [.number(row.parameters["T"] ?? 1)],
                "computes": row.parameters["C"].map { [.number($0)] } ?? [],
            ]
            let made = try run(InformationLinearStage.self, parameters)
            let (name, output, bound) =
                switch row.id {
                case "it.estimation": ("estimation", "errors", 1e-6 * expected)
                case "it.misspecification": ("misspecification", "errors", 1e-9 * expected)
                case "it.optimum.error": ("error", "optima", 1e-5 * expected)
                default: ("n", "optima", max(1, 0.01 * expected))
                }
            let mine = try first(made, output)[name] ?? .nan
            #expect((mine - expected).magnitude <= bound, "\(row): \(mine), not \(expected)")
        }
        #expect(rows.isEmpty || rows.count > 30)
    }

    @Test func `the learner's mean error is the reference's`() throws {
        for row in try ReferenceRow.all("info-theory.csv") where row.id == "it.sequential" {
            let made = try run(
                InformationLearnerStage.self,
                [
                    "beta": .number(row.number("beta")), "noise": .number(row.number("sigma2")),
                    "size": .number(row.number("n")), "samples": .number(row.number("T")),
                    "runs": 2000, "tail": 200,
                ]
            ).json("error")
            let se = made["error_se"]?.double ?? .nan
            let off = (made["error"]?.double ?? .nan) - row.values[0]
            // The reference has a standard error of 0.4 %.
            let bound = 4 * (se * se + 1.6e-5 * row.values[0] * row.values[0]).squareRoot()
            #expect(off.magnitude < bound, "off by \(off), standard error \(se)")
        }
    }

    @Test(arguments: [(1.1, 1.0), (2, 1), (2, 6), (3.5, 40), (11, 3), (1.25, 1001)])
    func `zeta is its sum, by a midpoint integral for the rest`(s: Double, q: Double) {
        var sum = 0.0
        let count = 20_000
        for k in 0..<count { sum += Elementary.power(q + Double(k), -s) }
        // Σ_{k ≥ N} (q + k)^−s = ∫ from q + N − ½, up to s/24 (q + N)^−(s+1).
        let a = q + Double(count)
        sum += Elementary.power(a - 0.5, 1 - s) / (s - 1) - s / 24 * Elementary.power(a, -s - 1)
        #expect((HurwitzZeta.value(s, q) / sum - 1).magnitude < 1e-12)
    }

    @Test func `zeta has Euler's values`() {
        let pi2 = 9.869604401089358
        #expect((HurwitzZeta.value(2, 1) / (pi2 / 6) - 1).magnitude < 4e-15)
        #expect((HurwitzZeta.value(4, 1) / (pi2 * pi2 / 90) - 1).magnitude < 4e-15)
    }

    /// (1/2T) ln det(I + XΛXᵀ/s) averaged over designs, by factoring T × T matrices.
    private func determinants(_ beta: Double, _ noise: Double, _ n: Int, _ t: Int, _ draws: Int)
        throws -> RunningMean
    {
        var instance = LinearInstance(beta: beta, noise: noise)
        let (values, s) = (Array(instance.variances(n)), noise + instance.tail(n))
        var stream = RandomStream(seed: 9, purpose: "x")
        var mean = RunningMean()
        for _ in 0..<draws {
            let x = (0..<(t * n)).map { _ in stream.normal() }
            var matrix = [Double](repeating: 0, count: t * t)
            for i in 0..<t {
                for j in 0..<t {
                    matrix[i * t + j] = (0..<n).reduce(i == j ? 1.0 : 0) {
                        $0 + x[i * n + $1] * values[$1] * x[j * n + $1] / s
                    }
                }
            }
            let lower = try Cholesky(matrix, order: t, arithmetic: Arithmetic.portable()).lower
            let log = (0..<t).reduce(0.0) { $0 + Elementary.log(lower[$1 * t + $1]) }
            mean.add(log / Double(t))
        }
        return mean
    }

    @Test(arguments: [(1.0, 1.0, 5, 20), (0.5, 0.25, 8, 30), (2, 1, 6, 12)])
    func `the information of the runs is the determinant's mean`(
        beta: Double, noise: Double, n: Int, t: Int
    ) throws {
        let slow = try determinants(beta, noise, n, t, 300)
        let made = try run(
            InformationLearnerStage.self,
            [
                "beta": .number(beta), "noise": .number(noise), "size": .number(Double(n)),
                "samples": .number(Double(t)), "runs": 500, "tail": 50,
            ]
        ).json("error")
        let (mine, se) = (
            made["estimation"]?.double ?? .nan, made["estimation_se"]?.double ?? .nan
        )
        let error = (se * se + slow.standardError * slow.standardError).squareRoot()
        #expect((mine - slow.mean).magnitude < 4 * error, "\(mine), not \(slow.mean)")
        let equivalent = made["equivalent"]?.double ?? .nan
        #expect((equivalent / mine - 1).magnitude < 0.02 + 4 * se / mine)
        // The identity.
        let (gap, gapError) = (made["gap"]?.double ?? .nan, made["gap_se"]?.double ?? .nan)
        #expect(gap.magnitude < 4 * gapError && gapError < 0.05, "gap \(gap) ± \(gapError)")
    }

    /// The mean divergence of the learner's prediction at the last of T examples, in one solve and with every
    /// feature of a truth of `all` features in the data.
    @Test func `the learner run in sequence is one solve at each example`() throws {
        let (n, all, t, runs) = (3, 40, 4, 4000)
        var instance = LinearInstance(beta: 1, noise: 0.5)
        let (values, s) = (Array(instance.variances(all)), 0.5 + instance.tail(n))
        var stream = RandomStream(seed: 4, purpose: "slow")
        var mean = RunningMean()
        for _ in 0..<runs {
            let theta = values.map { $0.squareRoot() * stream.normal() }
            var (rows, labels): ([[Double]], [Double]) = ([], [])
            var sum = 0.0
            for _ in 0..<t {
                let x = theta.map { _ in stream.normal() }
                // Posterior: (Λ⁻¹ + XᵀX/s)⁻¹.
                var precision = [Double](repeating: 0, count: n * n)
                var right = [Double](repeating: 0, count: n)
                for i in 0..<n {
                    precision[i * n + i] = 1 / values[i]
                    for (row, y) in zip(rows, labels) {
                        right[i] += row[i] * y / s
                        for j in 0..<n { precision[i * n + j] += row[i] * row[j] / s }
                    }
                }
                let head = Array(x.prefix(n))
                let guess = try #require(LinearSystem.solve(precision, right))
                let spread = try #require(LinearSystem.solve(precision, head))
                let variance = s + zip(head, spread).reduce(0) { $0 + $1.0 * $1.1 }
                let truth = zip(x, theta).reduce(0) { $0 + $1.0 * $1.1 }
                let off = truth - zip(head, guess).reduce(0) { $0 + $1.0 * $1.1 }
                sum += 0.5 * ((0.5 + off * off) / variance - 1 + Elementary.log(variance / 0.5))
                rows.append(x)
                labels.append(truth + 0.5.squareRoot() * stream.normal())
            }
            mean.add(sum / Double(t))
        }
        let made = try run(
            InformationLearnerStage.self,
            ["beta": 1, "noise": 0.5, "size": 3, "samples": 4, "runs": 8000, "tail": 37]
        ).json("error")
        let se = made["error_se"]?.double ?? .nan
        let error = (se * se + mean.standardError * mean.standardError).squareRoot()
        // Beyond 40 features the slow truth has nothing: τ₄₀ = 0.0247 of s is missing there.
        let bias = 0.5 * instance.tail(all) / s
        let off = (made["error"]?.double ?? .nan) - mean.mean
        #expect(off.magnitude < 4 * error + bias, "off by \(off) ± \(error)")
    }

    @Test(arguments: [(0.25, 1e5), (0.5, 3e3), (1, 1e5), (2, 1e4), (2, 20)])
    func `no size near or far does better than the best one`(beta: Double, compute: Double) {
        var instance = LinearInstance(beta: beta, noise: 1)
        let best = instance.optimum(compute: compute)
        for n in 1...300 {
            let error = instance.error(n, examples: compute / Double(n))
            #expect(error.total >= best.total, "n = \(n)")
        }
    }

    @Test func `a wrong prior has a larger mean error on the same runs`() throws {
        func error(_ more: [String: JSON]) throws -> Double {
            let base: [String: JSON] = [
                "beta": 1, "size": 5, "samples": 20, "runs": 1000, "tail": 50,
            ]
            let made = try run(InformationLearnerStage.self, base.merging(more) { $1 })
            return try made.json("error")["error"]?.double ?? .nan
        }
        let right = try error([:])
        #expect(try error(["prior_exponent": 2]) == right)
        for wrong: [String: JSON] in [
            ["prior_scale": 0.1], ["prior_scale": 10], ["prior_exponent": 0],
        ] {
            #expect(try error(wrong) > right, "\(wrong)")
        }
    }
}
