import System

/// A log-log chart: points with error bars, lines, bands; as one SVG element.
///
/// Colours are Okabe and Ito's, told apart by every kind of colour vision; markers and dashes
/// repeat the difference. Text and frame take the page's colour, so light and dark both work.
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
        /// Whether the legend shows no marker, as the line has none.
        package var isPlain = false

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
    /// Whether the series are in an order that their colours should show, from blue to red.
    package var isOrdered = false

    static let colours = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F",
    ]
    private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 2"]

    private let width = 640.0
    private let height = 430.0

    /// An empty chart.
    package init(title: String, xLabel: String, yLabel: String) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
    }

    private var left: Double { 74 }
    private var right: Double { width - 16 }
    private var top: Double { 34 }
    private var bottom: Double { height - 56 }
    private var columns: Int { series.count > 3 ? 2 : 1 }

    /// The chart.
    package func svg() -> String {
        let named = series.count { !$0.name.isEmpty }
        let legendRows = (named + columns - 1) / columns
        let total = height + 18 * Double(legendRows)
        let (x, y) = axes()
        let n = Markup.number
        var out = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(total))" \
            font-family="system-ui, sans-serif" font-size="13" fill="currentColor" role="img" \
            style="max-width:100%;height:auto">\
            <title>\(Markup.escape(title))</title>\
            <text x="\(n(left))" y="20" font-weight="600" \
            font-size="14">\(Markup.escape(title))</text>
            """
        out += heldOut(x) + ticks(x: x) + ticks(y: y) + frame() + level(y)
        let thinned = series.map { ThinnedPoints($0.points) }
        for (index, one) in series.enumerated() {
            out += draw(one, index, thinned[index].kept, x, y)
        }
        out += ThinnedPoints.note(
            drawn: thinned.reduce(0) { $0 + $1.kept.count },
            of: thinned.reduce(0) { $0 + $1.count }, right: right, top: top)
        return out + legend() + "</svg>\n"
    }

    /// Axes over all that is drawn.
    private func axes() -> (x: LogAxis, y: LogAxis) {
        var xs: [Double] = []
        var ys: [Double] = []
        for one in series {
            xs += one.points.map { $0.x } + one.line.map { $0.x }
            ys +=
                one.points.map { $0.y } + one.line.map { $0.y }
                + one.bars.flatMap { [$0.low, $0.high] }
            if let mark = one.mark { xs.append(mark) }
        }
        return (LogAxis(xs, from: left, to: right), LogAxis(ys, from: bottom, to: top))
    }

    /// The shade over points that were held out.
    private func heldOut(_ x: LogAxis) -> String {
        guard let heldOutFrom else { return "" }
        let n = Markup.number
        let start = max(left, min(right, x.place(heldOutFrom)))
        return """
            <rect x="\(n(start))" y="\(n(top))" width="\(n(right - start))" \
            height="\(n(bottom - top))" fill="currentColor" opacity="0.07"/>\
            <text x="\(n(right - 6))" y="\(n(bottom - 8))" text-anchor="end" font-size="11" \
            opacity="0.7">held out</text>
            """
    }

    private func ticks(x: LogAxis) -> String {
        let n = Markup.number
        var out = ""
        for tick in x.ticks {
            let place = n(x.place(tick.value))
            if let label = tick.label {
                out += """
                    <path d="M\(place) \(n(top))V\(n(bottom))" stroke="currentColor" \
                    opacity="0.12"/>\
                    <text x="\(place)" y="\(n(bottom + 19))" text-anchor="middle">\(label)</text>
                    """
            }
            out += """
                <path d="M\(place) \(n(bottom))v\(tick.label == nil ? 3 : 6)" \
                stroke="currentColor"/>
                """
        }
        return out
    }

    private func ticks(y: LogAxis) -> String {
        let n = Markup.number
        var out = ""
        for tick in y.ticks {
            let place = n(y.place(tick.value))
            if let label = tick.label {
                out += """
                    <path d="M\(n(left)) \(place)H\(n(right))" stroke="currentColor" \
                    opacity="0.12"/>\
                    <text x="\(n(left - 9))" y="\(n(y.place(tick.value) + 4.5))" \
                    text-anchor="end">\(label)</text>
                    """
            }
            out += """
                <path d="M\(n(left)) \(place)h-\(tick.label == nil ? 3 : 6)" \
                stroke="currentColor"/>
                """
        }
        return out
    }

    /// The axes' lines and labels.
    private func frame() -> String {
        let n = Markup.number
        return """
            <path d="M\(n(left)) \(n(top))V\(n(bottom))H\(n(right))" fill="none" \
            stroke="currentColor"/>\
            <text x="\(n((left + right) / 2))" y="\(n(height - 14))" \
            text-anchor="middle">\(Markup.escape(xLabel))</text>\
            <text transform="translate(17 \(n((top + bottom) / 2))) rotate(-90)" \
            text-anchor="middle">\(Markup.escape(yLabel))</text>
            """
    }

    /// The level that is marked, where it lies on the axis.
    private func level(_ y: LogAxis) -> String {
        guard let level, level.value > 0, y.place(level.value) <= bottom,
            y.place(level.value) >= top
        else { return "" }
        let n = Markup.number
        let place = y.place(level.value)
        return """
            <path d="M\(n(left)) \(n(place))H\(n(right))" stroke="currentColor" \
            stroke-dasharray="3 4" opacity="0.7"/>\
            <text x="\(n(left + 6))" y="\(n(place - 5))" \
            font-size="11">\(Markup.escape(level.name))</text>
            """
    }

    private func legend() -> String {
        let n = Markup.number
        var out = ""
        for (index, one) in series.enumerated() where !one.name.isEmpty {
            let x = left + Double(index % columns) * 280
            let y = height + 8 + 18 * Double(index / columns)
            out += """
                <path d="M\(n(x)) \(n(y))h26" stroke="\(colour(index))" stroke-width="2" \
                stroke-dasharray="\(dash(index))"/>
                """
            if !one.isPlain { out += marker(index, x + 13, y) }
            out += """
                <text x="\(n(x + 34))" y="\(n(y + 4.5))">\(Markup.escape(one.name))</text>
                """
        }
        return out
    }

    private func colour(_ index: Int) -> String {
        isOrdered
            ? Chart.ramp(Double(index) / Double(max(1, series.count - 1)))
            : Chart.colours[index % Chart.colours.count]
    }

    private func dash(_ index: Int) -> String { Chart.dashes[index % (isOrdered ? 4 : 7)] }

    /// A colour between the ends of an order: blue, green, yellow, red, each as light as the page
    /// bears in light and dark.
    static func ramp(_ place: Double) -> String {
        let stops: [[Double]] = [
            [0x3f, 0x6f, 0xd1], [0x12, 0x96, 0xa8], [0x3f, 0xa0, 0x4c], [0xc7, 0x98, 0x0b],
            [0xd2, 0x4d, 0x2e],
        ]
        let scaled = max(0, min(1, place)) * Double(stops.count - 1)
        let lower = min(stops.count - 2, Int(scaled))
        let t = scaled - Double(lower)
        let digits = Array("0123456789abcdef")
        return zip(stops[lower], stops[lower + 1]).reduce(into: "#") { text, ends in
            let level = Int((ends.0 + t * (ends.1 - ends.0)).rounded())
            text.append(digits[level / 16])
            text.append(digits[level % 16])
        }
    }

    private func draw(
        _ one: Series, _ index: Int, _ kept: [Int], _ x: LogAxis, _ y: LogAxis
    ) -> String {
        let n = Markup.number
        var out = ""
        if !one.band.isEmpty {
            let upper = one.band.map { "\(n(x.place($0.x))) \(n(clamped(y, $0.high)))" }
            let lower = one.band.reversed().map { "\(n(x.place($0.x))) \(n(clamped(y, $0.low)))" }
            out += """
                <path d="M\((upper + lower).joined(separator: "L"))Z" fill="\(colour(index))" \
                opacity="0.18"/>
                """
        }
        if let mark = one.mark, isDrawable(mark) {
            out +=
                "<path d=\"M\(n(x.place(mark))) \(n(y.to))V\(n(y.from))\" stroke=\"\(colour(index))\" "
                + "stroke-dasharray=\"5 5\" opacity=\"0.75\"/>"
        }
        if !one.line.isEmpty {
            let path = one.line.map { "\(n(x.place($0.x))) \(n(clamped(y, $0.y)))" }
            out +=
                "<path d=\"M\(path.joined(separator: "L"))\" fill=\"none\" stroke=\"\(colour(index))\" "
                + "stroke-width=\"1.8\" stroke-dasharray=\"\(dash(index))\"/>"
        }
        for place in kept where one.bars.indices.contains(place) {
            let bar = one.bars[place]
            guard bar.low > 0, bar.high > bar.low, isDrawable(one.points[place].x) else { continue }
            let at = n(x.place(one.points[place].x))
            out += """
                <path d="M\(at) \(n(clamped(y, bar.low)))V\(n(clamped(y, bar.high)))" \
                stroke="\(colour(index))"/>
                """
        }
        for place in kept {
            let point = one.points[place]
            guard isDrawable(point.x), isDrawable(point.y) else { continue }
            out += marker(index, x.place(point.x), y.place(point.y))
        }
        return out
    }

    /// Whether a logarithmic axis has a place for the value.
    private func isDrawable(_ value: Double) -> Bool { value > 0 && value.isFinite }

    private func clamped(_ axis: LogAxis, _ value: Double) -> Double {
        value > 0 ? max(axis.to, min(axis.from, axis.place(value))) : axis.from
    }

    private func marker(_ index: Int, _ x: Double, _ y: Double) -> String {
        let n = Markup.number
        let fill = "fill=\"\(colour(index))\""
        switch index % 4 {
        case 0: return "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"3.6\" \(fill)/>"
        case 1: return "<path d=\"M\(n(x - 3.4)) \(n(y - 3.4))h6.8v6.8h-6.8Z\" \(fill)/>"
        case 2: return "<path d=\"M\(n(x)) \(n(y - 4.4))l4.2 7.4h-8.4Z\" \(fill)/>"
        default: return "<path d=\"M\(n(x)) \(n(y - 4.8))l4.8 4.8l-4.8 4.8l-4.8 -4.8Z\" \(fill)/>"
        }
    }
}
