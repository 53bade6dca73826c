import HiddenFactors
import Numerics
import Testing

@Suite struct FactorTrainingTests {
    private let task = FactorTask(
        input: FactorSpace([2, 2, 2, 2, 2], .firstFastest),
        output: FactorSpace([3, 4], .lastFastest),
        graph: FactorGraph(inputs: 5, outputs: 2, parentCount: 1, seed: 1),
        concentrations: [0.3, 0.3], seed: 1)

    private func plan(_ mode: FactorMode, steps: Int = 40) -> FactorPlan {
        FactorPlan(
            mode: mode, shape: FactorNetworkShape(width: 8, hidden: 16, blocks: 1, classes: 12),
            steps: steps, batch: 64)
    }

    private func training(_ plan: FactorPlan, seed: UInt64 = 2) throws -> FactorTraining {
        FactorTraining(task, plan, seed: seed, arithmetic: try Arithmetic.portable())
    }

    private func finish(_ training: FactorTraining) -> FactorTraining {
        while !training.isDone { training.advance() }
        return training
    }

    @Test(arguments: FactorMode.allCases)
    func `a training goes on from a kept state to the same bits`(mode: FactorMode) throws {
        let calm = finish(try training(plan(mode)))
        let stopped = try training(plan(mode))
        for _ in 0..<17 { stopped.advance() }
        let resumed = try training(plan(mode))
        let state = stopped.state
        #expect(resumed.restore(state) && resumed.step == 17)
        #expect(finish(resumed).parameters == calm.parameters)
        #expect(resumed.curve == calm.curve)
        for damaged in [[], Array(state.dropLast()), [1] + state.dropFirst()] {
            let fresh = try training(plan(mode))
            #expect(!fresh.restore(damaged) && fresh.step == 0)
        }
    }

    @Test(arguments: FactorMode.allCases)
    func `every instruction set trains to the same bits`(mode: FactorMode) {
        let found = Kernels.available.map { kernels in
            finish(
                FactorTraining(
                    task, plan(mode, steps: 12), seed: 4, arithmetic: Arithmetic(portable: kernels))
            ).parameters
        }
        #expect(found.allSatisfy { $0 == found[0] })
    }

    /// Claims 4 and 8 of docs/HIDDEN-FACTORS.md, at a size that takes no time.
    @Test func `a network compresses what it sees, and generalises where it knows the factors`()
        throws
    {
        let compressed = finish(try training(plan(.compression, steps: 500)))
        #expect(try #require(compressed.curve.last).test < 0.01)
        let start = try #require(compressed.curve.first)
        #expect(start.step == 1 && start.train > 0.5)
        var general = plan(.generalisation, steps: 500)
        general.observed = 0.75
        let fixed = finish(try training(general))
        #expect(fixed.trainTokens.count == 24 && fixed.testTokens.count == 8)
        #expect(try #require(fixed.curve.last).test < 0.02)
        general.embedding = .trainedFactors
        #expect(try #require(finish(try training(general)).curve.last).test < 0.05)
        general.embedding = .learned
        let learned = try #require(finish(try training(general)).curve.last)
        #expect(learned.test > 0.1 && learned.train < 0.01, "\(learned)")
    }

    @Test func `the train loss of the last step is that before it, the test loss that after it`()
        throws
    {
        let long = finish(try training(plan(.compression, steps: 3)))
        #expect(long.curve.map { $0.step } == [1, 2, 3])
        // All inputs are trained on: the test after a step is the train loss before the next.
        for (row, next) in zip(long.curve, long.curve.dropFirst()) {
            #expect((row.test - next.train).magnitude < 1e-12)
        }
    }

    @Test func `labels are drawn afresh in every step, inputs too in a single pass`() throws {
        var sampled = plan(.compression, steps: 2000)
        sampled.samplesLabels = true
        sampled.pointsPerDecade = 1
        let full = finish(try training(sampled))
        #expect(try #require(full.curve.last).test < 0.05)
        let single = finish(try training(plan(.singlePass, steps: 2000)))
        #expect(try #require(single.curve.last).test < 0.05)
        var soft = plan(.singlePass, steps: 300)
        soft.samplesLabels = false
        #expect(try #require(finish(try training(soft)).curve.last).test < 0.02)
    }

    @Test func `the curve is recorded on a grid of logarithms`() {
        var plan = plan(.compression, steps: 1000)
        plan.pointsPerDecade = 2
        #expect(plan.recordedSteps == [1, 3, 10, 32, 100, 316, 1000])
        plan.steps = 1
        #expect(plan.recordedSteps == [1])
        (plan.steps, plan.pointsPerDecade) = (12, 1000)
        #expect(plan.recordedSteps == Array(1...12))
    }

    /// exp(c ln r + (1 − c) ln 3e-4): the rate itself, the geometric mean half way, 3e-4 at a million.
    @Test func `the schedule in logarithms ends at a million steps`() {
        let schedule = FactorSchedule.logCosine
        #expect((schedule.rate(0.03, at: 0, of: 5) - 0.03).magnitude < 1e-15)
        #expect((schedule.rate(0.03, at: 999, of: 5) - 0.003).magnitude < 1e-12)
        #expect((schedule.rate(0.03, at: 999_999, of: 5) - 3e-4).magnitude < 1e-15)
        #expect(
            schedule.rate(0.03, at: 5_000_000, of: 5) == schedule.rate(0.03, at: 999_999, of: 5))
        #expect(FactorSchedule.cosine.rate(0.03, at: 500, of: 1000) == 0.03 * 0.5)
    }
}
