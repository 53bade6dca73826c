import Canon
import Experiment
import TestSupport
import Testing
import Workbench

/// Plots as data: what is written is what is drawn, and what strangers write is held to the format.
struct PlotDocumentTests {
    /// A figure with something of everything.
    private static let figure: Figure = {
        var y = FigureAxis("loss", scale: .linear)
        (y.most, y.decades) = (4, 3)
        var series = FigureSeries(name: "runs <a>")
        series.note = "2 · n^-0.5"
        series.value = 3
        series.points = [(1, 3), (10, 2), (100, .nan)]
        series.bars = [(2.5, 3.5), (1.5, 2.5), (1, 2)]
        series.lines = [
            FigureLine(kind: 1, pieces: [[(1, 3), (10, 2)], [(20, 1.5), (100, 1.2)]]),
            FigureLine([(1, 1), (100, 1)]),
        ]
        series.band = [(1, 2, 3), (100, 1, 2)]
        series.ratios = [(1, 1.1), (10, 0.9)]
        series.ratioBars = [(1, 1.2), (0.8, 1)]
        series.marks = [5]
        series.levels = [1.5]
        var figure = Figure(
            title: "Loss & more", x: FigureAxis("n"), y: y,
            panels: [FigurePanel(name: "left", series: [series])])
        figure.lineKinds = ["measured", "theory"]
        figure.references = [
            FigureReference(value: 1, name: "floor", isReached: true),
            FigureReference(value: 7, name: "place", isUpright: true),
        ]
        figure.heldOutFrom = 50
        figure.isOrdered = true
        (figure.barsAre, figure.bandsAre, figure.marksAre) = ("bars are", "bands are", "marks are")
        (figure.levelsAre, figure.ratioLabel, figure.family) = ("levels", "over theory", "size")
        return figure
    }()

    private static var heat: Figure {
        var figure = Figure(
            title: "Heat", x: FigureAxis("a", scale: .names(["p", "q"])),
            y: FigureAxis("b", scale: .names(["r"])))
        var panel = FigurePanel()
        panel.cells = [
            FigureCell(column: 0, row: 0, value: 1), FigureCell(column: 1, row: 0, value: 9),
        ]
        figure.panels = [panel]
        figure.shade = FigureAxis("shade", scale: .linear)
        return figure
    }

    private static var columns: Figure {
        var series = FigureSeries(name: "one")
        series.columns = [(0, 3), (1, 5)]
        series.bars = [(2, 4), (4, 6)]
        return Figure(
            title: "Columns", x: FigureAxis("x", scale: .linear),
            y: FigureAxis("", scale: .names(["p", "q"])), panels: [FigurePanel(series: [series])])
    }

    @Test(arguments: [figure, heat, columns])
    func `a figure and its data give the same picture`(figure: Figure) throws {
        let bytes = Array(PlotDocument(figure).text().utf8)
        #expect(PlotDocument.isOne(bytes))
        let back = try PlotDocument(parsing: bytes)
        #expect(back.figure.svg() == figure.svg())
        #expect(back.text() == PlotDocument(figure).text())
    }

    @Test func `of many points those that a picture shows are kept, and their number`() throws {
        var series = FigureSeries(name: "runs")
        for n in 1...20_000 {
            let height: Double = 2 + Double(n * 7919 % 101) / 100
            series.points.append((x: Double(n), y: height))
        }
        let figure = Figure(
            title: "", x: FigureAxis("n"), y: FigureAxis("y"),
            panels: [FigurePanel(series: [series])])
        let text = PlotDocument(figure).text()
        #expect(text.utf8.count < 100_000)
        let svg = try PlotDocument(parsing: Array(text.utf8)).figure.svg()
        #expect(svg.contains(" of 20 000 points drawn") || svg.contains(" of 20,000 points drawn"))
    }

    @Test(arguments: [
        ("[1", "expected a plot, JSON of format bitlaw/plot/1: "),
        ("{\"format\": \"other\"}", "found the format \"other\""),
        (
            plot("\"x\": {\"label\": \"n\", \"scale\": \"odd\"}"),
            "x.scale: expected \"logarithmic\""
        ),
        (series("\"points\": {\"x\": [1], \"y\": []}"), "points.y: expected 1 numbers, as many"),
        (series("\"points\": {\"x\": [\"a\"], \"y\": [1]}"), "points.x: expected numbers or null"),
        (
            series("\"lines\": [{\"kind\": -1, \"x\": [], \"y\": []}]"),
            "lines[0].kind: expected a place"
        ),
        (series("\"leftOut\": -1"), "leftOut: expected a number of points"),
        (
            plot("\"panels\": [\(Array(repeating: "{}", count: 101).joined(separator: ","))]"),
            "plot less"
        ),
    ])
    func `data that are not as the format says are refused by their member`(
        text: String, says: String
    ) {
        let refusal = failure { _ = try PlotDocument(parsing: Array(text.utf8)) }
        #expect(refusal.contains(says), "\(refusal)")
    }

    private static func plot(_ member: String) -> String {
        let axis = "{\"label\": \"n\", \"scale\": \"linear\"}"
        let x = member.hasPrefix("\"x\"") ? "" : "\"x\": \(axis), "
        return "{\"format\": \"bitlaw/plot/1\", \"title\": \"\", \(x)\"y\": \(axis), \(member)}"
    }

    private static func series(_ member: String) -> String {
        plot("\"panels\": [{\"series\": [{\"name\": \"a\", \(member)}]}]")
    }

    @Test func `a stranger's plot is drawn in a page, in the words of the page`() throws {
        let data = PlotDocument(PlotDocumentTests.figure).text()
        let page = "---\ntitle: T\n---\n\n{figure: train; title: Mine <b>; x_label: size}\n"
        let html = try run(
            PageStage.self, [:],
            ["page": [given(page, from: "p.md")], "results": [given(data, from: "train")]]
        ).text("report")
        #expect(html.contains("Mine &lt;b&gt;") && html.contains(">size<"), "\(html.suffix(3000))")
        #expect(!html.contains("Loss &amp; more"))
    }

    /// Three curves that a number tells apart, and a line of another kind.
    private static var family: Figure {
        var figure = Figure(title: "Errors", x: FigureAxis("alpha"), y: FigureAxis("error"))
        let series = [1, 4, 16].map { number in
            var one = FigureSeries(name: FigureSeries.name("\(number)", of: "wide trained"))
            one.value = Double(number)
            one.lines = [FigureLine([(1, Double(number)), (100, 1)])]
            return one
        }
        figure.panels = [FigurePanel(series: series)]
        figure.family = "wide trained"
        figure.references = [FigureReference(value: 2, name: "reference")]
        return figure
    }

    private func page(_ placings: String, _ outputs: [StageInput]) throws -> String {
        try run(
            PageStage.self, [:],
            [
                "page": [given("---\ntitle: T\n---\n\n\(placings)\n", from: "p.md")],
                "results": outputs,
            ]
        ).text("report")
    }

    @Test
    func `names are the page's words for series, marks and axes, and unknown ones are refused`()
        throws
    {
        let data = given(PlotDocument(PlotDocumentTests.family).text(), from: "train")
        let html = try page(
            "{figure: train; names: wide\n  trained = N, reference = \"theory, n = 2\"}", [data])
        #expect(html.contains("theory, n = 2") && html.contains("lines: N."))
        #expect(!html.contains("wide trained"))
        let refusal = failure { _ = try page("{figure: train; names: wide = N}", [data]) }
        #expect(refusal.contains("nothing there is called `wide`"), "\(refusal)")
        let broken = failure { _ = try page("{figure: train; names: N}", [data]) }
        #expect(broken.contains("`N` in `names` has no `=`"), "\(broken)")
    }

    @Test func `the kind plot draws in the same words`() throws {
        let data = given(PlotDocument(PlotDocumentTests.family).text(), from: "train")
        func drawn(_ names: JSON) throws -> String {
            try run(PlotStage.self, ["names": names], ["data": [data]]).text("figure")
        }
        #expect(try drawn(["wide trained": "N"]).contains("lines: N."))
        let refusal = failure { _ = try drawn(["wide": "N"]) }
        #expect(refusal.contains("names: nothing there is called `wide`"), "\(refusal)")
    }

    @Test func `figures of one paragraph stand side by side, those of one stage by coordinates`()
        throws
    {
        let text = PlotDocument(PlotDocumentTests.family).text()
        let two = [1.0, 2].map { given(text, from: "train[k=\($0)]", at: [("k", .number($0))]) }
        let html = try page(
            "{figure: train; names: k = depth}\n{figure: other}",
            two + [
                given(text, from: "other")
            ])
        #expect(html.ranges(of: "<div class=\"figures\">").count == 1)
        #expect(html.contains("Errors, depth = 1<") && html.contains("Errors, depth = 2<"))
        #expect(html.contains(">Errors<"))
    }

    @Test func `a figure without a caption says what it shows, and not its title again`() throws {
        let html = try page(
            "{figure: train}", [given(PlotDocument(PlotDocumentTests.family).text(), from: "train")]
        )
        let start = try #require(html.firstRange(of: "<figcaption>")).upperBound
        let caption = html[start...].prefix { $0 != "<" }
        #expect(
            caption.hasPrefix("Error against alpha") && !caption.contains("x from"), "\(caption)")
        #expect(!caption.contains("Errors"))
    }

    @Test func `a plot with nothing to draw is left out, and the page says so`() throws {
        let empty = PlotDocument(Chart(title: "Profiles", xLabel: "x", yLabel: "y")).text()
        let html = try page("{figure: fit}", [given(empty, from: "fit")])
        #expect(html.contains("Left out: <code>fit/") && html.contains("has nothing to draw."))
        #expect(!html.contains("<figure>"))
    }
}
