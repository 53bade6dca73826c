import Numerics
import System

/// Curves over a logarithmic axis, with the ratio of points to a line below on the same axis: one
/// SVG element.
///
/// A colour is a curve, a dash is a kind of line. Drawn at a width at which its text is read on a phone too.
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
    /// What the marks and the short lines are; said in the legend.
    package var markName = "", levelName = ""

    /// A chart with no curves yet.
    package init(title: String, xLabel: String, yLabel: String) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
    }

    let width = 520.0
    private let left = 66.0
    private var right: Double { width - 12 }
    private let top = 30.0
    private var bottom: Double { hasRatios ? 316 : 414 }
    private var hasRatios: Bool { curves.contains { !$0.ratios.isEmpty } }
    private var ratioTop: Double { bottom + 14 }
    private var ratioBottom: Double { hasRatios ? ratioTop + 84 : bottom }

    /// The chart.
    package func svg() -> String {
        let n = Markup.number
        let legend = StackedLegend(chart: self, top: ratioBottom + 46, left: left)
        var out = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(legend.bottom))" \
            font-family="system-ui, sans-serif" font-size="13" fill="currentColor" role="img" \
            style="max-width:100%;height:auto">\
            <title>\(Markup.escape(title))</title>\
            <text x="\(n(left))" y="18" font-weight="600" \
            font-size="14">\(Markup.escape(title))</text>
            """
        let x = LogAxis(
            curves.flatMap { curve in
                curve.points.map { $0.x } + curve.lines.flatMap { $0.values.map { $0.x } }
                    + curve.marks
            }, from: left, to: right)
        let y = vertical()
        out += frame(x, y, from: top, to: bottom, label: yLabel, isLast: !hasRatios)
        if let level, y.contains(level.value) {
            out += rule(y.place(level.value), level.name)
        }
        for (place, curve) in curves.enumerated() { out += draw(curve, place, x, y) }
        if hasRatios { out += ratios(x) }
        out += """
            <text x="\(n((left + right) / 2))" y="\(n(ratioBottom + 36))" \
            text-anchor="middle">\(Markup.escape(xLabel))</text>
            """
        return out + legend.svg() + "</svg>\n"
    }

    /// The vertical axis: all that there is, but no more decades than asked for.
    private func vertical() -> PlotAxis {
        var values = curves.flatMap { curve in
            curve.points.map { $0.y } + curve.bars.flatMap { [$0.low, $0.high] }
                + curve.lines.flatMap { $0.values.map { $0.y } } + curve.levels
        }
        if let level { values.append(level.value) }
        if let most { values = values.filter { $0 <= most } + [most] }
        if !isLogarithmic { return .linear(LinearAxis(values, from: bottom, to: top)) }
        let most = values.filter { $0.isFinite }.max() ?? 1
        let least = most * Elementary.exp(-2.302585092994046 * decades)
        return .log(LogAxis(values.filter { $0 >= least }, from: bottom, to: top))
    }

    private func draw(_ curve: Curve, _ place: Int, _ x: LogAxis, _ y: PlotAxis) -> String {
        let pen = StackedPen(color: colour(place))
        var out = ""
        for mark in curve.marks where mark > 0 {
            out += pen.segment(x.place(mark), top, x.place(mark), bottom, dash: "1 3", width: 1.6)
        }
        for value in curve.levels where y.contains(value) {
            out += pen.segment(
                right - 44, y.place(value), right, y.place(value), dash: "", width: 2.6)
        }
        for line in curve.lines {
            out += pen.path(
                line.values.filter { $0.x > 0 }.map { (x.place($0.x), y.place($0.y)) },
                between: top, and: bottom, dash: StackedPen.dashes[line.kind % 4])
        }
        for (point, bar) in zip(curve.points, curve.bars)
        where y.contains(point.y) && bar.high > bar.low {
            let (a, b) = (
                max(top, y.place(bar.high)), min(bottom, y.place(max(bar.low, 1e-300)))
            )
            out += pen.segment(x.place(point.x), a, x.place(point.x), b, dash: "", width: 1)
        }
        for point in curve.points where y.contains(point.y) && point.x > 0 {
            out += pen.marker(place, x.place(point.x), y.place(point.y))
        }
        return out
    }

    /// Points over the line, on an axis of their own; what lies beyond it is an arrow at its edge.
    private func ratios(_ x: LogAxis) -> String {
        let all = curves.flatMap { $0.ratios.map { $0.y } }.filter { $0 > 0 && $0.isFinite }
        let logs = all.map { Elementary.log($0).magnitude }.sorted()
        // Nine of ten points are inside, within a factor of 5; at least ±3 %.
        let typical = logs.isEmpty ? 0.1 : logs[min(logs.count - 1, logs.count * 9 / 10)]
        let span = Elementary.exp(max(0.03, min(1.61, 1.3 * typical)))
        let axis = PlotAxis.log(LogAxis([1 / span, span], from: ratioBottom, to: ratioTop))
        var out = frame(
            x, axis, from: ratioTop, to: ratioBottom, label: ratioLabel, isLast: true,
            anchor: axis.place(1))
        out += rule(axis.place(1), "")
        for (place, curve) in curves.enumerated() {
            let pen = StackedPen(color: colour(place))
            for (index, point) in curve.ratios.enumerated() where point.x > 0 {
                let at = x.place(point.x)
                guard axis.contains(point.y) else {
                    out += pen.arrow(at, isUp: point.y > 1, ratioTop, ratioBottom)
                    continue
                }
                if index < curve.ratioBars.count {
                    let bar = curve.ratioBars[index]
                    let (a, b) = (
                        max(ratioTop, axis.place(bar.high)),
                        min(ratioBottom, axis.place(max(bar.low, 1e-300)))
                    )
                    if b > a { out += pen.segment(at, a, at, b, dash: "", width: 1) }
                }
                out += pen.marker(place, at, axis.place(point.y), size: 0.75)
            }
        }
        return out
    }

    /// Axes with ticks and a label beside; numbers below where it is the last panel, and from
    /// `anchor` on beside it.
    private func frame(
        _ x: LogAxis, _ y: PlotAxis, from: Double, to: Double, label: String, isLast: Bool,
        anchor: Double? = nil
    ) -> String {
        let n = Markup.number
        var out = ""
        for tick in x.ticks {
            let place = n(x.place(tick.value))
            if let label = tick.label {
                out +=
                    "<path d=\"M\(place) \(n(from))V\(n(to))\" stroke=\"currentColor\" opacity=\"0.12\"/>"
                if isLast {
                    out +=
                        "<text x=\"\(place)\" y=\"\(n(to + 18))\" text-anchor=\"middle\">\(label)</text>"
                }
            }
            out +=
                "<path d=\"M\(place) \(n(to))v\(tick.label == nil ? 3 : 5)\" stroke=\"currentColor\"/>"
        }
        let ticks = y.ticks.filter { (from - 0.01...to + 0.01).contains(y.place($0.value)) }
        let labelled = StackedChart.labelled(
            ticks.filter { $0.label != nil }.map { y.place($0.value) }, nearest: anchor ?? to)
        for tick in ticks {
            let place = y.place(tick.value)
            let label = labelled.contains(place) ? tick.label : nil
            if let label {
                out += """
                    <path d="M\(n(left)) \(n(place))H\(n(right))" stroke="currentColor" \
                    opacity="0.12"/>\
                    <text x="\(n(left - 8))" y="\(n(place + 4.5))" \
                    text-anchor="end">\(label)</text>
                    """
            }
            out +=
                "<path d=\"M\(n(left)) \(n(place))h-\(label == nil ? 3 : 5)\" stroke=\"currentColor\"/>"
        }
        out += """
            <path d="M\(n(left)) \(n(from))V\(n(to))H\(n(right))" fill="none" \
            stroke="currentColor"/>\
            <text transform="translate(14 \(n((from + to) / 2))) rotate(-90)" \
            text-anchor="middle">\(Markup.escape(label))</text>
            """
        return out
    }

    /// Which places have room for a label, the nearest to one of them first.
    private static func labelled(_ places: [Double], nearest anchor: Double) -> Set<Double> {
        var chosen: Set<Double> = []
        let order = places.sorted {
            (($0 - anchor).magnitude, $0) < (($1 - anchor).magnitude, $1)
        }
        for place in order where chosen.allSatisfy({ ($0 - place).magnitude >= 15 }) {
            chosen.insert(place)
        }
        return chosen
    }

    private func rule(_ place: Double, _ name: String) -> String {
        let n = Markup.number
        let line = """
            <path d="M\(n(left)) \(n(place))H\(n(right))" stroke="currentColor" \
            stroke-dasharray="3 4" opacity="0.7"/>
            """
        if name.isEmpty { return line }
        return line + """
            <text x="\(n(left + 6))" y="\(n(place - 5))" \
            font-size="12">\(Markup.escape(name))</text>
            """
    }

    func colour(_ index: Int) -> String {
        isOrdered && curves.count > 2
            ? Chart.ramp(Double(index) / Double(max(1, curves.count - 1)))
            : Chart.colours[index % Chart.colours.count]
    }
}
