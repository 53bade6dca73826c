import Canon
import Experiment
import Laws
import Spiral
import Testing
import Workbench

@Suite struct MarkupTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-1, "-1"), (1.5, "1.5"), (1.25, "1.25"), (1.05, "1.05"),
        (-0.004, "0"), (-0.006, "-0.01"), (99.999, "100"), (123.456, "123.46"),
        (.infinity, "10000000"), (-.infinity, "-10000000"), (.nan, "0"), (1e300, "10000000"),
    ])
    func `a coordinate has at most two decimals and is always a number`(
        value: Double, text: String
    ) {
        #expect(Markup.number(value) == text)
    }

    @Test(arguments: [
        (0.0, "0"), (1, "1.00"), (0.5, "0.500"), (12.345, "12.3"), (123.45, "123"),
        (12345, "12300"), (1_234_567, "1230000"), (12_345_678, "1.23e7"), (9.996, "10.0"),
        (0.00012344, "0.000123"), (0.000012344, "1.23e-5"), (-2.5, "−2.50"), (1e-300, "1e-300"),
        (.leastNonzeroMagnitude, "4.94e-324"), (.infinity, "inf"), (.nan, "nan"),
    ])
    func `a value has three significant digits`(value: Double, text: String) {
        #expect(Markup.significant(value) == text)
    }

    @Test func `text is escaped`() {
        #expect(
            Markup.escape("<b a=\"1\">&amp;</b>")
                == "&lt;b a=&quot;1&quot;&gt;&amp;amp;&lt;/b&gt;")
    }
}

@Suite struct LogAxisTests {
    private func labels(_ low: Double, _ high: Double) -> [String] {
        LogAxis([low, high], from: 0, to: 100).ticks.compactMap { $0.label }
    }

    @Test func `several decades are marked at powers of ten, digits between them unlabelled`() {
        let axis = LogAxis([316, 1_000_000], from: 0, to: 100)
        #expect(axis.ticks.compactMap { $0.label } == ["1000", "10\u{2009}000", "10⁵", "10⁶"])
        #expect(axis.ticks.count { $0.label == nil } > 20)
        #expect(labels(1e-6, 0.5) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "0.01", "0.1", "1"])
    }

    @Test func `a short axis is marked at 1, 2 and 5`() {
        #expect(labels(0.012, 0.6) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"])
        #expect(labels(150, 6000) == ["200", "500", "1000", "2000", "5000"])
    }

    @Test(arguments: [
        (3.1, 3.4), (0.33, 0.33), (2.0, 2.7), (0.9935, 0.9991), (1e-9, 1.1e-9), (1.07e9, 1.3e9),
        (999, 1001), (5, 9.7),
    ])
    func `less than a decade is marked too, at round values that lie on the axis`(
        low: Double, high: Double
    ) {
        let axis = LogAxis([low, high], from: 300, to: 10)
        let ticks = axis.ticks.filter { $0.label != nil }
        #expect((2...9).contains(ticks.count), "\(ticks)")
        #expect(Set(ticks.compactMap { $0.label }).count == ticks.count, "\(ticks)")
        for tick in ticks {
            let place = axis.place(tick.value)
            #expect(place >= 9.999 && place <= 300.001)
            // The label says the value, to the digits that it shows.
            let text = (tick.label ?? "").replacing("\u{2009}", with: "")
            if let said = Double(text) { #expect((said / tick.value - 1).magnitude < 1e-3) }
        }
    }

    @Test func `equal ratios have equal distances`() {
        let axis = LogAxis([1, 10_000], from: 50, to: 450)
        let places = [1.0, 10, 100, 1000, 10_000].map { axis.place($0) }
        for index in 1..<4 {
            let step = places[index] - places[index - 1]
            #expect((places[index + 1] - places[index] - step).magnitude < 1e-9)
        }
        #expect(places[0] > 50 && places[4] < 450)
    }

    @Test func `an axis without anything to show still has ends`() {
        for values in [[], [0, -1, .nan, .infinity]] as [[Double]] {
            let axis = LogAxis(values, from: 0, to: 1)
            #expect(axis.low.isFinite && axis.high > axis.low)
            #expect(axis.place(1).isFinite)
        }
    }
}

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
        for index in 0..<5 {
            var series = Chart.Series(name: "<\(index)>")
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
        #expect((0..<5).allSatisfy { markup.text.contains("&lt;\($0)&gt;") })
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
        #expect(places.allSatisfy { (74...624).contains($0.0) && (34...374).contains($0.1) })
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
        let plot = try run(
            LawFitStage.self,
            [
                "x": "samples", "y": "y", "form": "power-law-with-floor", "x_max": 1_000_000,
                "bootstrap": 30, "title": "<law>", "x_unit": "points",
            ], ["points": inputs]
        ).text("plot")
        let markup = try MarkupCheck(plot)
        #expect(markup.oddCoordinates == [])
        #expect(markup.text.contains("&lt;law&gt;") && markup.text.contains("samples (points)"))
        #expect(markup.text.contains("floor E") && markup.text.contains("held out"))
        #expect(markup.text.contains("0.100 + 3.00 · samples^−0.500"))
    }
}

@Suite struct PictureTests {
    private let manifold = given(standardCurve.json)

    private func picture(_ parameters: [String: JSON], _ inputs: [String: [StageInput]]) throws
        -> MarkupCheck
    {
        var all: [String: JSON] = ["title": "a < b & c", "cells": 40]
        all.merge(parameters) { $1 }
        let made = try run(
            SpiralPictureStage.self, all, inputs.merging(["manifold": [manifold]]) { $1 })
        let markup = try MarkupCheck(made.text("picture"))
        #expect(markup.oddCoordinates == [])
        #expect(markup.text.contains("a &lt; b &amp; c"))
        return markup
    }

    @Test func `every picture is well-formed`() throws {
        let field = try run(SpiralMixtureStage.self).bytes("mixture")
        let data = try run(
            SpiralSampleStage.self, ["count": 200],
            ["manifold": [manifold], "mixture": [given(field)]]
        ).bytes("points")
        let network = try run(
            NetworkTrainStage.self, ["steps": 20, "hidden": [4]], ["data": [given(data)]]
        ).bytes("weights")
        _ = try picture(["show": "curve"], [:])
        let density = try picture(["show": "density"], ["mixture": [given(field)]])
        #expect(density.elements.count { $0.name == "path" } > 8)
        let sample = try picture(["show": "sample"], ["data": [given(data)]])
        let array = try NumpyArray(data)
        let inside = (0..<200).count { row in
            array.elements[3 * row + 2] == 1 && array.elements[3 * row].magnitude < 1.15
                && array.elements[3 * row + 1].magnitude < 1.15
        }
        #expect(sample.elements.count { $0.name == "circle" } == inside)
        _ = try picture(["show": "network"], ["network": [given(network)]])
        _ = try picture(["show": "neighbours", "k": 1, "dots": 0], ["data": [given(data)]])
    }

    @Test func `a field that vanishes in the plane is drawn white`() throws {
        let far = given(["clip": 1.25, "spots": [[9, 9, 0.01, 1]]])
        let markup = try picture(["show": "density"], ["mixture": [far]])
        // Ground, curve and frame.
        #expect(markup.elements.count { $0.name == "path" } == 3)
    }

    @Test func `a picture without what it shows is refused`() {
        func text(_ show: String) -> String {
            failure { _ = try picture(["show": .string(show)], [:]) }
        }
        #expect(text("density") == "show: density needs the input mixture")
        #expect(text("network") == "show: network needs the input network")
        #expect(text("neighbours") == "show: neighbours needs the input data")
    }
}
