import Canon
import Experiment
import HiddenFactors
import Numerics
import Testing
import Workbench

/// The kinds that count, draw, reduce and shape; nothing is trained.
@Suite struct FactorMeasureTests {
    private func task(_ parameters: [String: JSON], seed: UInt64 = 3) throws -> [String:
        [StageInput]]
    {
        let task = try run(FactorTaskStage.self, parameters, seed: seed)
        return [
            "task": [given(task.bytes("task"), from: "task")],
            "tables": [given(task.bytes("tables"), from: "task")],
        ]
    }

    /// Claim 1 of docs/HIDDEN-FACTORS.md.
    @Test(
        arguments: [([4, 4, 4, 4], 4.096), ([8, 8, 8], 4.112), ([8, 8, 8, 8], 5.483)]
            as [([Int], Double)])
    func `drawn tasks are as far from uniform as theory says`(outputs: [Int], level: Double) throws
    {
        let facts = try run(
            FactorEntropyStage.self,
            [
                "inputs": .array(Array(repeating: 2, count: 8)),
                "outputs": .array(outputs.map { .number(Double($0)) }), "pairs": 2,
            ]
        ).json("entropy")
        let mean = try #require(facts["mean"]?.double)
        #expect((mean / level - 1).magnitude < 0.03)
        #expect((facts["expected"]?.double ?? 0) - level < 1e-3)
        #expect((facts["violation"]?.double ?? 1) < 1e-12)
    }

    /// Claim 2 of docs/HIDDEN-FACTORS.md: 22, 7 and 13 for these, and 12 modulo constants of
    /// rows for 13.
    @Test(
        arguments: [
            (2, 9, [8, 8, 8], 3, 22), (3, 4, [8, 8, 8], 1, 7), (5, 4, [8, 8, 8], 1, 13),
            (2, 8, [4, 4, 4, 4], 2, 13),
        ] as [(Int, Int, [Int], Int, Int)])
    func `the rank of log p is the one that is derived`(
        size: Int, count: Int, outputs: [Int], parents: Int, rank: Int
    ) throws {
        let inputs = try task([
            "inputs": .array(Array(repeating: .number(Double(size)), count: count)),
            "outputs": .array(outputs.map { .number(Double($0)) }),
            "parents": .number(Double(parents)), "disjoint": true, "alpha": [1],
        ])
        let facts = try run(FactorRankStage.self, [:], inputs).json("rank")
        #expect(facts["rank"]?.integer == rank && facts["bound"]?.integer == rank)
        if outputs.count == 4 { #expect(facts["rank_modulo_rows"]?.integer == 12) }
        #expect((facts["next_pivot"]?.double ?? 1) < 1e-12)
        #expect((facts["chibar"]?.integer ?? 0) >= rank)
    }

    @Test func `disjoint parents that do not fit are refused`() {
        let text = failure {
            _ = try task(["inputs": [2, 2, 2], "outputs": [4, 4], "disjoint": true])
        }
        #expect(text.contains("at least 4 inputs") && text.contains("found 3"))
    }

    /// Claim 14 of docs/HIDDEN-FACTORS.md at one size, and rows whose numbers are those of the
    /// estimators.
    @Test func `counting with the graph known is near χ over twice the samples`() throws {
        let inputs = try task([
            "inputs": .array(Array(repeating: 2, count: 8)), "outputs": [4, 4, 4, 4],
        ])
        let counts = try run(
            FactorCountsStage.self, ["from": 512, "to": 51200, "points": 3], inputs)
        let table = try Table(csv: counts.bytes("counts"))
        #expect(table.rows.count == 6)
        #expect(
            table[column: "samples"]?.map { $0.integer } == [512, 512, 5120, 5120, 51200, 51200])
        let known = table.filtered(["estimator": "known graph", "samples": 51200])
        let excess = try #require(known[column: "excess"]?.first?.double)
        let rate = try #require(known[column: "rate"]?.first?.double)
        #expect(rate == 64.0 / 102_400)
        #expect((0.2...1.2).contains(excess / rate), "\(excess / rate)")
        let unknown = table.filtered(["estimator": "unknown graph", "samples": 51200])
        #expect((unknown[column: "excess"]?.first?.double ?? 0) > 10 * excess)
        let one = try run(
            FactorCountsStage.self, ["from": 64, "to": 64, "points": 1, "estimators": "known"],
            inputs)
        #expect(try Table(csv: one.bytes("counts")).rows.count == 1)
        let text = failure {
            _ = try run(FactorCountsStage.self, ["from": 9, "to": 5], inputs)
        }
        #expect(text.contains("expected `from` of at most `to`"))
    }
}
