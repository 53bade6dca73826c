import Canon
import InContext
import Numerics
import TestSupport
import Testing
import Workbench

/// Learners of a linear model from prompts: reference numbers, slow solves, and what must hold exactly.
@Suite struct InContextTests {
    /// The rows of a table that a stage wrote, by column.
    private func rows(_ made: StageRun, _ output: String) throws -> [[String: JSON]] {
        let table = try Table(csv: made.bytes(output))
        return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0)) }
    }

    @Test func `closed forms are the reference's`() throws {
        var judged = 0
        for row in try ReferenceRow.all("incontext-linear.csv") where row.tolerance == "exact" {
            let made = try run(
                ContextTheoryStage.self,
                [
                    "dimensions": [.number(row.number("d"))], "samples": [.number(row.number("n"))],
                    "noises": [.number(row.number("sigma"))],
                    "rates": row.parameters["eta"].map { [.number($0)] } ?? [],
                ])
            let all = try rows(made, "curves")
            let mine: [JSON?] =
                switch row.id {
                case "icl.ols": [all[0]["error"]]
                case "icl.gd1": [all[1]["step"], all[1]["error"]]
                default: [all[2]["error"]]
                }
            for (value, expected) in zip(mine, row.values) {
                let off = ((value?.double ?? .nan) - expected).magnitude
                #expect(
                    off <= 1e-9 * max(1, expected.magnitude), "\(row): \(String(describing: value))"
                )
            }
            judged += 1
        }
        let have = try ReferenceRow.all("incontext-linear.csv")
        #expect(have.isEmpty || judged > 150)
    }

    @Test func `ridge and the best steps are the reference's`() throws {
        let references = try ReferenceRow.all("incontext-linear.csv").filter {
            $0.id == "icl.bayes" || $0.id == "icl.gdk"
        }
        for (noise, group) in Dictionary(grouping: references, by: { $0.number("sigma") }) {
            let made = try run(
                ContextDrawsStage.self,
                [
                    "samples": .array(
                        Set(group.map { $0.number("n") }).sorted().map { .number($0) }),
                    "noise": .number(noise), "draws": 6000, "rates": [],
                ])
            let all = try rows(made, "errors")
            for row in group {
                let learner = row.id == "icl.bayes" ? "Bayes" : "GD \(Int(row.number("k")))"
                let mine = try #require(
                    all.first {
                        $0["learner"]?.text == learner && $0["n"]?.double == row.number("n")
                    })
                let expected = mine["expected"]?.double ?? .nan
                let se = mine["expected_se"]?.double ?? .nan
                // The reference's own error is its standard error, or 1 %.
                let theirs =
                    row.tolerance.hasPrefix("se ")
                    ? 4 * (Double(row.tolerance.dropFirst(3)) ?? .nan) : 0.01 * row.values[0]
                let off = (expected - row.values[0]).magnitude
                #expect(off <= theirs + 4 * se, "\(row): \(expected) ± \(se)")
            }
        }
        #expect(references.isEmpty || references.count > 30)
    }

    @Test func `errors on drawn prompts are the closed forms`() throws {
        let made = try run(
            ContextDrawsStage.self,
            [
                "dimension": 3, "samples": [1, 8, 12], "noise": 0.7, "rates": [0.05], "depth": 2,
                "draws": 4000,
            ])
        for row in try rows(made, "errors") {
            let (n, learner) = (row["n"]?.integer ?? 0, row["learner"]?.text ?? "")
            let exact: Double
            switch learner {
            case "least squares":
                exact = LinearLearner.leastSquaresError(dimension: 3, examples: n, noise: 0.7)
            case "GD 1":
                let a = LinearLearner.bestStep(dimension: 3, examples: n, noise: 0.7)
                exact = LinearLearner.stepError(a, dimension: 3, examples: n, noise: 0.7)
            case "SGD 0.05":
                exact = LinearLearner.onePassError(
                    rate: 0.05, dimension: 3, examples: n, noise: 0.7)
            default: exact = row["expected"]?.double ?? .nan
            }
            let (error, se) = (row["error"]?.double ?? .nan, row["se"]?.double ?? .nan)
            #expect((error - exact).magnitude < 4 * se, "\(learner), n = \(n): \(error), \(exact)")
        }
    }

    @Test func `one step of descent is best where the closed form says`() throws {
        let (d, n, noise) = (5, 7, 0.6)
        // E tr S = d, E tr S² = d (1 + (d + 1)/n).
        let moments = [5.0, 5 * (1 + 6.0 / 7)]
        let best = try #require(
            LinearLearner.bestDescent(
                steps: 1, moments: moments, dimension: d, noise: noise, examples: n))
        let a = LinearLearner.bestStep(dimension: d, examples: n, noise: noise)
        #expect((best.steps[0] - a).magnitude < 1e-14)
        let error = LinearLearner.stepError(a, dimension: d, examples: n, noise: noise)
        #expect((best.error - error).magnitude < 1e-13)
        #expect((error - 5 * (1 - a)).magnitude < 1e-13)
        for other in [0.9 * a, 1.1 * a] {
            #expect(
                LinearLearner.stepError(other, dimension: d, examples: n, noise: noise) > error)
        }
    }

    /// A batch with what was drawn of prompt `lane`: X, y, w.
    private func prompt(_ d: Int, _ n: Int, noise: Double, lane: Int) throws -> (
        batch: PromptBatch<Double>, x: [[Double]], y: [Double], w: [Double]
    ) {
        let batch = PromptBatch<Double>(
            dimension: d, examples: n, width: 16, arithmetic: try Arithmetic.portable())
        var stream = RandomStream(seed: 3, purpose: "prompts")
        batch.draw(&stream, noise: noise, scale: 1)
        let x = (0..<n).map { t in (0..<d).map { batch.input(t, $0, lane: lane) } }
        let y = (0..<n).map { batch.label($0, lane: lane) }
        return (batch, x, y, batch.weights(lane: lane))
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func `moments of a prompt are those of its own examples`() throws {
        let (batch, x, y, w) = try prompt(3, 5, noise: 0, lane: 11)
        for (row, label) in zip(x, y) { #expect((dot(row, w) - label).magnitude < 1e-14) }
        let (second, cross) = (batch.lane(11, of: batch.second), batch.lane(11, of: batch.cross))
        for i in 0..<3 {
            let column = x.map { $0[i] }
            #expect((dot(column, y) / 5 - cross[i]).magnitude < 1e-14)
            for j in 0..<3 {
                #expect((dot(column, x.map { $0[j] }) / 5 - second[i * 3 + j]).magnitude < 1e-14)
            }
        }
    }

    @Test(arguments: [(3, 8), (5, 3)])
    func `along the eigenvectors, learners are the solves that they stand for`(d: Int, n: Int)
        throws
    {
        let (batch, x, y, w) = try prompt(d, n, noise: 0.5, lane: 2)
        let basis = batch.basis(2)
        let solved = batch.solved(2, in: basis)
        // Ridge: (XᵀX + σ²I) ŵ = Xᵀy.
        var matrix = [Double](repeating: 0, count: d * d)
        let columns = (0..<d).map { i in x.map { $0[i] } }
        for i in 0..<d {
            for j in 0..<d { matrix[i * d + j] = dot(columns[i], columns[j]) + (i == j ? 0.25 : 0) }
        }
        let ridge = try #require(LinearSystem.solve(matrix, columns.map { dot($0, y) }))
        let mine = solved.guess(LinearLearner.bayes(noise: 0.5, examples: n))
        #expect(SolvedPrompt.distance(mine, basis.along(ridge)) < 1e-20)
        #expect((solved.error(mine) - SolvedPrompt.distance(ridge, w)).magnitude < 1e-10)
        // Least squares: what is left is orthogonal to the columns; with n < d nothing is left, and ŵ is made
        // of rows alone.
        let least = solved.guess(LinearLearner.leastSquares)
        for i in 0..<d {
            let axis = basis.along((0..<d).map { $0 == i ? 1 : 0 })
            let left = zip(x, y).map { row, label in label - dot(basis.along(row), least) }
            #expect(dot(columns[i], left).magnitude < 1e-10, "\(axis)")
        }
        if n < d {
            #expect(zip(solved.values, least).allSatisfy { $0.0 > 0 || $0.1 == 0 })
        }
    }

    @Test func `the gradient of layers is the slope of the loss`() throws {
        let (d, layers, width) = (3, 3, 16)
        let arithmetic = try Arithmetic.portable()
        let batch = PromptBatch<Double>(
            dimension: d, examples: 4, width: width, arithmetic: arithmetic)
        var stream = RandomStream(seed: 8, purpose: "x")
        batch.draw(&stream, noise: 0.3)
        let start = (0..<(layers * d * d)).map { _ in 0.3 * stream.normal() }
        let network = LinearAttention<Double>(
            dimension: d, layers: layers, width: width, parameters: start, arithmetic: arithmetic)
        func loss() -> Double {
            let state = network.forward(batch)
            return (0..<width).reduce(0) { sum, lane in
                sum
                    + SolvedPrompt.distance(
                        batch.lane(lane, of: state), batch.weights(lane: lane)) / Double(width)
            }
        }
        network.backward(batch)
        let gradient = network.gradients
        for place in start.indices {
            network.parameters[place] = start[place] + 1e-5
            let above = loss()
            network.parameters[place] = start[place] - 1e-5
            let below = loss()
            network.parameters[place] = start[place]
            let slope = (above - below) / 2e-5
            #expect((slope - gradient[place]).magnitude < 1e-6, "\(place): \(slope)")
        }
    }

    @Test func `a trained layer is the best step of gradient descent`() throws {
        let made = try run(
            ContextTrainStage.self,
            [
                "dimension": 3, "samples": 9, "noise": 0.5, "layers": 1, "steps": 1200, "batch": 48,
                "draws": 2000, "records": 2,
            ]
        ).json("learner")
        let a = LinearLearner.bestStep(dimension: 3, examples: 9, noise: 0.5)
        let diagonal = made["diagonal"]?.elements?.first?.double ?? .nan
        #expect((diagonal - a).magnitude < 0.03, "\(diagonal), not \(a)")
        #expect((made["off_diagonal"]?.elements?.first?.double ?? 1) < 0.03)
        let (error, floor) = (made["error"]?.double ?? .nan, made["floor"]?.double ?? .nan)
        #expect((error / floor - 1).magnitude < 0.02, "\(error), \(floor)")
    }

    @Test func `weights 2.5 times as large make 6.25 times the error without noise`() throws {
        func errors(_ scale: JSON) throws -> [Double] {
            let made = try run(
                ContextDrawsStage.self,
                ["dimension": 4, "samples": [3, 6], "scale": scale, "draws": 64, "depth": 3])
            return try rows(made, "errors").map { $0["error"]?.double ?? .nan }
        }
        for (plain, large) in zip(try errors(1), try errors(2.5)) where plain > 1e-20 {
            #expect((large / plain / 6.25 - 1).magnitude < 1e-9)
        }
    }

    @Test func `where least squares has no finite error none is written`() throws {
        let made = try run(
            ContextTheoryStage.self,
            ["dimensions": [4], "samples": [2, 3, 4, 5, 6], "noises": [0, 1], "rates": []])
        let least = try rows(made, "curves").filter { $0["learner"] == "least squares" }
        #expect(least.map { $0["error"]?.double } == [2, 1, 0, 0, 0, 4, nil, nil, nil, 4])
    }

    @Test func `a batch that lanes do not divide is refused`() {
        let told = failure {
            _ = try run(ContextTrainStage.self, ["samples": 4, "layers": 1, "batch": 24])
        }
        #expect(told.contains("expected a multiple of 16, found 24"))
    }
}
