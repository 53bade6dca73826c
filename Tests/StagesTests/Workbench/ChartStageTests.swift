import Canon
import Experiment
import Laws
import Testing
import Workbench

@Suite struct ChartStageTests {
    /// Three sizes with three repetitions each, of two sorts: 1/n and 2/n, times 1, 2 and 4.
    private func data() -> [StageInput] {
        var all: [StageInput] = []
        for (sort, factor) in [("plain", 1.0), ("polar", 2)] {
            for n in [10.0, 100, 1000] {
                for replicate in 0..<3 {
                    let spread = [1.0, 2, 4][replicate]
                    all.append(
                        measured(
                            "train",
                            [
                                ("sort", .string(sort)), ("n", .number(n)),
                                ("replicate", .number(Double(replicate))),
                            ],
                            ["test_loss": factor * spread / n]))
                }
            }
        }
        return all
    }

    private func draw(_ more: [String: JSON], laws: [StageInput] = []) throws -> StageRun {
        var parameters: [String: JSON] = [
            "x": "n", "y": "test_loss", "series": "sort", "over": "replicate",
        ]
        for (name, value) in more { parameters[name] = value == .null ? nil : value }
        return try run(ChartStage.self, parameters, ["data": data(), "laws": laws])
    }

    private func failure(_ more: [String: JSON], laws: [StageInput] = []) -> String {
        do {
            _ = try draw(more, laws: laws)
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test func `a chart draws medians with bars, and tells them with its caption`() throws {
        let run = try draw([:])
        let shown = try run.json("shown")
        #expect(shown["format"] == "bitlaw/figure/1")
        #expect(
            shown["caption"]
                == .string(
                    "Test loss: medians over 3 values of replicate, by sort; "
                        + "bars from the least to the largest."))
        let series = shown["panels"]?.elements?.first?["series"]?.elements ?? []
        #expect(series.compactMap { $0["name"]?.text } == ["plain", "polar"])
        // The median of 1, 2 and 4, over n.
        #expect(
            series.first?["points"]?.elements?.first
                == ["x": 10, "y": 0.2, "low": 0.1, "high": 0.4])
        let text = try MarkupCheck(run.text("figure")).text
        #expect(text.contains("test loss") && text.contains("bars: from the least to the largest"))
        #expect(!text.contains("test_loss"))
    }

    @Test func `columns and values are called by the words that the file gives them`() throws {
        let shown = try draw([
            "names": ["plain": "without a prior", "polar": "with a prior"],
            "x_label": "samples", "y_label": "error (share)",
        ]).json("shown")
        let series = shown["panels"]?.elements?.first?["series"]?.elements ?? []
        #expect(series.compactMap { $0["name"]?.text } == ["without a prior", "with a prior"])
        #expect(shown["caption"]?.text?.hasPrefix("Error: medians over 3 values") == true)
        let panels =
            try draw(["facet": "n", "names": ["100": "a hundred"], "x": "replicate"])
            .json("shown")["panels"]?.elements ?? []
        #expect(panels.compactMap { $0["name"]?.text } == ["n = 10", "a hundred", "n = 1,000"])
        #expect(
            failure(["names": ["plain": 1]]).contains("names: expected {COLUMN OR VALUE: WORDS}"))
    }

    @Test func `means, facets and heat maps are drawn from the same rows`() throws {
        let mean = try draw(["statistic": "mean", "bars": "sd", "facet": "sort", "series": .null])
            .json("shown")
        #expect(
            mean["panels"]?.elements?.compactMap { $0["name"]?.text } == [
                "sort plain", "sort polar",
            ])
        let point = mean["panels"]?.elements?.first?["series"]?.elements?.first?["points"]?
            .elements?.first
        // (1 + 2 + 4) / 3 and the deviation of 1, 2, 4 by n − 1, over 10.
        #expect(abs((point?["y"]?.double ?? 0) - 0.233_333_333_333) < 1e-9)
        #expect(abs((point?["high"]?.double ?? 0) - 0.386_085_856_5) < 1e-9)
        let heat = try draw(["y": "sort", "value": "test_loss", "marks": "heat", "series": .null])
            .json("shown")
        #expect(heat["panels"]?.elements?.first?["cells"]?.elements?.count == 6)
        let bars = try draw(["x": "sort", "series": .null]).json("shown")
        #expect(bars["axes"]?["y"]?["names"] == ["plain", "polar"])
    }

    @Test func `panels of a named axis are called by their names alone`() throws {
        let data = ["d = 4", "d = 8"].map { name in
            measured("points", [("setting", ["name": .string(name)])], ["n": 1, "loss": 2])
        }
        let shown = try run(
            ChartStage.self, ["x": "n", "y": "loss", "facet": "setting.name"], ["data": data]
        ).json("shown")
        #expect(
            shown["panels"]?.elements?.compactMap { $0["name"]?.text } == ["d = 4", "d = 8"])
    }

    @Test func `a law is drawn over its own series, with its formula and its interval`() throws {
        let law = try run(
            LawFitStage.self,
            ["x": "n", "y": "test_loss", "bootstrap": 0, "where": "sort == 'polar'"],
            ["points": data()]
        ).json("law")
        let run = try draw(
            ["ratio_to": "law"],
            laws: [given(law, from: "law[sort=polar]", at: [("sort", "polar")])])
        let text = try MarkupCheck(run.text("figure")).text
        #expect(
            text.contains("polar: test_loss = 4.00·n") && text.contains("95 % interval of the law"))
        #expect(text.contains("over the law"))
        #expect(try run.json("shown")["laws"]?.elements?.first?["action"] == "law[sort=polar]")
    }

    @Test func `a law of a column is drawn in the colour of that column`() throws {
        let rows = [10, 100, 1000].map { "\($0),\(4.0 / Double($0)),\(40.0 / Double($0))\n" }
        let table = given("n,first,second\n" + rows.joined(), from: "runs")
        let laws = try ["first", "second"].map { column in
            given(
                try run(
                    LawFitStage.self, ["x": "n", "y": .string(column), "bootstrap": 0],
                    ["points": [table]]
                ).json("law"), from: "law-\(column)")
        }
        let drawn = try run(
            ChartStage.self, ["x": "n", "y": ["first", "second"], "marks": "points"],
            ["data": [table], "laws": laws])
        let series = try drawn.json("shown")["panels"]?.elements?.first?["series"]?.elements
        #expect(series?.map { $0["name"] } == ["first", "second"])
        let inks = try MarkupCheck(drawn.text("figure")).elements
            .filter { $0.name == "path" && $0.attributes["stroke-width"] == "1.8" }
            .compactMap { $0.attributes["stroke"] }
        #expect(Set(inks).count == 2, "\(inks)")
    }

    @Test func `rows are chosen by a condition, and lines mark values and places by name`() throws {
        let run = try draw([
            "where": "n >= 100 and sort == 'plain'",
            "references": [
                ["value": 0.001, "name": "the floor"],
                ["x": 300, "name": "where training broke off"],
            ],
        ])
        let shown = try run.json("shown")
        let series = shown["panels"]?.elements?.first?["series"]?.elements ?? []
        #expect(series.compactMap { $0["name"]?.text } == ["plain"])
        // The medians of 1, 2 and 4, over 100 and 1000.
        #expect(
            series.first?["points"]?.elements?.compactMap { $0["y"]?.double } == [0.02, 0.002])
        let svg = run.text("figure")
        let dotted = svg.matches(of: /stroke-dasharray="3 4"/).count
        // One line of each sort in the figure, and one in the legend.
        #expect(dotted == 4, "\(svg)")
        let text = try MarkupCheck(svg).text
        #expect(text.contains("the floor") && text.contains("where training broke off"))
        #expect(failure(["where": "n > 1e9"]).contains("found none of 18 rows"))
        #expect(
            failure(["where": "m > 1"]).contains("`m`")
                || failure(["where": "m > 1"]).contains("\"m\""))
        #expect(failure(["where": "n + 1"]).contains("expected a condition, such as loss < 0.1"))
        #expect(
            failure(["references": [["x": 1, "value": 2, "name": "both"]]])
                .contains("{x: NUMBER, name: TEXT}"))
    }

    @Test func `what does not fit is told with what would`() throws {
        #expect(failure(["y": "test_los"]).contains("did you mean \"test_loss\"?"))
        #expect(failure(["x": "sort", "marks": "lines"]).contains("x: `sort` holds text"))
        #expect(
            failure(["y": "sort", "x": "n"]).contains("`sort`: expected a number, found \"plain\""))
        #expect(failure(["low": "n"]).contains("expected both columns or neither"))
        #expect(
            failure(["marks": "heat"]).contains("heat needs one column `y` and the column `value`"))
        #expect(
            failure(["y": 3]).contains(
                "y: expected a column or a list of different columns, found 3"))
        #expect(
            failure(["references": [["value": 1]]]).contains(
                "references: entry 1: expected {value: NUMBER"))
        #expect(failure(["ratio_to": "plane"]).contains("did you mean `plain`?"))
        #expect(
            failure([:], laws: [given(["format": "x"])]).contains(
                "expected a law of format bitlaw/law/1"))
    }
}
