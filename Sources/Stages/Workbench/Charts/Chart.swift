/// A log-log chart: points with bars, lines and bands, as most kinds draw them.
///
/// It is the short way to a ``Figure`` of one panel.
///
/// ```swift
/// var walks = Chart.Series(name: "walks")
/// walks.points = [(x: 100, y: 9.5), (x: 400, y: 21)]
/// var chart = Chart(title: "Distance", xLabel: "steps", yLabel: "distance (m)")
/// chart.series = [walks]
/// try context.write("figure", chart.svg())
/// ```
public struct Chart: Sendable {
    /// What is drawn.
    public struct Series: Sendable {
        /// What the legend says.
        public var name: String
        /// Points with markers.
        public var points: [(x: Double, y: Double)] = []
        /// Lower and upper end of each point's bar; empty for none.
        public var bars: [(low: Double, high: Double)] = []
        /// Points joined by a line.
        public var line: [(x: Double, y: Double)] = []
        /// A shaded area.
        public var band: [(x: Double, low: Double, high: Double)] = []
        /// A place on the x axis to mark with a vertical line in the series' colour.
        public var mark: Double?

        /// A series without anything to draw yet.
        public init(name: String) {
            self.name = name
        }
    }

    /// What stands above.
    public var title: String
    /// What stands beside the axes, with the unit.
    public var xLabel, yLabel: String
    /// What is drawn, later above earlier.
    public var series: [Series] = []
    /// A level to mark, such as a floor.
    public var level: (value: Double, name: String)?
    /// From here on points were held out of the fit.
    public var heldOutFrom: Double?
    /// Whether the series are in an order that their colours should show.
    public var isOrdered = false
    /// What bars are.
    public var barsAre = "from the least to the largest"
    /// What bands are.
    public var bandsAre = "interval of the line"
    /// What vertical marks are.
    public var marksAre = ""

    /// An empty chart.
    public init(title: String, xLabel: String, yLabel: String) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
    }

    /// The chart as a figure.
    public var figure: Figure {
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
    public func svg() -> String { figure.svg() }
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
