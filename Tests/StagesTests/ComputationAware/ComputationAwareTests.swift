import Canon
import ComputationAware
import Numerics
import Testing
import Workbench

/// Computation-aware Gaussian processes against dense algebra, and what must hold exactly.
@Suite struct ComputationAwareTests {
    private struct Problem {
        let choice: ActionChoice
        let tests: PointCloud
        let truth: [Double]
        /// K and K(X, tests).
        let kernel, cross: [[Double]]
    }

    private static func problem(
        _ count: Int, _ family: RadialFamily = .matern32, noise: Double = 0.04
    ) throws -> Problem {
        var stream = RandomStream(seed: 7, purpose: "points")
        func cloud(_ count: Int) -> PointCloud {
            PointCloud(
                (0..<(2 * count)).map { _ in stream.uniform() }, dimensions: 2, lengthscale: 0.3)
        }
        let covariance = Covariance(family, arithmetic: try Arithmetic.portable())
        let (points, tests) = (cloud(count), cloud(9))
        let function = try KnownFunction(
            centres: cloud(30), covariance: covariance, stream: &stream)
        let truth = function.values(at: points)
        func rows(_ other: PointCloud) -> [[Double]] {
            let all = covariance.matrix(points, other)
            return (0..<count).map { all.elements(($0 * other.count)..<(($0 + 1) * other.count)) }
        }
        return Problem(
            choice: ActionChoice(
                points: points, observations: truth.map { $0 + 0.2 * stream.normal() },
                noise: noise, covariance: covariance),
            tests: tests, truth: truth, kernel: rows(points), cross: rows(tests))
    }

    /// S as a matrix.
    private static func dense(_ rows: ActionRows, _ n: Int) -> [[Double]] {
        switch rows {
        case .dense(let buffer, let count):
            return (0..<count).map { buffer.elements(($0 * n)..<(($0 + 1) * n)) }
        case .sparse(let cells):
            return cells.map { cell in
                var row = [Double](repeating: 0, count: n)
                for place in cell { row[place] = 1 / Double(cell.count).squareRoot() }
                return row
            }
        }
    }

    private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        a.map { row in
            (b.first ?? []).indices.map { j in row.indices.reduce(0.0) { $0 + row[$1] * b[$1][j] } }
        }
    }

    private static func transposed(_ a: [[Double]]) -> [[Double]] {
        (a.first ?? []).indices.map { j in a.map { $0[j] } }
    }

    /// A⁻¹·B by elimination with pivots, and log |det A|.
    private static func solved(_ a: [[Double]], _ b: [[Double]]) -> ([[Double]], Double) {
        var (m, logarithm) = (zip(a, b).map { $0 + $1 }, 0.0)
        let n = a.count
        for k in 0..<n {
            let best = (k..<n).max { m[$0][k].magnitude < m[$1][k].magnitude } ?? k
            m.swapAt(k, best)
            logarithm += Elementary.log(m[k][k].magnitude)
            for i in 0..<n where i != k && m[i][k] != 0 {
                let factor = m[i][k] / m[k][k]
                for j in k..<m[i].count { m[i][j] -= factor * m[k][j] }
            }
        }
        return (m.indices.map { i in m[i][n...].map { $0 / m[i][i] } }, logarithm)
    }

    private static func column(_ x: [Double]) -> [[Double]] { x.map { [$0] } }

    private static func matrixWithNoise(_ problem: Problem) -> [[Double]] {
        var k = problem.kernel
        for i in k.indices { k[i][i] += problem.choice.noise }
        return k
    }

    private static func state(
        _ problem: Problem, _ policy: ActionPolicy, _ count: Int, support: Int? = nil
    ) throws -> (ComputedPosterior.State, [[Double]]) {
        var stream = RandomStream(seed: 3, purpose: "actions")
        let (rows, images) = problem.choice.rows(
            policy, count: count, support: support, stream: &stream)
        let posterior = try ComputedPosterior(
            problem.choice, rows: rows, images: images, truth: problem.truth, tests: problem.tests)
        return (posterior.states(after: [count])[0], dense(rows, problem.choice.points.count))
    }

    @Test(arguments: ActionPolicy.allCases, [1, 5, 17])
    func `mean, variance and bound are those of dense algebra`(policy: ActionPolicy, count: Int)
        throws
    {
        let problem = try Self.problem(40)
        let (state, s) = try Self.state(
            problem, policy, count, support: policy == .blocks ? 3 : nil)
        let noisy = Self.matrixWithNoise(problem)
        let inner = Self.product(Self.product(s, noisy), Self.transposed(s))
        // C = Sᵀ(S Kˆ Sᵀ)⁻¹S.
        let c = Self.product(Self.transposed(s), Self.solved(inner, s).0)
        let (y, n) = (problem.choice.observations, 40)
        let weights = Self.product(c, Self.column(y))
        let means = Self.product(Self.transposed(problem.cross), weights)
        let spread = Self.product(
            Self.transposed(problem.cross), Self.product(c, problem.cross))
        for test in state.mean.indices {
            #expect((state.mean[test] - means[test][0]).magnitude < 1e-10)
            #expect((state.variance[test] - (1 - spread[test][test])).magnitude < 1e-10)
        }
        // The bound, from the posterior at the training points itself.
        let k = problem.kernel
        let m = Self.product(k, weights)
        let ck = Self.product(c, k)
        let kck = Self.product(k, ck)
        let noise = problem.choice.noise
        let misfit = (0..<n).reduce(0.0) { $0 + (y[$1] - m[$1][0]) * (y[$1] - m[$1][0]) }
        let left = (0..<n).reduce(0.0) { $0 + 1 - kck[$1][$1] }
        let expected =
            -0.5 * Double(n) * Elementary.log(6.283185307179586 * noise) - (misfit + left)
            / (2 * noise)
        let quadratic = (0..<n).reduce(0.0) { $0 + weights[$1][0] * m[$1][0] }
        let rest = (0..<n).map { i in (0..<n).map { (i == $0 ? 1.0 : 0) - ck[i][$0] } }
        let (_, determinant) = Self.solved(rest, rest)
        let trace = (0..<n).reduce(0.0) { $0 + ck[$1][$1] }
        let bound = expected - 0.5 * (quadratic - trace - determinant)
        #expect(
            (state.bound - bound).magnitude < 1e-8 * bound.magnitude, "\(state.bound), not \(bound)"
        )
    }

    @Test(arguments: ActionPolicy.allCases, RadialFamily.allCases)
    func `with as many actions as points the posterior is the exact one`(
        policy: ActionPolicy, family: RadialFamily
    ) throws {
        let problem = try Self.problem(36, family)
        let (state, s) = try Self.state(problem, policy, 36)
        for (i, row) in s.enumerated() {
            for (j, other) in s.enumerated() {
                let inner = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
                #expect((inner - (i == j ? 1 : 0)).magnitude < 1e-12, "rows \(i) and \(j)")
            }
        }
        let exact = try ExactPosterior(problem.choice, tests: problem.tests)
        let (inverse, determinant) = Self.solved(
            Self.matrixWithNoise(problem),
            (0..<36).map { problem.cross[$0] + [problem.choice.observations[$0]] })
        for test in 0..<9 {
            let mean = (0..<36).reduce(0.0) { $0 + problem.cross[$1][test] * inverse[$1][9] }
            let spread = (0..<36).reduce(0.0) {
                $0 + problem.cross[$1][test] * inverse[$1][test]
            }
            #expect((exact.mean[test] - mean).magnitude < 1e-10)
            #expect((exact.variance[test] - (1 - spread)).magnitude < 1e-10)
            #expect((state.mean[test] - mean).magnitude < 1e-9)
            #expect((state.variance[test] - (1 - spread)).magnitude < 1e-9)
        }
        let y = problem.choice.observations
        let square = (0..<36).reduce(0.0) { $0 + y[$1] * inverse[$1][9] }
        let evidence = -0.5 * (square + determinant + 36 * Elementary.log(6.283185307179586))
        #expect((exact.evidence - evidence).magnitude < 1e-8 * evidence.magnitude)
        #expect((state.bound - evidence).magnitude < 1e-7 * evidence.magnitude)
    }

    @Test func `cg actions give the iterates of conjugate gradients`() throws {
        let problem = try Self.problem(40)
        let noisy = Self.matrixWithNoise(problem)
        var (x, r) = ([Double](repeating: 0, count: 40), problem.choice.observations)
        var p = r
        for step in 1...6 {
            let q = Self.product(noisy, Self.column(p)).map { $0[0] }
            let square = r.reduce(0) { $0 + $1 * $1 }
            let rate = square / zip(p, q).reduce(0) { $0 + $1.0 * $1.1 }
            for i in 0..<40 { (x[i], r[i]) = (x[i] + rate * p[i], r[i] - rate * q[i]) }
            let factor = r.reduce(0) { $0 + $1 * $1 } / square
            for i in 0..<40 { p[i] = r[i] + factor * p[i] }
            let mean = Self.product(Self.transposed(problem.cross), Self.column(x))
            let state = try Self.state(problem, .cg, step).0
            for test in 0..<9 {
                #expect((state.mean[test] - mean[test][0]).magnitude < 1e-9, "step \(step)")
            }
        }
    }

    @Test(arguments: ActionPolicy.allCases)
    func `the combined variance falls to the exact one, and the bound rises to the evidence`(
        policy: ActionPolicy
    ) throws {
        let problem = try Self.problem(60)
        let exact = try ExactPosterior(problem.choice, tests: problem.tests)
        var stream = RandomStream(seed: 3, purpose: "actions")
        let (rows, images) = problem.choice.rows(policy, count: 60, support: nil, stream: &stream)
        let states = try ComputedPosterior(
            problem.choice, rows: rows, images: images, truth: nil, tests: problem.tests
        ).states(after: Array(0...60))
        #expect(states[0].variance == [Double](repeating: 1, count: 9))
        for (one, next) in zip(states, states.dropFirst()) {
            for test in 0..<9 {
                #expect(next.variance[test] <= one.variance[test])
                #expect(next.variance[test] > exact.variance[test] - 1e-10)
            }
            #expect(next.bound <= exact.evidence + 1e-7)
        }
    }

    @Test(arguments: ActionPolicy.allCases)
    func `without noise of data the squared error is at most |f|² times the combined variance`(
        policy: ActionPolicy
    ) throws {
        var stream = RandomStream(seed: 9, purpose: "points")
        let covariance = Covariance(.matern52, arithmetic: try Arithmetic.portable())
        func cloud(_ count: Int) -> PointCloud {
            PointCloud((0..<count).map { _ in stream.uniform() }, dimensions: 1, lengthscale: 0.2)
        }
        let (points, tests) = (cloud(50), cloud(40))
        let function = try KnownFunction(
            centres: cloud(20), covariance: covariance, stream: &stream)
        let (y, truth) = (function.values(at: points), function.values(at: tests))
        let problem = Problem(
            choice: ActionChoice(
                points: points, observations: y, noise: 0.01, covariance: covariance),
            tests: tests, truth: y, kernel: [], cross: [])
        for count in [1, 3, 10, 25] {
            let state = try Self.state(problem, policy, count).0
            for test in truth.indices {
                let error = truth[test] - state.noiselessMean[test]
                let bound = function.squaredNorm * state.variance[test]
                #expect(error * error <= bound * (1 + 1e-9), "\(count) actions, test \(test)")
            }
        }
    }

    @Test func `tiles of points do not change a product`() throws {
        let covariance = Covariance(.squared, arithmetic: try Arithmetic.portable())
        var stream = RandomStream(seed: 5, purpose: "points")
        func cloud(_ count: Int) -> PointCloud {
            PointCloud(
                (0..<(3 * count)).map { _ in stream.uniform() }, dimensions: 3, lengthscale: 0.5)
        }
        let (a, b) = (cloud(517), cloud(530))
        let v = Buffer((0..<(2 * 517)).map { _ in stream.normal() })
        let tiled = Buffer<Double>(count: 2 * 530)
        covariance.product(v, height: 2, a, b, into: tiled)
        let whole = Buffer<Double>(count: 2 * 530)
        covariance.arithmetic.product(
            m: 2, n: 530, k: 517, MatrixPlace(v, stride: 517),
            MatrixPlace(covariance.matrix(a, b), stride: 530), into: MatrixPlace(whole, stride: 530)
        )
        #expect(tiled.elements == whole.elements)
    }

    @Test func `cells are as many as asked for, and hold every point once`() {
        var stream = RandomStream(seed: 6, purpose: "points")
        let points = PointCloud(
            (0..<46).map { _ in stream.uniform() }, dimensions: 2, lengthscale: 1)
        for number in [1, 2, 7, 16, 23] {
            let cells = points.cells(number)
            #expect(cells.count == number && cells.allSatisfy { !$0.isEmpty })
            #expect(cells.flatMap { $0 }.sorted() == Array(0..<23))
        }
    }

    @Test func `the kinds find a function, and agree with the exact posterior at the end`() throws {
        let data = try run(
            GPSampleStage.self, ["count": 80, "tests": 30, "dimensions": 1, "centres": 40])
        let inputs = ["train": [given(data.bytes("train"))], "test": [given(data.bytes("test"))]]
        for policy in ActionPolicy.allCases {
            let made = try run(
                GPPosteriorStage.self,
                ["policy": .string(policy.rawValue), "actions": [0, 4, 20, 80], "exact": true],
                inputs)
            let table = try Table(csv: made.bytes("curve"))
            func column(_ name: String) -> [Double] {
                (table[column: name] ?? []).map { $0.double ?? .nan }
            }
            let exact = try made.json("exact")
            #expect(column("rmse")[3] < 0.15 && column("rmse")[0] > 0.4, "\(policy)")
            #expect(column("gap_mean")[3] < 1e-9 && column("gap_variance")[3] < 1e-9)
            #expect(((exact["evidence"]?.double ?? .nan) - column("elbo")[3]).magnitude < 1e-6)
            #expect(zip(column("combined"), column("combined").dropFirst()).allSatisfy(>))
            #expect(column("least").allSatisfy { $0 > -1e-10 })
            let norm = try data.json("facts")["norm2"]?.double ?? .nan
            #expect(column("worst").allSatisfy { $0 <= norm * (1 + 1e-9) })
        }
    }

    @Test func `what cannot be is refused with what was expected`() throws {
        let data = try run(
            GPSampleStage.self, ["count": 5, "tests": 3, "dimensions": 1, "centres": 4])
        let inputs = ["train": [given(data.bytes("train"))], "test": [given(data.bytes("test"))]]
        #expect(
            failure { _ = try run(GPPosteriorStage.self, ["actions": [2, 6]], inputs) }
                .contains("expected ascending numbers up to 5 points, found [2, 6]"))
        let plane = try run(GPSampleStage.self, ["count": 5, "tests": 3, "centres": 4])
        #expect(
            failure {
                _ = try run(
                    GPPosteriorStage.self, ["actions": [2]],
                    ["train": inputs["train"] ?? [], "test": [given(plane.bytes("test"))]])
            }.contains("expected 1 coordinates, found 2"))
        #expect(
            failure {
                _ = try run(
                    GPPosteriorStage.self, ["actions": [1]],
                    ["train": inputs["train"] ?? [], "test": [given("x1,y\n1,2\n")]])
            }.contains("expected a column truth"))
    }
}
