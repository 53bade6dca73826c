/// A log-log chart: points with bars, lines and bands, as most kinds draw them.
///
/// It is the short way to a ``Figure`` of one panel.
package struct Chart {
    /// What is drawn.
    package struct Series {
        /// What the legend says.
        package var name: String
        /// Points with markers.
        package var points: [(x: Double, y: Double)] = []
        /// Lower and upper end of each point's bar; empty for none.
        package var bars: [(low: Double, high: Double)] = []
        /// Points joined by a line.
        package var line: [(x: Double, y: Double)] = []
        /// A shaded area.
        package var band: [(x: Double, low: Double, high: Double)] = []
        /// A place on the x axis to mark with a vertical line in the series' colour.
        package var mark: Double?

        /// A series without anything to draw yet.
        package init(name: String) {
            self.name = name
        }
    }

    /// What stands above.
    package var title: String
    /// What stands beside the axes, with the unit.
    package var xLabel, yLabel: String
    /// What is drawn, later above earlier.
    package var series: [Series] = []
    /// A level to mark, such as a floor.
    package var level: (value: Double, name: String)?
    /// From here on points were held out of the fit.
    package var heldOutFrom: Double?
    /// Whether the series are in an order that their colours should show.
    package var isOrdered = false
    /// What bars are.
    package var barsAre = "from the least to the largest"
    /// What bands are.
    package var bandsAre = "interval of the line"
    /// What vertical marks are.
    package var marksAre = ""

    /// An empty chart.
    package init(title: String, xLabel: String, yLabel: String) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
    }

    /// The chart as a figure.
    package var figure: Figure {
        var figure = Figure(
            title: title, x: FigureAxis(xLabel), y: FigureAxis(yLabel),
            panels: [FigurePanel(series: series.map { $0.drawn })])
        if let level { figure.references = [FigureReference(value: level.value, name: level.name)] }
        figure.heldOutFrom = heldOutFrom
        figure.isOrdered = isOrdered
        figure.barsAre = barsAre
        figure.bandsAre = bandsAre
        figure.marksAre = marksAre
        return figure
    }

    /// The chart as one SVG element.
    package func svg() -> String { figure.svg() }
}

extension Chart.Series {
    /// The series as figures have it.
    fileprivate var drawn: FigureSeries {
        var series = FigureSeries(name: name)
        series.points = points
        series.bars = bars
        if !line.isEmpty { series.lines = [FigureLine(line)] }
        series.band = band
        series.marks = mark.map { [$0] } ?? []
        return series
    }
}
