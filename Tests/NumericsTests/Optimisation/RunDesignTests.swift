import Numerics
import TestSupport
import Testing

/// Designs of next runs against published optimal designs and against every design there is.
@Suite struct RunDesignTests {
    private typealias Limits = GreedyDesign.Limits

    /// Places on [−1, 1], a tenth apart.
    private let places = (-10...10).map { Double($0) / 10 }

    /// What is known of a polynomial of a degree: next to nothing.
    private func ignorance(_ count: Int) -> DesignCovariance {
        var elements = [Double](repeating: 0, count: count * count)
        for place in 0..<count { elements[place * count + place] = 1e7 }
        return DesignCovariance(elements, count: count)
    }

    private func powers(_ x: Double, _ count: Int) -> [Double] {
        (0..<count).map { (0..<$0).reduce(1.0) { power, _ in power * x } }
    }

    private func question(_ count: Int, _ target: Double?) -> DesignQuestion {
        DesignQuestion(
            aim: target == nil ? .parameters : .targets, covariance: ignorance(count),
            targets: [powers(target ?? 0, count)])
    }

    private func candidates(_ count: Int) -> [DesignCandidate] {
        places.map { DesignCandidate(slope: powers($0, count), cost: 1) }
    }

    private func counts(_ design: GreedyDesign) -> [Double: Int] {
        Dictionary(grouping: design.steps, by: { places[$0.candidate] }).mapValues { $0.count }
    }

    /// Fedorov (1972): a line has its D-optimal runs half at each end, a parabola a third at −1, 0 and 1.
    @Test func `D-optimal runs of a line and of a parabola stand where they should`() {
        let line = GreedyDesign(question(2, nil), candidates(2), Limits(runs: 20))
        #expect(counts(line) == [-1: 10, 1: 10])
        let parabola = GreedyDesign(question(3, nil), candidates(3), Limits(runs: 30))
        #expect(counts(parabola) == [-1: 10, 0: 10, 1: 10])
        let bound = DesignBound(question(3, nil), candidates(3), Limits(runs: 30))
        for (place, weight) in zip(places, bound.weights) {
            let expected = [-1, 0, 1].contains(place) ? 10.0 : 0
            #expect((weight - expected).magnitude < 0.2, "\(place): \(weight)")
        }
    }

    /// Hoel and Levine (1964): for a polynomial at x₀ beyond [−1, 1] the runs stand at Chebyshev's places, in the
    /// ratio of Lagrange's polynomials at x₀; the variance is that of their absolute sum, squared, over n.
    @Test(arguments: Outside.known)
    func `runs for a place outside stand in Hoel's and Levine's ratio`(known: Outside) {
        let (count, target) = (known.count, known.target)
        let design = GreedyDesign(question(count, target), candidates(count), Limits(runs: 140))
        for (place, share) in known.shares {
            let found = counts(design)[place] ?? 0
            #expect((Double(found) - 140 * share).magnitude <= 2, "\(place): \(found)")
        }
        #expect(counts(design).values.reduce(0, +) == 140)
        #expect((140 * design.value - known.variance).magnitude < 0.01 * known.variance)
        let bound = DesignBound(question(count, target), candidates(count), Limits(runs: 140))
        #expect(bound.least <= design.value && bound.least > 0.98 * design.value)
        #expect((140 * bound.reached - known.variance).magnitude < 0.01 * known.variance)
    }

    /// A candidate's numbers, drawn; every multiset of runs is then looked at.
    private func drawn(_ random: inout SeededGenerator, count: Int) -> [DesignCandidate] {
        (0..<count).map { _ in
            DesignCandidate(
                slope: (0..<3).map { _ in Double.random(in: -2...2, using: &random) },
                cost: Double.random(in: 1...4, using: &random))
        }
    }

    /// The best value of all designs within limits.
    private func best(
        _ question: DesignQuestion, _ candidates: [DesignCandidate], _ limits: Limits
    ) -> Double {
        func look(
            _ from: Int, _ runs: Int, _ spent: Double, _ known: DesignCovariance, _ gained: Double
        )
            -> Double
        {
            var least =
                question.aim == .parameters ? -gained : question.variance(known)
            guard runs > 0 else { return least }
            for place in from..<candidates.count
            where spent + candidates[place].cost <= limits.budget {
                var next = known
                let own = next.add(candidates[place].slope)
                least = min(
                    least,
                    look(
                        limits.mayRepeat ? place : place + 1, runs - 1,
                        spent + candidates[place].cost, next, gained + Elementary.log1p(own)))
            }
            return least
        }
        return look(0, limits.runs, 0, question.covariance, 0)
    }

    @Test func `no design is better than the bound, and the greedy one keeps its promise`() {
        var random = SeededGenerator(19)
        for trial in 0..<trials(40) {
            let candidates = drawn(&random, count: 6)
            let question = DesignQuestion(
                aim: trial % 2 == 0 ? .targets : .parameters,
                covariance: DesignCovariance([1, 0.3, 0, 0.3, 2, 0.1, 0, 0.1, 0.5], count: 3),
                targets: [[1, 2, -1], [0.5, -1, 3]])
            let limits = Limits(
                runs: 4, budget: trial % 4 < 2 ? .infinity : 7, mayRepeat: trial % 3 != 0)
            let best = best(question, candidates, limits)
            let greedy = GreedyDesign(question, candidates, limits)
            let bound = DesignBound(question, candidates, limits)
            #expect(bound.least <= best + 1e-9, "trial \(trial)")
            #expect(best <= greedy.value + 1e-9, "trial \(trial)")
            #expect((greedy.steps.last?.spent ?? 0) <= limits.budget)
            #expect(
                limits.mayRepeat
                    || Set(greedy.steps.map { $0.candidate }).count == greedy.steps.count)
            if question.aim == .parameters {
                let share = limits.budget.isFinite ? 0.5 * 0.632 : 0.632
                #expect(-greedy.value >= share * -best, "trial \(trial)")
            }
        }
    }

    /// numpy: `inv(inv(V) + w g g′)`.
    @Test func `a run makes the covariance what its information says`() {
        var covariance = DesignCovariance([1, 0.3, 0.3, 2], count: 2)
        #expect((covariance.add([1, -1], weight: 2) - 2.4).magnitude < 1e-15)
        let expected = [
            0.8310344827586207, 0.7103448275862069, 0.7103448275862069, 1.0034482758620689,
        ]
        for (found, value) in zip(covariance.elements, expected) {
            #expect((found - value).magnitude < 1e-14)
        }
    }
}

/// A polynomial's optimal runs for a place outside of [−1, 1].
struct Outside: Sendable {
    /// How many coefficients.
    let count: Int
    let target: Double
    /// The share of runs at each place.
    let shares: [Double: Double]
    /// The variance there of one run in these shares.
    let variance: Double

    static let known = [
        Outside(count: 2, target: 2, shares: [-1: 0.25, 1: 0.75], variance: 4),
        Outside(count: 2, target: 5, shares: [-1: 0.4, 1: 0.6], variance: 25),
        Outside(
            count: 3, target: 2, shares: [-1: 1.0 / 7, 0: 3.0 / 7, 1: 3.0 / 7], variance: 49),
    ]
}
