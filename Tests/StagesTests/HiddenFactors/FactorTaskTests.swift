import HiddenFactors
import Numerics
import System
import TestSupport
import Testing

/// Known values of arXiv 2411.01375 and its public code.
@Suite struct FactorTaskTests {
    private func task(
        _ inputs: [Int], _ outputs: [Int], parents: Int = 2, alpha: Double = 0.1, seed: UInt64 = 1
    ) -> FactorTask {
        FactorTask(
            input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: FactorGraph(
                inputs: inputs.count, outputs: outputs.count, parentCount: parents, seed: seed),
            concentrations: outputs.map { _ in alpha }, seed: seed)
    }

    @Test func `inputs count their first factor fastest, outputs their last`() {
        let inputs = FactorSpace([2, 3, 5], .firstFastest)
        #expect(inputs.values(of: 17) == [1, 2, 2])  // 17 = 1 + 2 (2 + 3 · 2)
        let outputs = FactorSpace([2, 3, 5], .lastFastest)
        #expect(outputs.values(of: 17) == [1, 0, 2])  // 17 = (1 · 3 + 0) 5 + 2
        for space in [inputs, outputs] {
            for token in 0..<space.count { #expect(space.token(space.values(of: token)) == token) }
        }
        #expect(FactorSpace([], .firstFastest).count == 1)
        #expect(FactorSpace.count(of: [2, 0]) == nil)
        #expect(FactorSpace.count(of: [1 << 20, 1 << 20]) == nil)
        #expect(FactorSpace.count(of: [.max, .max]) == nil)
    }

    @Test func `graphs of one seed are nested in the edge probability and in the parents' number`()
    {
        var before = [Set<Int>](repeating: [], count: 4)
        for probability in [0, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1] {
            let graph = FactorGraph(
                inputs: 12, outputs: 4, edgeProbability: probability, seed: 70)
            for (small, large) in zip(before, graph.parents) { #expect(small.isSubset(of: large)) }
            before = graph.parents.map { Set($0) }
        }
        #expect(before.allSatisfy { $0.count == 12 })
        let more = FactorGraph(inputs: 12, outputs: 4, parentCount: 5, seed: 3)
        let fewer = FactorGraph(inputs: 12, outputs: 4, parentCount: 2, seed: 3)
        #expect(fewer.parents == more.parents.map { Array($0.prefix(2)) })
        let all = FactorGraph(inputs: 2, outputs: 4, parentCount: 3, seed: 3)
        #expect(all.parents.allSatisfy { $0.sorted() == [0, 1] })
    }

    @Test func `edges are present as often as their probability says`() {
        var edges = 0
        let graphs = trials(200)
        for seed in 0..<graphs {
            edges += FactorGraph(
                inputs: 12, outputs: 4, edgeProbability: 0.3, seed: UInt64(seed)
            ).parents.reduce(0) { $0 + $1.count }
        }
        let mean = Double(graphs) * 48 * 0.3
        #expect((Double(edges) - mean).magnitude < 4 * (mean * 0.7).squareRoot())
    }

    @Test(arguments: [
        ([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 1, 64, 8),
        ([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 2, 128, 16),
        ([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 3, 256, 32),
        ([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 4, 512, 32),
        ([4, 4, 4, 4, 4, 4], 3, 2048, 32), ([16, 16, 16], 2, 8192, 32),
        ([64, 64], 3, 131_072, 32), ([4096], 1, 131_072, 32),
    ])
    func `complexities are the published ones`(
        inputs: [Int], parents: Int, chi: Int, chibar: Int
    ) {
        let task = task(inputs, [8, 8, 8, 8], parents: parents)
        #expect(task.input.count == 4096 && task.output.count == 4096)
        #expect(task.statisticalComplexity == chi)
        #expect(task.widthComplexity == chibar)
    }

    @Test func `an output without parents adds nothing to the complexities`() {
        let task = FactorTask(
            input: FactorSpace([2, 3], .firstFastest), output: FactorSpace([4, 5], .lastFastest),
            graph: FactorGraph(parents: [[], [1]]), concentrations: [1, 1], seed: 1)
        #expect(task.statisticalComplexity == 15)
        #expect(task.widthComplexity == 3)
        #expect(task.tables.map { $0.states } == [1, 3])
    }

    /// log M − Σ_j (ψ(q α + 1) − ψ(α + 1)); from α = 0.01 on most probabilities are near 0.
    @Test(arguments: [
        ([8, 8, 8, 8], 1, 1.446), ([8, 8, 8, 8], 0.1, 5.483), ([8, 8, 8, 8], 0.01, 7.885),
        ([8, 8, 8, 8], 0.001, 8.272), ([4, 4, 4, 4], 0.1, 4.096), ([4, 4, 4, 4], 0.001, 5.526),
        ([8, 8, 8], 0.1, 4.112), ([4096], 0.1, 1.878), ([4096], 0.001, 6.215),
    ])
    func `the mean gap to the uniform distribution is the digamma formula's`(
        outputs: [Int], alpha: Double, gap: Double
    ) {
        let draws = trials(outputs.count == 1 ? 10 : 200)
        let mean =
            (0..<draws).reduce(0) {
                $0
                    + task(
                        Array(repeating: 2, count: 8), outputs, alpha: alpha, seed: UInt64($1)
                    ).uniformExcess
            } / Double(draws)
        #expect((mean / gap - 1).magnitude < 0.03, "\(mean)")
    }

    @Test func `rows sum to 1 and stay finite where probabilities underflow`() {
        var stream = RandomStream(seed: 5, purpose: "test")
        for concentration in [1e-3, 0.01, 0.1, 1, 7] {
            for _ in 0..<trials(50) {
                let row = stream.logDirichlet(concentration: concentration, count: 16)
                #expect(row.allSatisfy { $0.isFinite && $0 <= 1e-15 })
                let sum = row.reduce(0) { $0 + Elementary.exp($1) }
                #expect((sum - 1).magnitude < 1e-13)
            }
        }
        let table = FactorTable(states: 40, size: 8, concentration: 1e-3, stream: &stream)
        #expect(table.probabilities.contains(0))
        #expect(table.entropies.allSatisfy { $0 >= 0 && $0 < 2.08 })
    }

    @Test func `the expanded row is the product of factors and has the summed entropy`() {
        let task = task([2, 3, 5], [3, 2, 4], alpha: 0.5, seed: 4)
        for x in 0..<task.input.count {
            let row = task.conditional(at: x)
            #expect(row.count == 24)
            var entropy = 0.0
            for (y, p) in row.enumerated() {
                let log = task.logProbability(of: y, at: x)
                #expect((Elementary.exp(log) - p).magnitude < 1e-14)
                entropy -= p > 0 ? p * Elementary.log(p) : 0
            }
            #expect((row.reduce(0, +) - 1).magnitude < 1e-13)
            #expect((entropy - task.entropy(at: x)).magnitude < 1e-12)
        }
        let all = task.entropy(over: Array(0..<task.input.count))
        #expect((all - task.entropy).magnitude < 1e-12)
    }

    @Test func `a factor's marginal does not change with inputs that are not its parents`() {
        let task = task([2, 3, 2, 4], [3, 4], parents: 2, alpha: 0.5, seed: 9)
        for factor in 0..<2 {
            var marginals: [Int: [Double]] = [:]
            for x in 0..<task.input.count {
                var marginal = [Double](repeating: 0, count: task.output.sizes[factor])
                for (y, p) in task.conditional(at: x).enumerated() {
                    marginal[task.output.value(of: factor, in: y)] += p
                }
                let state = task.state(of: factor, at: x)
                let first = marginals[state, default: marginal]
                marginals[state] = first
                #expect(zip(first, marginal).allSatisfy { ($0 - $1).magnitude < 1e-14 })
            }
            #expect(marginals.count == task.tables[factor].states)
        }
    }

    @Test func `pairs are drawn as often as their probability says`() {
        let task = task([2, 2], [2, 3], parents: 1, alpha: 1, seed: 2)
        var stream = RandomStream(seed: 8, purpose: "test")
        var counts = [Double](repeating: 0, count: 24)
        let draws = Double(trials(60_000))
        for _ in 0..<Int(draws) {
            let (x, y) = task.sample(stream: &stream)
            counts[x * 6 + y] += 1
        }
        for x in 0..<4 {
            for (y, p) in task.conditional(at: x).enumerated() {
                let mean = draws * p / 4
                #expect((counts[x * 6 + y] - mean).magnitude < 4.5 * mean.squareRoot() + 1)
            }
        }
    }

    @Test func `splits are disjoint, complete, of the stated size and nested`() {
        var before: Set<Int> = []
        for fraction in [0, 0.05, 0.4, 0.9, 1] {
            let split = TokenSplit(count: 4096, fraction: fraction, seed: 3)
            #expect(split.observed.count == Int(fraction * 4096))
            #expect((split.observed + split.unobserved).sorted() == Array(0..<4096))
            #expect(before.isSubset(of: split.observed))
            before = Set(split.observed)
        }
    }

    /// Claim 2 of docs/HIDDEN-FACTORS.md: rank(log p) = 1 + Σ_j min(q_j − 1, |pa_j| − 1) for
    /// disjoint parents.
    @Test(arguments: [
        ([2, 2, 2, 2, 2, 2, 2, 2], [4, 4, 4, 4], 1, 5),
        ([2, 2, 2, 2, 2, 2, 2, 2], [4, 4, 4, 4], 2, 13),
        ([2, 2, 2, 2, 2, 2, 2, 2, 2], [8, 8, 8], 3, 22),
        ([3, 3, 3, 3], [8, 8, 8], 1, 7), ([5, 5, 5, 5], [8, 8, 8], 1, 13),
    ])
    func `the logarithm of p has the derived rank`(
        inputs: [Int], outputs: [Int], parents: Int, rank: Int
    ) {
        let task = FactorTask(
            input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: FactorGraph(
                parents: outputs.indices.map { Array($0 * parents..<($0 + 1) * parents) }),
            concentrations: outputs.map { _ in 1 }, seed: 6)
        #expect(rank <= task.widthComplexity)
        // Gaussian elimination with full pivoting, until nothing but rounding is left.
        let (n, m) = (task.input.count, task.output.count)
        var left: [Double] = []
        for x in 0..<n { for y in 0..<m { left.append(task.logProbability(of: y, at: x)) } }
        var found = 0
        while found <= rank {
            var pivot = 0
            for place in left.indices where left[place].magnitude > left[pivot].magnitude {
                pivot = place
            }
            let value = left[pivot]
            guard value.magnitude > 1e-9 else { break }
            found += 1
            let (row, column) = (pivot / m, pivot % m)
            let eliminated = Array(left[row * m..<(row + 1) * m])
            for x in 0..<n {
                let factor = left[x * m + column] / value
                for y in 0..<m { left[x * m + y] -= factor * eliminated[y] }
            }
        }
        #expect(found == rank)
    }
}
