import Canon
import Experiment
import HiddenFactors
import Numerics
import Testing
import Workbench

@Suite struct FactorTaskStageTests {
    private func inputs(_ task: StageRun) -> [String: [StageInput]] {
        [
            "task": [given(task.bytes("task"), from: "task")],
            "tables": [given(task.bytes("tables"), from: "task")],
        ]
    }

    private func read(_ task: StageRun) throws -> FactorTask {
        try FactorTask(json: task.json("task"), table: task.array("tables"))
    }

    /// χ = 4 · 8 · 4 and χ̄ = 4 · min(8, 4), by their definitions, for the paper's defaults.
    @Test func `the default task is the paper's`() throws {
        let facts = try run(FactorFactsStage.self, [:], inputs(run(FactorTaskStage.self))).json(
            "facts")
        #expect(facts["N"] == 4096 && facts["M"] == 4096)
        #expect(facts["chi"] == 128 && facts["chibar"] == 16 && facts["edges"] == 8)
        let entropy = try #require(facts["entropy"]?.double)
        let excess = try #require(facts["uniform_excess"]?.double)
        #expect((entropy + excess - Elementary.log(4096)).magnitude < 1e-12)
        let parts = (facts["factor_entropies"]?.elements ?? []).compactMap { $0.double }
        #expect(parts.count == 4)
        #expect((parts.reduce(0, +) - entropy).magnitude < 1e-12)
    }

    @Test func `a task reads back as it was written`() throws {
        let parameters: [String: JSON] = [
            "inputs": [2, 3, 4], "outputs": [3, 5], "alpha": [0.001, 1],
        ]
        let written = try run(FactorTaskStage.self, parameters, seed: 7)
        let task = try read(written)
        #expect(task.json == (try written.json("task")))
        #expect(task.table == (try written.array("tables")))
        #expect(task.input.sizes == [2, 3, 4] && task.output.sizes == [3, 5])
        #expect(task.graph.parents.allSatisfy { $0.count == 2 })
    }

    @Test func `graphs of one seed are nested in the edge probability`() throws {
        var before = [Set<Int>](repeating: [], count: 4)
        for probability in [0, 0.2, 0.6] {
            let parents = try read(
                run(FactorTaskStage.self, ["edge_probability": .number(probability)], seed: 4)
            ).graph.parents.map { Set($0) }
            for (small, large) in zip(before, parents) { #expect(small.isSubset(of: large)) }
            before = parents
        }
    }

    @Test func `another seed or draw gives another task`() throws {
        let tasks = try [
            run(FactorTaskStage.self, seed: 1), run(FactorTaskStage.self, seed: 2),
            run(FactorTaskStage.self, ["draw": 1], seed: 1),
        ]
        #expect(Set(tasks.map { $0.bytes("tables") }).count == 3)
    }

    @Test func `mistakes are refused with what was found and what to do`() throws {
        let large = failure { _ = try run(FactorTaskStage.self, ["inputs": [100_000, 100_000]]) }
        #expect(large.contains("inputs") && large.contains("fewer or smaller"))
        let tables = failure {
            _ = try run(
                FactorTaskStage.self, ["inputs": [1_000_000, 1000], "outputs": [8], "parents": 2])
        }
        #expect(tables.contains("edge_probability"))
        let alpha = failure { _ = try run(FactorTaskStage.self, ["alpha": [1, 1, 1]]) }
        #expect(alpha.contains("expected 1 or 4 numbers"))
        let one = try run(FactorTaskStage.self)
        let other = try run(FactorTaskStage.self, ["parents": 1])
        let mixed = failure {
            _ = try FactorTask(json: one.json("task"), table: other.array("tables"))
        }
        #expect(mixed.contains("from one action"))
        let zeros = failure {
            _ = try FactorTask(
                json: one.json("task"),
                table: NumpyArray(
                    rows: 128, columns: 1, elements: Array(repeating: 0, count: 128)))
        }
        #expect(zeros.contains("sum to 1"))
    }
}
