/// Curves over a logarithmic axis, with the ratio of points to a line below on the same axis: one
/// SVG element.
///
/// A colour is a curve, a dash is a kind of line. It is the short way to a ``Figure`` with a panel of ratios.
package struct StackedChart {
    /// A curve: what was measured, and lines to compare it with.
    package struct Curve {
        /// What the legend says.
        package let name: String
        /// Measured points.
        package var points: [(x: Double, y: Double)] = []
        /// The least and the largest of each point.
        package var bars: [(low: Double, high: Double)] = []
        /// Lines, each of one kind of ``StackedChart/kinds``.
        package var lines: [(kind: Int, values: [(x: Double, y: Double)])] = []
        /// Points over the line that they are compared with.
        package var ratios: [(x: Double, y: Double)] = []
        /// The least and the largest of each ratio.
        package var ratioBars: [(low: Double, high: Double)] = []
        /// Places on the horizontal axis, marked by a vertical line.
        package var marks: [Double] = []
        /// Values marked by a short line at the right end.
        package var levels: [Double] = []

        /// A curve with nothing on it yet.
        package init(name: String) {
            self.name = name
        }
    }

    /// What stands above.
    package let title: String
    /// What stands beside the axes.
    package let xLabel, yLabel: String
    /// What stands beside the axis of ratios.
    package var ratioLabel = "SGD / theory"
    /// What is drawn.
    package var curves: [Curve] = []
    /// The kinds of lines by name; the first is solid.
    package var kinds: [String] = []
    /// Whether curves are in an order that their colours show.
    package var isOrdered = true
    /// Whether the vertical axis is logarithmic.
    package var isLogarithmic = true
    /// How many decades below the largest value are shown at most.
    package var decades = 7.0
    /// The largest value that is shown, where that is not the largest there is.
    package var most: Double?
    /// A level to mark.
    package var level: (value: Double, name: String)?
    /// What the bars of points are.
    package var barsAre = "from the least to the largest"
    /// What the marks and the short lines are; said in the legend.
    package var markName = "", levelName = ""

    /// A chart with no curves yet.
    package init(title: String, xLabel: String, yLabel: String) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
    }

    /// The chart as a figure.
    package var figure: Figure {
        var y = FigureAxis(yLabel, scale: isLogarithmic ? .logarithmic : .linear)
        y.decades = decades
        y.most = most
        var figure = Figure(
            title: title, x: FigureAxis(xLabel), y: y,
            panels: [FigurePanel(series: curves.map { $0.drawn })])
        figure.lineKinds = kinds
        figure.ratioLabel = ratioLabel
        figure.isOrdered = isOrdered
        figure.barsAre = barsAre
        figure.marksAre = markName
        figure.levelsAre = levelName
        if let level {
            figure.references = [
                FigureReference(value: level.value, name: level.name, isReached: true)
            ]
        }
        return figure
    }

    /// The chart as one SVG element.
    package func svg() -> String { figure.svg() }
}

extension StackedChart.Curve {
    /// The curve as figures have it.
    fileprivate var drawn: FigureSeries {
        var series = FigureSeries(name: name)
        series.points = points
        series.bars = bars
        series.lines = lines.map { FigureLine(kind: $0.kind, $0.values) }
        series.ratios = ratios
        series.ratioBars = ratioBars
        series.marks = marks
        series.levels = levels
        return series
    }
}
