import HiddenFactors
import Numerics
import Testing

/// What is known of tasks without training: entropies, ranks, independence.
@Suite struct FactorTheoryTests {
    /// ψ(1) = −γ, ψ(1/2) = −γ − 2 log 2, ψ(10) = H₉ − γ, and ψ(x + 1) = ψ(x) + 1/x near 0.
    @Test func `digamma has its known values`() {
        let euler = 0.5772156649015329
        #expect((DirichletEntropy.digamma(1) + euler).magnitude < 1e-14)
        #expect((DirichletEntropy.digamma(0.5) + euler + 2 * Elementary.log(2)).magnitude < 1e-14)
        let harmonic = (1...9).reduce(0.0) { $0 + 1 / Double($1) }
        #expect((DirichletEntropy.digamma(10) - harmonic + euler).magnitude < 1e-14)
        let small = DirichletEntropy.digamma(1e-3)
        #expect((DirichletEntropy.digamma(1.001) - small - 1000).magnitude < 1e-11)
    }

    /// log M − Σ E H for outputs of several sizes and concentrations, computed elsewhere.
    @Test(
        arguments: [
            (8, 4, 1.0, 1.446), (8, 4, 0.1, 5.483), (8, 4, 0.01, 7.885), (8, 4, 0.001, 8.272),
            (4096, 1, 1.0, 0.423), (4096, 1, 0.1, 1.878), (4096, 1, 0.001, 6.215),
            (4, 4, 0.1, 4.096), (4, 4, 0.001, 5.526), (8, 3, 0.1, 4.112),
        ])
    func `the expected distance from uniform is the digamma formula's`(
        size: Int, count: Int, alpha: Double, expected: Double
    ) {
        let entropy = DirichletEntropy.expected(concentration: alpha, count: size)
        let found = Double(count) * (Elementary.log(Double(size)) - entropy)
        #expect((found - expected).magnitude < 6e-4)
    }

    @Test func `the rank of a product of random matrices is its inner size`() {
        for (rows, columns, inner) in [(30, 50, 7), (50, 30, 30), (12, 9, 1)] {
            var stream = RandomStream(seed: 5, purpose: "test", index: UInt64(inner))
            let a = (0..<rows * inner).map { _ in stream.normal() }
            let b = (0..<inner * columns).map { _ in stream.normal() }
            var matrix = [Double](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for column in 0..<columns {
                    for k in 0..<inner {
                        matrix[row * columns + column] +=
                            a[row * inner + k] * b[k * columns + column]
                    }
                }
            }
            let rank = PivotedRank(matrix, rows: rows, columns: columns)
            #expect(rank.rank == inner)
            if inner < min(rows, columns) { #expect((rank.pivots.last ?? 1) < 1e-13) }
        }
        #expect(PivotedRank([0, 0, 0, 0], rows: 2, columns: 2).rank == 0)
    }

    private func task(
        _ inputs: [Int], _ outputs: [Int], parents: [[Int]], alpha: Double = 1
    ) -> FactorTask {
        FactorTask(
            input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: FactorGraph(parents: parents), concentrations: outputs.map { _ in alpha },
            seed: 11)
    }

    /// Claim 2 of docs/HIDDEN-FACTORS.md (5 and 13), and outputs of which some have fewer states of
    /// parents than values and others more: one direction each for functions of x and of y alone.
    @Test(
        arguments: [
            (Array(repeating: 2, count: 8), [4, 4, 4, 4], [[0], [1], [2], [3]], 5),
            (
                Array(repeating: 2, count: 8), [4, 4, 4, 4], [[0, 1], [2, 3], [4, 5], [6, 7]], 13
            ),
            ([2, 6, 3], [5, 3], [[0], [1]], 5),
            ([2, 3], [4, 3], [[0], []], 2),
        ])
    func `the rank of log p is its bound`(
        inputs: [Int], outputs: [Int], parents: [[Int]], expected: Int
    ) {
        let task = task(inputs, outputs, parents: parents)
        let rank = PivotedRank(
            task.logarithms(), rows: task.input.count, columns: task.output.count)
        #expect(rank.rank == expected && task.rankBound == expected)
    }

    @Test func `the matrix of logarithms holds what single elements are`() {
        let task = task([2, 3], [2, 4], parents: [[1, 0], [0]])
        let matrix = task.logarithms()
        for x in 0..<6 {
            for y in 0..<8 {
                #expect((matrix[x * 8 + y] - task.logProbability(of: y, at: x)).magnitude < 1e-15)
            }
        }
    }

    /// Without parents x says nothing; with one parent that decides one of two outputs it says log 2.
    @Test func `the best predictor blind to x lacks what x says`() {
        #expect(task([2, 3], [4, 3], parents: [[], []]).inputFreeExcess.magnitude < 1e-14)
        let certain = FactorTable(states: 2, size: 2, logarithms: [0, -800, -800, 0])
        let other = FactorTable(
            states: 1, size: 2, logarithms: [Elementary.log(0.3), Elementary.log(0.7)])
        let told = FactorTask(
            input: FactorSpace([2, 3], .firstFastest), output: FactorSpace([2, 2], .lastFastest),
            graph: FactorGraph(parents: [[0], []]), tables: [certain, other])
        #expect((told.inputFreeExcess - Elementary.log(2)).magnitude < 1e-14)
    }

    @Test func `outputs depend on their parents alone`() {
        var stream = RandomStream(seed: 1, purpose: "test")
        let task = task([2, 3, 4], [3, 5], parents: [[2], [0, 1]], alpha: 0.1)
        #expect(task.markovViolation(pairs: 20, stream: &stream) < 1e-14)
    }

    @Test func `parents of their own are never shared`() throws {
        let graph = try #require(FactorGraph(inputs: 9, outputs: 3, ownParentCount: 3, seed: 2))
        #expect(Set(graph.parents.joined()).count == 9)
        #expect(graph.parents.allSatisfy { $0.count == 3 })
        #expect(FactorGraph(inputs: 8, outputs: 3, ownParentCount: 3, seed: 2) == nil)
    }
}
