import Canon
import Experiment
import Laws
import Testing
import Workbench

@Suite struct ChartTests {
    private func check(_ chart: Chart) throws -> MarkupCheck {
        let svg = chart.svg()
        let markup = try MarkupCheck(svg)
        #expect(markup.oddCoordinates == [], "coordinates that are no numbers")
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        return markup
    }

    @Test func `a chart is well-formed and shows every point, title and label`() throws {
        var chart = Chart(title: "Errors <& \"more\">", xLabel: "n (points)", yLabel: "a & b")
        let letters = ["a", "b", "c", "d", "e"]
        for index in 0..<5 {
            var series = Chart.Series(name: "<\(letters[index])>")
            series.points = [(100, 0.5), (1000, 0.1), (10_000, 0.02)]
            series.bars = [(0.4, 0.6), (0.1, 0.1), (0.01, 0.03)]
            series.line = series.points
            series.band = series.points.map { ($0.x, $0.y / 2, $0.y * 2) }
            chart.series.append(series)
        }
        chart.level = (0.015, "floor E")
        chart.heldOutFrom = 1000
        let markup = try check(chart)
        // Five markers in the legend, three points each: circles, and paths for the rest.
        #expect(markup.elements.count { $0.name == "circle" } == 2 * (3 + 1))
        for text in ["Errors &lt;&amp; &quot;more&quot;&gt;", "n (points)", "a &amp; b", "floor E"]
        {
            #expect(markup.text.contains(text))
        }
        #expect(letters.allSatisfy { markup.text.contains("&lt;\($0)&gt;") })
        #expect(markup.text.contains("held out"))
    }

    @Test func `points lie inside of the frame and higher values above lower ones`() throws {
        var chart = Chart(title: "t", xLabel: "x", yLabel: "y")
        var series = Chart.Series(name: "s")
        series.points = [(1, 1), (10, 10), (100, 100)]
        chart.series = [series]
        let circles = try check(chart).elements.filter { $0.name == "circle" }.prefix(3)
        let places = circles.map {
            (Double($0.attributes["cx"] ?? "") ?? 0, Double($0.attributes["cy"] ?? "") ?? 0)
        }
        #expect(places[0].0 < places[1].0 && places[1].0 < places[2].0)
        #expect(places[0].1 > places[1].1 && places[1].1 > places[2].1)
        let frame = try #require(chart.figure.scene().frames.first)
        #expect(
            places.allSatisfy {
                (frame.left...frame.right).contains($0.0)
                    && (frame.top...frame.bottom).contains($0.1)
            })
    }

    @Test func `zero, negative, infinite and missing values leave no trace`() throws {
        var chart = Chart(title: "t", xLabel: "x", yLabel: "y")
        var series = Chart.Series(name: "s")
        series.points = [(0, 1), (1, 0), (-1, 1), (.nan, 1), (1, .nan), (.infinity, 1), (5, 5)]
        series.bars = Array(repeating: (0, 1), count: 7)
        series.line = [(1, 0), (2, .nan), (3, .infinity), (4, -1)]
        series.band = [(1, 0, .nan), (2, -1, .infinity)]
        chart.series = [series, Chart.Series(name: "empty")]
        chart.level = (0, "nothing")
        let markup = try check(chart)
        // One point, and the marker of its legend; the empty series has another shape.
        #expect(markup.elements.count { $0.name == "circle" } == 2)
        #expect(!markup.text.contains("nothing"))
        _ = try check(Chart(title: "", xLabel: "", yLabel: ""))
    }

    @Test func `numbers far apart and close together are drawn`() throws {
        for y in [[1e-300, 1e300], [0.5, 0.5], [1, 1.0000001]] {
            var chart = Chart(title: "t", xLabel: "x", yLabel: "y")
            var series = Chart.Series(name: "s")
            series.points = zip([1, 2], y).map { ($0, $1) }
            chart.series = [series]
            _ = try check(chart)
        }
    }

    @Test func `a law's plot is well-formed and names its parts`() throws {
        let inputs = [100.0, 1000, 10_000, 100_000, 1_000_000, 10_000_000].map { x in
            measured("e", [("samples", .number(x))], ["y": 0.1 + 3 / x.squareRoot()])
        }
        let fit = try run(
            LawFitStage.self,
            [
                "x": "samples", "y": "y", "form": "power-law-with-floor", "x_max": 1_000_000,
                "bootstrap": 30,
            ], ["points": inputs])
        let plot = try run(
            PlotStage.self, ["x_label": "samples (<points>)"],
            ["data": [given(fit.text("plot"), from: "law")]]
        ).text("figure")
        let markup = try MarkupCheck(plot)
        #expect(markup.oddCoordinates == [])
        #expect(
            markup.text.contains("y against samples: power law with floor")
                && markup.text.contains("samples (&lt;points&gt;)"))
        #expect(markup.text.contains("floor E") && markup.text.contains("held out"))
        // The power is raised.
        #expect(markup.text.contains("0.100 + 3.00 · samples−0.500"))
        #expect(plot.contains("<tspan dy=\"-4.86\" font-size=\"10.26\">−0.500</tspan>"))
    }
}
