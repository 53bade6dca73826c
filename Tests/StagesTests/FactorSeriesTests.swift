import Cache
import Numerics
import Pipeline
import Stages
import Testing

/// The kinds that count, draw, reduce and shape; nothing is trained.
@Suite struct FactorMeasureTests {
    private func task(_ parameters: [String: JSON], seed: UInt64 = 3) throws -> [String:
        [StageInput]]
    {
        let task = try run(FactorsTask.self, parameters, seed: seed)
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
            FactorsEntropy.self,
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
        let facts = try run(FactorsRank.self, [:], inputs).json("rank")
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
            FactorsCounts.self, ["from": 512, "to": 51200, "points": 3], inputs)
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
            FactorsCounts.self, ["from": 64, "to": 64, "points": 1, "estimators": "known"], inputs)
        #expect(try Table(csv: one.bytes("counts")).rows.count == 1)
        let text = failure {
            _ = try run(FactorsCounts.self, ["from": 9, "to": 5], inputs)
        }
        #expect(text.contains("expected `from` of at most `to`"))
    }
}

@Suite struct FactorSeriesTests {
    /// y = c · x⁻², for x = 1, 10, 100, as a curve that a stage of some name gave.
    private func curve(_ c: Double, _ at: [(String, JSON)], from stage: String = "train")
        -> StageInput
    {
        let rows = [1.0, 10, 100].map { "\($0),\(c / ($0 * $0)),\(2 * $0)\n" }.joined()
        return given("step,loss,flops\n" + rows, from: "\(stage)[…]", at: at)
    }

    private func series(_ parameters: [String: JSON], _ inputs: [String: [StageInput]]) throws
        -> JSON
    {
        try run(
            FactorsSeries.self, ["name": "f", "x": "step", "y": "loss"].merging(parameters) { $1 },
            inputs
        ).json("series")
    }

    private var runs: [StageInput] {
        [1.0, 4].enumerated().flatMap { seed, c in
            [8, 2].map { d in
                curve(
                    c * Double(d),
                    [("d", .number(Double(d))), ("replicate", .number(Double(seed)))])
            }
        }
    }

    @Test func `seeds are averaged, curves are ordered, slopes are those of the means`() throws {
        let json = try series(["series": "d", "prefix": "d = "], ["runs": runs])
        let curves = json["curves"]?.elements ?? []
        #expect(curves.map { $0["label"] } == ["d = 2", "d = 8"])
        let points = curves[0]["points"]?.elements ?? []
        #expect(points.map { $0["x"]?.double } == [1, 10, 100])
        #expect(points[0]["mean"]?.double == 5 && points[0]["count"]?.integer == 2)
        #expect(((points[0]["geometric"]?.double ?? 0) - 4).magnitude < 1e-14)
        #expect(points[1]["low"]?.double == 0.02 && points[1]["high"]?.double == 0.08)
        for point in points { #expect(((point["slope"]?.double ?? 0) + 2).magnitude < 1e-12) }
        #expect(curves[0]["bends"] == .null)  // three points say nothing
    }

    @Test func `a complexity stands behind a label, as a mean where runs differ in it`() throws {
        let facts = [(2, 0, 64), (2, 1, 64), (8, 0, 1000), (8, 1, 1300)].map { d, seed, chi in
            given(
                ["chi": .number(Double(chi))], from: "facts",
                at: [("d", .number(Double(d))), ("replicate", .number(Double(seed)))])
        }
        let json = try series(
            ["series": "d", "prefix": "d = ", "note": "chi"], ["runs": runs, "facts": facts])
        #expect(
            (json["curves"]?.elements ?? []).map { $0["label"] }
                == ["d = 2, χ = 64", "d = 8, mean χ = 1,150"])
    }

    @Test func `a straight line does not bend and a broken one does`() throws {
        func bends(_ y: (Double) -> Double) throws -> JSON? {
            let rows = (0...12).map { step -> String in
                let x = Elementary.exp(0.5 * Double(step))
                return "\(x),\(y(x))\n"
            }
            return try series(
                ["series": "", "prefix": "all"], ["runs": [given("step,loss\n" + rows.joined())]])[
                    "curves"]?.elements?.first?["bends"]
        }
        #expect(try bends { 3 / $0 } == false)
        #expect(try bends { 3 / ($0 * $0) + 0.001 } == true)
    }

    @Test func `values at other places lie on straight lines in logarithms`() throws {
        let json = try series(
            [
                "series": "d", "at": ["column": "flops", "values": [6.32455532033676, 20, 1000]],
                "x": "flops",
            ], ["runs": runs])
        let points = json["curves"]?.elements?.first?["points"]?.elements ?? []
        #expect(points.count == 2)  // beyond its end a run has no value
        #expect(((points[0]["mean"]?.double ?? 0) - 0.5).magnitude < 1e-12)
        #expect(points[1]["mean"]?.double == 0.05)
    }

    @Test func `facts join by the axes that both have, and never replace a column`() throws {
        let facts = [2, 8].map { d in
            given(
                ["chi": .number(Double(32 * d)), "loss": 7, "chibar": .number(Double(d))] as JSON,
                from: "facts[…]", at: [("d", .number(Double(d)))])
        }
        let json = try series(
            ["series": "chi", "x": "chi", "rows": "last", "mark": "chibar"],
            ["runs": runs, "facts": facts])
        let curves = json["curves"]?.elements ?? []
        #expect(curves.map { $0["value"] } == [64, 256])
        #expect(curves.map { $0["facts"]?["chibar"] } == [2, 8])
        let mean = curves[0]["points"]?.elements?.first?["mean"]?.double
        #expect(mean == 5e-4)
    }

    @Test func `runs of several stages meet in one figure by derived columns`() throws {
        let other = given(
            "samples,estimator,excess\n10,table,3\n1000,table,1\n", from: "counts[x=1]")
        let json = try series(
            [
                "derive": ["samples = 10 * step", "estimator = stage", "excess = loss"],
                "x": "samples", "y": "excess", "series": "estimator", "where": "samples > 10",
            ], ["runs": [runs[0], other]])
        let curves = json["curves"]?.elements ?? []
        #expect(curves.map { $0["label"] } == ["train", "table"])
        #expect(curves[1]["points"]?.elements?.count == 1)
    }

    @Test func `rows of one table that differ in a text are curves of their own`() throws {
        let table = given(
            "samples,estimator,excess\n10,a,3\n10,b,8\n1000,a,1\n1000,b,2\n", from: "counts")
        let json = try series(
            [
                "x": "samples", "y": "excess", "series": "estimator",
                "at": ["column": "samples", "values": [100]],
            ], ["runs": [table]])
        let means = (json["curves"]?.elements ?? []).compactMap {
            $0["points"]?.elements?.first?["mean"]?.double
        }
        #expect(means.count == 2)
        #expect(((means.first ?? 0) - 3.0.squareRoot()).magnitude < 1e-12)
        #expect(((means.last ?? 0) - 4).magnitude < 1e-12)
    }

    @Test func `runs are written one by one for laws, under their own names`() throws {
        let out = try run(
            FactorsSeries.self,
            ["name": "f", "x": "flops", "y": "loss", "series": "d", "rows": "last"], ["runs": runs])
        let table = try Table(csv: out.bytes("runs"))
        #expect(table.columns == ["series", "seed", "flops", "loss"])
        #expect(table.rows.count == 4 && table.rows[0] == [8, 0, 200, 0.0008])
    }

    @Test func `the figure is markup whose places are numbers`() throws {
        let facts = [given(["chibar": 30] as JSON)]
        let out = try run(
            FactorsSeries.self,
            [
                "name": "f", "x": "step", "y": "loss", "series": "d", "mark": "chibar",
                "level": "chibar / 10", "level_name": "<level>", "title": "a & b",
            ], ["runs": runs, "facts": facts])
        let check = try MarkupCheck(out.text("plot"))
        #expect(check.oddCoordinates == [])
        #expect(out.text("plot").contains("&lt;level&gt;"))
        #expect(check.elements.count { $0.attributes["stroke-dasharray"] == "5 5" } == 2)
        #expect(try Table(csv: out.bytes("table")).rows.count == 6)
    }

    @Test func `mistakes name what was found and what to do`() {
        func text(_ parameters: [String: JSON]) -> String {
            failure { _ = try series(parameters, ["runs": runs]) }
        }
        #expect(text(["y": "lss"]).contains("no row has both step and lss"))
        #expect(text(["derive": ["steps"]]).contains("expected `name = expression`"))
        #expect(text(["series": "depth"]).contains("unknown name `depth`"))
        #expect(text(["where": "depth > 2"]).contains("unknown name `depth`"))
        #expect(text(["at": ["column": "flops"]]).contains("expected {column, values}"))
        let broken = failure {
            _ = try series([:], ["runs": [given("a,b\n1\n", from: "train[x=1]")]])
        }
        #expect(broken.contains("train[x=1]") && broken.contains("expected 2 fields"))
    }
}
