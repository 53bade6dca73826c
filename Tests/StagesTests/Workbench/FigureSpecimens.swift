import Workbench

/// Figures of every sort, as hard to set as those of the shipped experiments.
enum FigureSpecimens {
    static let sizes = [100.0, 316, 1000, 3162, 10_000, 31_623, 100_000]

    private static func chart(
        _ names: [String], exponent: Double = 0.5, _ title: String = "Error of a network"
    ) -> Chart {
        var chart = Chart(title: title, xLabel: "sample size (points)", yLabel: "fraction wrong")
        for (place, name) in names.enumerated() {
            var series = Chart.Series(name: name)
            let factor = 1 + 0.7 * Double(place)
            series.points = sizes.map { ($0, factor * power($0, -exponent)) }
            series.bars = series.points.map { ($0.y / 1.3, $0.y * 1.3) }
            series.line = series.points
            series.band = series.points.map { ($0.x, $0.y / 1.1, $0.y * 1.1) }
            chart.series.append(series)
        }
        return chart
    }

    private static func power(_ x: Double, _ exponent: Double) -> Double {
        exponent == -0.5 ? 1 / x.squareRoot() : 1 / x
    }

    static var all: [(name: String, figure: Figure)] {
        [
            ("few series", chart(["plain", "polar", "polar with extras"]).figure),
            (
                "many series",
                chart((0..<20).map { "features \("abcdefghijklmnopqrst".dropFirst($0).prefix(1))" })
                    .figure
            ),
            (
                "budgets",
                chart(["6e18 FLOP", "1e19 FLOP", "3e19 FLOP", "1e20 FLOP", "minima"]).figure
            ),
            ("twenty sizes", chart((1...20).map { "N = \($0 * 64)" }).figure),
            ("long names", long.figure), ("one point", onePoint.figure), ("panels", panels),
            ("nine panels", nine), ("many decades", decades),
            ("ratios", stacked), ("heat map", heat), ("columns", columns),
            ("contours", contours),
            ("nothing", Chart(title: "", xLabel: "", yLabel: "").figure), ("tiny", tiny.figure),
        ]
    }

    private static var long: Chart {
        let word = "a name that says at great length which of the many settings it is, "
        var long = chart(
            [word + "first", word + "second", "0.277 · test_loss^−0.394"],
            String(repeating: "A title that is longer than any figure is wide ", count: 4))
        long.yLabel = String(repeating: "normalised generalisation error ", count: 4)
        long.xLabel = String(repeating: "virtual seconds on the measured machine ", count: 4)
        long.level = (0.02, "floor E, the least that any of these can reach")
        long.heldOutFrom = 10_000
        return long
    }

    private static var onePoint: Chart {
        var chart = Chart(title: "t", xLabel: "x", yLabel: "y")
        var series = Chart.Series(name: "s")
        series.points = [(0.33, 1.000_000_1)]
        chart.series = [series]
        return chart
    }

    private static var tiny: Chart {
        var chart = chart(["a", "b"])
        for place in chart.series.indices {
            chart.series[place].points = [(1e-9, 2.1e-12), (1.1e-9, 2.2e-12)]
            (chart.series[place].bars, chart.series[place].line, chart.series[place].band) = (
                [], [], []
            )
        }
        return chart
    }

    /// Curves of nine settings over tens of thousands of steps.
    private static var nine: Figure {
        let names = ["cosine", "constant, three times as long", "falls at the end, linearly"]
        var figure = Figure(
            title: "One model under nine schedules", x: FigureAxis("step", scale: .linear),
            y: FigureAxis("loss (nats per token)", scale: .linear), panels: [])
        figure.panels = (0..<9).map { place in
            var series = FigureSeries(name: "")
            let end = 16_000 + 7000 * Double(place)
            series.lines = [FigureLine([(6000, 3.27), (end / 2, 3), (end, 2.9)])]
            return FigurePanel(name: names[place % 3] + " \(place)", series: [series])
        }
        return figure
    }

    /// Two panels over twenty-five powers of ten.
    private static var decades: Figure {
        var figure = Figure(
            title: "Slopes", x: FigureAxis("compute C", scale: .logarithmic),
            y: FigureAxis("slope", scale: .linear), panels: [])
        figure.panels = ["d = 8", "d = 64"].map { name in
            var series = FigureSeries(name: "ours")
            series.lines = [FigureLine([(1, 0.3), (1e12, 0.45), (1e25, 0.48)])]
            return FigurePanel(name: name, series: [series])
        }
        return figure
    }

    private static var panels: Figure {
        var figure = chart(["train", "test"]).figure
        let series = figure.panels[0].series
        figure.panels = ["width 64", "width 256", "width 1,024"].map {
            FigurePanel(name: $0, series: series)
        }
        return figure
    }

    private static var stacked: Figure {
        var y = FigureAxis("error ε")
        y.decades = 7
        var figure = Figure(
            title: "Generalisation error", x: FigureAxis("time α = examples / N"), y: y)
        let series = ["2", "8", "32", "128"].enumerated().map { place, number in
            var one = FigureSeries(name: FigureSeries.name(number, of: "L"))
            one.points = sizes.map { ($0, Double(place + 1) / $0) }
            one.lines = [
                FigureLine(one.points), FigureLine(kind: 1, one.points.map { ($0.x, $0.y * 2) }),
            ]
            one.ratios = sizes.map { ($0, $0 == 100 ? 40 : 1.02) }
            one.marks = [sizes[place]]
            return one
        }
        figure.panels = [FigurePanel(series: series)]
        figure.lineKinds = ["theory", "limit"]
        figure.ratioLabel = "SGD / theory"
        figure.marksAre = "escape time"
        return figure
    }

    private static var heat: Figure {
        let names = (1...12).map { "\($0 * 250)" }
        var figure = Figure(
            title: "Loss over width and rate", x: FigureAxis("width", scale: .names(names)),
            y: FigureAxis("rate", scale: .names(["0.001", "0.01", "0.1"])))
        var panel = FigurePanel()
        for column in names.indices {
            for row in 0..<3 {
                panel.cells.append(
                    FigureCell(column: column, row: row, value: Double(1 + column * row)))
            }
        }
        figure.panels = [panel]
        figure.shade = FigureAxis("test loss", scale: .linear)
        return figure
    }

    private static var columns: Figure {
        let names = ["stochastic gradient descent", "Adam", "Muon"]
        var figure = Figure(
            title: "Best loss", x: FigureAxis("test loss", scale: .linear),
            y: FigureAxis("optimiser", scale: .names(names)))
        var series = FigureSeries(name: "after 1,000 steps")
        series.columns = [(0, 3.1), (1, 2.7), (2, 2.6)]
        series.bars = [(2.9, 3.3), (2.6, 2.8), (2.55, 2.7)]
        figure.panels = [FigurePanel(series: [series])]
        return figure
    }

    private static var contours: Figure {
        var figure = Figure(
            title: "Loss", x: FigureAxis("parameters"), y: FigureAxis("tokens"),
            panels: [FigurePanel()])
        let ends = [1e7, 1e10]
        figure.panels[0].series =
            ContourLines(x: ends, y: ends, levels: 6) { n, d in
                zip(n, d).map { 1 / $0.squareRoot() + 1 / $1.squareRoot() }
            }.series
        figure.family = "loss"
        return figure
    }
}
