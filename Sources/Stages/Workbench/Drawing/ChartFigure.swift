import Canon
import Numerics
import System

/// The figure of a chart, with its caption.
struct ChartFigure {
    var figure: Figure
    let caption: String
    let laws: [ChartLaw]

    /// Draws rows and laws.
    ///
    /// - Throws: ``FormatError`` where an axis cannot show them.
    init(_ request: ChartRequest, _ data: ChartData, _ laws: [ChartLaw]) throws {
        self.laws = laws
        let marks = request.marks ?? (data.isNamed ? .bars : laws.isEmpty ? .both : .points)
        guard !data.isNamed || marks == .bars || marks == .heat else {
            throw FormatError(
                "x: `\(request.x)` holds text, which stands at no place of an axis of numbers; "
                    + "set marks: bars, or name a column of numbers")
        }
        guard laws.isEmpty || marks != .bars && marks != .heat else {
            throw FormatError(
                "laws: a law is drawn over points; set marks: points, or leave `laws` out")
        }
        guard request.references(isUpright: true).isEmpty || marks != .bars && marks != .heat else {
            throw FormatError(
                "references: `x` marks a place among numbers, and there are names; leave it out")
        }
        caption = ChartFigure.caption(request, data, marks)
        switch marks {
        case .heat: figure = try ChartFigure.heat(request, data)
        case .bars: figure = try ChartFigure.columns(request, data)
        case .points, .lines, .both: figure = try ChartFigure.plot(request, data, marks)
        }
        figure.references = request.references
        figure.family = request.series.map { request.label("series_label", $0) } ?? ""
        figure.barsAre = request.low == nil ? request.spread.text : "the interval of each point"
        try add(laws, request, data)
        try divide(request)
    }

    /// What stands above a panel: the axis and its value, or a name alone.
    private static func name(_ value: JSON, _ request: ChartRequest) -> String {
        guard let facet = request.facet else { return "" }
        let name = request.name(of: value)
        if request.isNamed(value) || facet.hasSuffix(".name") { return name }
        let axis = request.name(ofColumn: facet)
        return value.text == nil ? "\(axis) = \(name)" : "\(axis) \(name)"
    }

    private static func panels(
        _ request: ChartRequest, _ data: ChartData, _ draw: (Int, Int) -> FigureSeries
    ) -> [FigurePanel] {
        data.panels.indices.map { panel in
            FigurePanel(
                name: name(data.panels[panel], request),
                series: data.series.indices.map { draw(panel, $0) })
        }
    }

    private static func centre(_ spot: ChartData.Spot, _ request: ChartRequest) -> Double {
        request.isMean
            ? spot.values.reduce(0, +) / Double(spot.values.count) : Quantiles.median(spot.values)
    }

    private static func ends(_ spot: ChartData.Spot, _ request: ChartRequest) -> (
        low: Double, high: Double
    ) {
        let middle = centre(spot, request)
        return spot.ends ?? request.spread.ends(spot.values, around: middle) ?? (middle, middle)
    }

    private static func title(_ request: ChartRequest) -> String {
        let title = request.text("title")
        if !title.isEmpty { return title }
        let text = "\(yLabel(request)) against \(request.label("x_label", request.x))"
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func yLabel(_ request: ChartRequest) -> String {
        let text = request.text("y_label")
        return text.isEmpty ? request.y.map(FigureAxis.spelled).joined(separator: ", ") : text
    }

    /// Points and lines.
    private static func plot(
        _ request: ChartRequest, _ data: ChartData, _ marks: ChartRequest.Marks
    ) throws -> Figure {
        let all = data.spots.joined().joined()
        let xs = all.compactMap { $0.x.double }
        let ys = all.map { centre($0, request) }
        var y = FigureAxis(
            "", scale: try request.scale("y_scale", ys + request.references(isUpright: false)))
        y.label = yLabel(request)
        let across = request.references(isUpright: true)
        var x = FigureAxis("", scale: try request.scale("x_scale", xs + across))
        x.label = request.label("x_label", request.x)
        let panels = panels(request, data) { panel, place in
            var series = FigureSeries(name: data.series[place].name)
            series.value = data.series[place].value
            let spots = data.spots[panel][place]
            series.points = spots.map { ($0.x.double ?? 0, centre($0, request)) }
            series.bars = spots.map { ends($0, request) }
            if marks != .points, !series.points.isEmpty {
                series.lines = [FigureLine(series.points)]
            }
            if marks == .lines {
                if series.bars.contains(where: { $0.high > $0.low }) {
                    series.band = zip(series.points, series.bars).map { ($0.x, $1.low, $1.high) }
                }
                (series.points, series.bars) = ([], [])
            }
            return series
        }
        var figure = Figure(title: title(request), x: x, y: y, panels: panels)
        if marks == .lines { figure.bandsAre = request.spread.text }
        return figure
    }

    /// Lying columns, a name a row.
    private static func columns(_ request: ChartRequest, _ data: ChartData) throws -> Figure {
        let names = data.places
        let places = Dictionary(names.enumerated().map { ($1, Double($0)) }) { first, _ in first }
        guard request.text("y_scale") != "log" else {
            throw FormatError(
                "y_scale: columns begin at zero, which a logarithm has not; leave it out")
        }
        var x = FigureAxis("", scale: .linear)
        x.label = yLabel(request)
        var y = FigureAxis("", scale: .names(names.map(request.name(of:))))
        y.label = request.label("x_label", request.x)
        let panels = panels(request, data) { panel, place in
            var series = FigureSeries(name: data.series[place].name)
            series.value = data.series[place].value
            for spot in data.spots[panel][place] {
                series.columns.append((places[spot.x] ?? 0, centre(spot, request)))
                series.bars.append(ends(spot, request))
            }
            return series
        }
        return Figure(title: title(request), x: x, y: y, panels: panels)
    }

    /// Shaded cells.
    private static func heat(_ request: ChartRequest, _ data: ChartData) throws -> Figure {
        let (columns, rows) = (data.places, data.rows)
        func places(_ values: [JSON]) -> [JSON: Int] {
            Dictionary(values.enumerated().map { ($1, $0) }) { first, _ in first }
        }
        let (across, up) = (places(columns), places(rows))
        var x = FigureAxis("", scale: .names(columns.map(request.name(of:))))
        x.label = request.label("x_label", request.x)
        var y = FigureAxis("", scale: .names(rows.map(request.name(of:))))
        y.label = yLabel(request)
        var figure = Figure(title: title(request), x: x, y: y)
        figure.panels = data.panels.indices.map { panel in
            var drawn = FigurePanel(name: name(data.panels[panel], request))
            drawn.cells = data.spots[panel].joined().map { spot in
                FigureCell(
                    column: across[spot.x] ?? 0, row: up[spot.row] ?? 0,
                    value: centre(spot, request))
            }
            return drawn
        }
        let values = figure.panels.flatMap { $0.cells.map { $0.value } }
        let isLog = values.allSatisfy { $0 > 0 } && (values.max() ?? 1) / (values.min() ?? 1) >= 100
        figure.shade = FigureAxis("", scale: isLog ? .logarithmic : .linear)
        figure.shade.label = request.label("value_label", request.value ?? "")
        return figure
    }
}
