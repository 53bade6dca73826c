import Canon

/// A figure as data: the file `plot.json`, format `bitlaw/plot/1`.
///
/// A stage that computes writes what there is to see; who shows it draws. So a change of how pictures look is
/// no change of a fit. The members are described in docs/your-own-page.md.
package struct PlotDocument {
    /// What is to be drawn.
    package var figure: Figure

    /// The name of the format.
    static let format = "bitlaw/plot/1"

    /// The data of a figure.
    package init(_ figure: Figure) { self.figure = figure }

    /// The data of a chart.
    package init(_ chart: Chart) { figure = chart.figure }

    /// The file.
    package func text() -> String { json.canonicalText + "\n" }

    /// Whether bytes say in their beginning that they are such a file.
    package static func isOne(_ bytes: [UInt8]) -> Bool {
        let sign = PlotDocument.sign
        let start = bytes.prefix(512)
        return start.indices.contains { place in
            start[place] == sign[0] && start[place...].starts(with: sign)
        }
    }

    private static let sign = Array("\"\(format)\"".utf8)

    /// The document.
    ///
    /// Where points are many, those that no picture shows are left out, and it has their number.
    private var json: JSON {
        var members: [String: JSON] = [
            "format": .string(PlotDocument.format), "title": .string(figure.title),
            "x": PlotDocument.axis(figure.x), "y": PlotDocument.axis(figure.y),
            "panels": .array(figure.panels.map(PlotDocument.panel)), "words": words,
        ]
        if !figure.lineKinds.isEmpty {
            members["lineKinds"] = .array(figure.lineKinds.map { .string($0) })
        }
        if !figure.references.isEmpty {
            members["references"] = .array(
                figure.references.map {
                    [
                        "value": .finite($0.value), "name": .string($0.name),
                        "isReached": .bool($0.isReached), "isUpright": .bool($0.isUpright),
                    ]
                })
        }
        if let from = figure.heldOutFrom { members["heldOutFrom"] = .finite(from) }
        if figure.isOrdered { members["isOrdered"] = true }
        if figure.panels.contains(where: { !$0.cells.isEmpty }) {
            members["shade"] = PlotDocument.axis(figure.shade)
        }
        return .object(members)
    }

    /// What marks mean.
    private var words: JSON {
        let texts = PlotDocument.words.map { ($0.name, JSON.string(figure[keyPath: $0.member])) }
        return .object(Dictionary(texts) { $1 })
    }

    /// The texts of a figure beside its title, by their names in the file.
    static var words: [(name: String, member: WritableKeyPath<Figure, String>)] {
        [
            ("bands", \.bandsAre), ("bars", \.barsAre), ("family", \.family),
            ("levels", \.levelsAre), ("marks", \.marksAre), ("ratios", \.ratioLabel),
        ]
    }

    private static func axis(_ axis: FigureAxis) -> JSON {
        var members: [String: JSON] = ["label": .string(axis.label)]
        switch axis.scale {
        case .logarithmic: members["scale"] = "logarithmic"
        case .linear: members["scale"] = "linear"
        case .names(let names): members["names"] = .array(names.map { .string($0) })
        }
        if let most = axis.most { members["most"] = .finite(most) }
        if let decades = axis.decades { members["decades"] = .finite(decades) }
        return .object(members)
    }

    private static func panel(_ panel: FigurePanel) -> JSON {
        var members: [String: JSON] = [
            "name": .string(panel.name), "series": .array(panel.series.map(series)),
        ]
        if !panel.cells.isEmpty {
            members["cells"] = [
                "column": list(panel.cells.map { Double($0.column) }),
                "row": list(panel.cells.map { Double($0.row) }),
                "value": list(panel.cells.map { $0.value }),
            ]
        }
        return .object(members)
    }

    private static func series(_ series: FigureSeries) -> JSON {
        var members: [String: JSON] = ["name": .string(series.name)]
        if !series.note.isEmpty { members["note"] = .string(series.note) }
        if let value = series.value { members["value"] = .finite(value) }
        let kept = ThinnedPoints(series.points).kept
        let leftOut = series.leftOut + series.points.count - kept.count
        if leftOut > 0 { members["leftOut"] = .number(Double(leftOut)) }
        let hasBars = series.bars.count == series.points.count
        members["points"] = points(
            kept.map { series.points[$0] }, hasBars ? kept.map { series.bars[$0] } : [])
        if !series.lines.isEmpty { members["lines"] = .array(series.lines.map(line)) }
        if !series.band.isEmpty {
            members["band"] = [
                "x": list(series.band.map { $0.x }), "low": list(series.band.map { $0.low }),
                "high": list(series.band.map { $0.high }),
            ]
        }
        if !series.columns.isEmpty {
            members["columns"] = points(
                series.columns.map { ($0.place, $0.value) },
                series.points.isEmpty ? series.bars : [])
        }
        members["ratios"] = points(series.ratios, series.ratioBars)
        if !series.marks.isEmpty { members["marks"] = list(series.marks) }
        if !series.levels.isEmpty { members["levels"] = list(series.levels) }
        return .object(members.filter { $0.value != .null })
    }

    /// Columns of points and of the ends of their bars; `null` where there are none.
    private static func points(
        _ points: [(x: Double, y: Double)], _ bars: [(low: Double, high: Double)]
    ) -> JSON {
        if points.isEmpty { return .null }
        var members = ["x": list(points.map { $0.x }), "y": list(points.map { $0.y })]
        if bars.count == points.count {
            members["low"] = list(bars.map { $0.low })
            members["high"] = list(bars.map { $0.high })
        }
        return .object(members)
    }

    /// A line; between two pieces both coordinates are `null`.
    private static func line(_ line: FigureLine) -> JSON {
        let gap = [(x: Double.nan, y: Double.nan)]
        let places = Array(line.pieces.joined(separator: gap))
        return [
            "kind": .number(Double(line.kind)), "x": list(places.map { $0.x }),
            "y": list(places.map { $0.y }),
        ]
    }

    /// Numbers; `null` where one is not finite.
    private static func list(_ values: [Double]) -> JSON { .array(values.map { .finite($0) }) }
}
