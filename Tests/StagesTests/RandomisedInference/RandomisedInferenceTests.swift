import Canon
import Numerics
import RandomisedInference
import Testing
import Workbench

/// Randomised inference against sums over paths, and against all its own draws.
@Suite struct RandomisedInferenceTests {
    private static func model(states: Int, steps: Int) throws -> ChainModel {
        ChainModel(
            states: states, steps: steps, spread: 0.8, coupling: 1, rank: 2, seed: 4,
            arithmetic: try Arithmetic.portable())
    }

    /// Every path with its weight.
    private static func paths(_ model: ChainModel) -> [(path: [Int], weight: Double)] {
        var all: [(path: [Int], weight: Double)] = (0..<model.states).map {
            ([$0], model.potentials[0][$0])
        }
        for step in 1..<model.steps {
            all = all.flatMap { path, weight in
                (0..<model.states).map { state in
                    let move = model.transitions[path[step - 1] * model.states + state]
                    return (path + [state], weight * move * model.potentials[step][state])
                }
            }
        }
        return all
    }

    @Test func `log Z and marginals are sums over all paths`() throws {
        let model = try Self.model(states: 4, steps: 5)
        let exact = ExactInference(model, arithmetic: try Arithmetic.portable())
        let paths = Self.paths(model)
        let sum = paths.reduce(0) { $0 + $1.weight }
        #expect((exact.logZ - Elementary.log(sum)).magnitude < 1e-12)
        for step in 0..<5 {
            for state in 0..<4 {
                let part = paths.reduce(0) { $0 + ($1.path[step] == state ? $1.weight : 0) }
                #expect((exact.marginals[step][state] - part / sum).magnitude < 1e-12)
            }
        }
    }

    /// Each way in which a sampler can draw, with its probability.
    private static func draws(
        _ sampler: StateSampler
    ) -> [(choice: [(state: Int, weight: Double)], probability: Double)] {
        var all: [(choice: [(state: Int, weight: Double)], probability: Double)] = [
            (sampler.always.map { ($0, 1.0) }, 1)
        ]
        for _ in 0..<sampler.draws {
            all = all.flatMap { choice, probability in
                zip(sampler.others, sampler.probabilities).map { state, q in
                    let weight = 1 / (Double(sampler.draws) * q)
                    return (choice + [(state: state, weight: weight)], probability * q)
                }
            }
        }
        return all
    }

    @Test(arguments: [0.0, 0.5], [2, 3])
    func `over all draws the mean is Z and the mean square error is the predicted one`(
        share: Double, budget: Int
    ) throws {
        let arithmetic = try Arithmetic.portable()
        let model = try Self.model(states: 4, steps: 3)
        let exact = ExactInference(model, arithmetic: arithmetic)
        let forward = RandomisedForward(
            model,
            samplers: model.potentials.map {
                StateSampler(proposal: $0, budget: budget, share: share)
            })
        let ways = forward.samplers.map { Self.draws($0) }
        var (mean, square, total) = (0.0, 0.0, 0.0)
        for a in ways[0] {
            for b in ways[1] {
                for c in ways[2] {
                    let ratio = Elementary.exp(
                        forward.logEstimate(of: [a.choice, b.choice, c.choice]) - exact.logZ)
                    let probability = a.probability * b.probability * c.probability
                    total += probability
                    mean += probability * ratio
                    square += probability * (ratio - 1) * (ratio - 1)
                }
            }
        }
        #expect((total - 1).magnitude < 1e-12)
        #expect((mean - 1).magnitude < 1e-12)
        let predicted = forward.meanSquareError(logZ: exact.logZ, arithmetic: arithmetic)
        #expect((predicted / square - 1).magnitude < 1e-9, "\(predicted), not \(square)")
    }

    @Test func `the first order is what is left of the error at many draws`() throws {
        let arithmetic = try Arithmetic.portable()
        let model = try Self.model(states: 40, steps: 6)
        let exact = ExactInference(model, arithmetic: arithmetic)
        // Draws may be more than states: then the budget is not one of the kind.
        for (proposal, order) in [(model.potentials, 1.0), (exact.marginals, 2.0)] {
            func error(_ budget: Int) -> (exact: Double, first: Double) {
                let samplers = proposal.map { StateSampler(proposal: $0, budget: budget, share: 0) }
                let forward = RandomisedForward(model, samplers: samplers)
                return (
                    forward.meanSquareError(logZ: exact.logZ, arithmetic: arithmetic),
                    zip(samplers, exact.marginals).reduce(0) { $0 + $1.0.variance(of: $1.1) }
                )
            }
            let (one, two) = (error(19), error(38))
            let slope = Elementary.log(one.exact / two.exact) / Elementary.log(2)
            #expect((slope - order).magnitude < 0.25, "order \(slope), not \(order)")
            if order == 1 { #expect(two.first < two.exact && two.first > 0.5 * two.exact) }
            if order == 2 { #expect(two.first.magnitude < 1e-12) }
        }
    }

    @Test func `a budget of all states gives Z itself`() throws {
        let model = try Self.model(states: 12, steps: 7)
        let exact = ExactInference(model, arithmetic: try Arithmetic.portable())
        let forward = RandomisedForward(
            model,
            samplers: model.potentials.map { StateSampler(proposal: $0, budget: 12, share: 0) })
        var stream = RandomStream(seed: 1, purpose: "states")
        #expect((forward.logEstimate(&stream) - exact.logZ).magnitude < 1e-12)
    }

    @Test func `states are drawn with the frequencies of the proposal`() {
        let proposal = [0.5, 1, 3, 0.25, 2]
        let sampler = StateSampler(proposal: proposal, budget: 4, share: 0.5)
        #expect(sampler.always == [2, 4] && sampler.draws == 2)
        var stream = RandomStream(seed: 2, purpose: "states")
        var sums = [Double](repeating: 0, count: 5)
        for _ in 0..<40_000 {
            for (state, weight) in sampler.draw(&stream) { sums[state] += weight }
        }
        // Each state is met once in the mean.
        for (state, sum) in sums.enumerated() {
            #expect((sum / 40_000 - 1).magnitude < 0.04, "state \(state)")
        }
    }

    @Test func `the kind's errors are those that it predicts`() throws {
        for (proposal, share) in [("uniform", 0.0), ("local", 0.5), ("marginal", 0)] {
            let made = try run(
                ChainRandomisedStage.self,
                [
                    "states": 30, "steps": 4, "proposal": .string(proposal),
                    "share": .number(share), "budgets": [10, 20, 30], "trials": 2000,
                    "spread": 0.7, "coupling": 0.5, "predict": true,
                ])
            let table = try Table(csv: made.bytes("errors"))
            func column(_ name: String) -> [Double] {
                (table[column: name] ?? []).map { $0.double ?? .nan }
            }
            for row in 0..<2 {
                #expect(
                    (column("mean")[row] - 1).magnitude < 4 * column("se")[row], "\(proposal)")
                #expect(
                    (column("mse")[row] - column("predicted")[row]).magnitude
                        < 4 * column("mse_se")[row], "\(proposal)")
            }
            #expect(column("mse")[2] < 1e-20 && column("predicted")[2].magnitude < 1e-10)
            #expect(column("edges") == [300, 1200, 2700])
        }
    }

    @Test func `an exact error of too many states is refused with the way out`() {
        #expect(
            failure {
                _ = try run(
                    ChainRandomisedStage.self,
                    ["states": 5000, "budgets": [2], "predict": true])
            }.contains("expected at most 4,000 states, found 5000"))
    }
}
