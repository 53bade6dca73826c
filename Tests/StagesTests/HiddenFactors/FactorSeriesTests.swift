import Canon
import Experiment
import HiddenFactors
import Numerics
import Testing
import Workbench

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
            FactorSeriesStage.self,
            ["x": "step", "y": "loss"].merging(parameters) { $1 },
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
        let json = try series(["series": "d"], ["runs": runs])
        let curves = json["curves"]?.elements ?? []
        #expect(curves.map { $0["label"] } == ["2", "8"])
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
            ["series": "d", "note": "chi"], ["runs": runs, "facts": facts])
        #expect(
            (json["curves"]?.elements ?? []).map { $0["label"] }
                == ["2, χ = 64", "8, mean χ = 1,150"])
    }

    @Test func `a straight line does not bend and a broken one does`() throws {
        func bends(_ y: (Double) -> Double) throws -> JSON? {
            let rows = (0...12).map { step -> String in
                let x = Elementary.exp(0.5 * Double(step))
                return "\(x),\(y(x))\n"
            }
            return try series(
                ["series": ""], ["runs": [given("step,loss\n" + rows.joined())]])[
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
            FactorSeriesStage.self,
            ["x": "flops", "y": "loss", "series": "d", "rows": "last"], ["runs": runs])
        let table = try Table(csv: out.bytes("runs"))
        #expect(table.columns == ["series", "seed", "flops", "loss"])
        #expect(table.rows.count == 4 && table.rows[0] == [8, 0, 200, 0.0008])
    }

    @Test func `readers get a row a curve, with geometric means, slopes and a caption`() throws {
        let out = try run(
            FactorSeriesStage.self,
            ["x": "step", "y": "loss", "series": "d"], ["runs": runs])
        let table = try Table(csv: out.bytes("summary"))
        // Three points have no slopes.
        #expect(table.columns == ["curve", "1", "10", "100"])
        #expect(table.rows[0] == [2, "5.0 (4.0)", "0.050 (0.040)", "0.00050 (0.00040)"])
        #expect(
            try out.json("series")["caption"]
                == "Means of 2 runs a point; bars and bands reach from the least to the largest."
        )
        let rows = (0...20).map { step -> String in
            let x = Elementary.exp(0.5 * Double(step))
            return "\(x),\(3 / x)\n"
        }
        let straight = try run(
            FactorSeriesStage.self, ["x": "step", "y": "loss"],
            ["runs": [given("step,loss\n" + rows.joined())]])
        let summary = try Table(csv: straight.bytes("summary"))
        #expect(summary.columns.count == 7 && summary.rows[0].last == "about −1.0")
    }

    @Test func `the plot has a curve a value, marks in its colour, and words that pages replace`()
        throws
    {
        let facts = [given(["chibar": 30] as JSON)]
        let out = try run(
            FactorSeriesStage.self,
            [
                "x": "step", "y": "loss", "series": "d", "mark": "chibar", "level": "chibar / 10",
                "note": "chibar",
            ], ["runs": runs, "facts": facts])
        let figure = try PlotDocument(parsing: out.bytes("plot")).figure
        #expect(figure.family == "d" && figure.title == "loss against step")
        let series = figure.panels[0].series
        #expect(series.map { $0.name } == ["d = 2", "d = 8"])
        #expect(series.allSatisfy { $0.note == "χ̄ = 30" && $0.marks == [30] })
        #expect(series.map { $0.value } == [2, 8] && series[0].points.map { $0.y }[0] == 5)
        #expect(figure.references.map { $0.value } == [3])
        let check = try MarkupCheck(figure.svg())
        #expect(check.oddCoordinates == [])
        // Two marks, and what they are in the legend.
        #expect(check.elements.count { $0.attributes["stroke-dasharray"] == "5 5" } == 3)
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
