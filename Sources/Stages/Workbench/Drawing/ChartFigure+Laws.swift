import Canon
import System

/// Laws, ratios, captions, and what a chart says of itself.
extension ChartFigure {
    /// Draws laws: over the series and the panels that they are of, or as series of their own.
    mutating func add(_ laws: [ChartLaw], _ request: ChartRequest, _ data: ChartData) throws {
        let xs = data.spots.joined().joined().compactMap { $0.x.double }
        guard !laws.isEmpty, let low = xs.min(), let high = xs.max() else { return }
        var named: [Int: String] = [:]
        for law in laws {
            let drawn = law.draw(from: low, to: high, isLog: figure.x.scale == .logarithmic)
            let own = ChartFigure.series(of: law, request, data)
            for panel in figure.panels.indices {
                let facet = law.coordinate(request.facet)
                if let facet, facet != data.panels[panel] { continue }
                if let own {
                    figure.panels[panel].series[own].lines = [FigureLine(drawn.line)]
                    figure.panels[panel].series[own].band = drawn.band
                    named[own] = law.formula
                } else {
                    var series = FigureSeries(name: law.formula)
                    series.lines = [FigureLine(drawn.line)]
                    series.band = drawn.band
                    figure.panels[panel].series.append(series)
                }
            }
        }
        let percent = Markup.significant(100 * (laws.first?.line.confidence ?? 0.95), 2)
        figure.bandsAre = "\(percent) % interval of the law"
        // Formulas stand beside few names; figure.json has all.
        guard named.count <= 3, figure.panels.count == 1 else { return }
        for (place, formula) in named {
            figure.panels[0].series[place].note = formula
        }
    }

    /// The series that a law is of: by its coordinate, or else by its column where columns are series.
    private static func series(of law: ChartLaw, _ request: ChartRequest, _ data: ChartData) -> Int?
    {
        if let key = law.coordinate(request.series) {
            return data.series.firstIndex { $0.key == key }
        }
        guard request.series == nil, request.y.count > 1 else { return nil }
        return request.y.firstIndex { $0 == law.y }
    }

    /// Divides all points by those of one series, or by their law.
    mutating func divide(_ request: ChartRequest) throws {
        guard let base = request.ratioTo else { return }
        guard figure.panels.count == 1 else {
            throw FormatError(
                "ratio_to: expected one panel, found \(figure.panels.count); leave `facet` out")
        }
        let series = figure.panels[0].series
        let names = series.map { $0.name }
        let reference = series.first { $0.name == base }
        guard base == "law" || reference != nil else {
            throw FormatError(
                (["ratio_to: no series `\(visible(base))`"]
                    + notes(forUnknown: base, allowed: names + ["law"]))
                    .joined(separator: "; "))
        }
        let lone = series.filter { $0.points.isEmpty && !$0.lines.isEmpty }
        for place in series.indices where !series[place].points.isEmpty {
            let line =
                base != "law"
                ? reference?.points ?? []
                : (series[place].lines.first ?? lone.first?.lines.first)?.pieces[0] ?? []
            figure.panels[0].series[place].ratios = series[place].points.compactMap { point in
                ChartFigure.value(of: line, at: point.x).map { (point.x, point.y / $0) }
            }
        }
        guard figure.series.contains(where: { !$0.ratios.isEmpty }) else {
            throw FormatError(
                "ratio_to: \(visible(base)) has no line or point to divide by; give the input `laws`, or "
                    + "name a series whose places others share")
        }
        figure.ratioLabel = "over " + (base == "law" ? "the law" : base)
    }

    /// The value of a line between its places; `nil` beyond them.
    private static func value(of line: [(x: Double, y: Double)], at x: Double) -> Double? {
        for (a, b) in zip(line, line.dropFirst()) where a.x <= x && x <= b.x && b.x > a.x {
            let t = (x - a.x) / (b.x - a.x)
            return a.y + t * (b.y - a.y)
        }
        // Ends of a line of a law are those of the points, up to rounding.
        return line.first { ($0.x - x).magnitude <= 1e-9 * x.magnitude }?.y
    }

    /// What a figure shows, in words: of one column its label, without the unit, of several their names.
    private static func drawn(_ request: ChartRequest) -> String {
        let label =
            request.value.map { request.label("value_label", $0) }
            ?? (request.y.count == 1
                ? request.label("y_label", request.y[0])
                : request.y.map(request.name(ofColumn:)).joined(separator: ", "))
        guard label.hasSuffix(")"), let unit = label.ranges(of: " (").last else { return label }
        return String(label[..<unit.lowerBound])
    }

    /// What stands below a figure that says nothing of its own.
    static func caption(_ request: ChartRequest, _ data: ChartData, _ marks: ChartRequest.Marks)
        -> String
    {
        let own = request.text("caption")
        if !own.isEmpty { return own }
        let drawn = drawn(request)
        var text = drawn
        if let over = request.over {
            text += ": \(request.isMean ? "means" : "medians") over "
            text += "\(counted(data.most, "value")) of \(FigureAxis.spelled(over))"
        } else {
            text += " against \(request.label("x_label", request.x))"
            if request.value != nil { text += " and \(request.label("y_label", request.y[0]))" }
        }
        if let series = request.series {
            text += ", by \(request.label("series_label", series))"
        }
        if text.utf8.prefix(2).allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        {
            text = text.prefix(1).uppercased() + text.dropFirst()
        }
        if request.over != nil, request.spread != .none, data.most > 1, marks != .heat {
            text += "; \(marks == .lines ? "bands" : "bars") \(request.spread.text)"
        } else if let low = request.low, let high = request.high {
            text += "; bars from \(FigureAxis.spelled(low)) to \(FigureAxis.spelled(high))"
        }
        let left =
            data.remarks.isEmpty
            ? "" : " Left out: \(data.remarks.joined(separator: ", ").replacing("`", with: ""))."
        return "\(text).\(left)"
    }
}
