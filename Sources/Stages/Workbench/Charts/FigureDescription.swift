/// A figure in a sentence, for readers that do not see it.
struct FigureDescription {
    let text: String

    init(_ figure: Figure, _ ranges: FigureRanges) {
        let y = figure.y.label.isEmpty ? "Values" : figure.y.label
        let x = figure.x.label.isEmpty ? "places" : figure.x.label
        var text = "\(y) against \(x)"
        text += FigureDescription.span(", x", ranges.x) + FigureDescription.span(", y", ranges.y)
        let names = figure.names.filter { !$0.isEmpty }
        if figure.panels.count > 1 {
            text += "; \(figure.panels.count) panels: "
            text += FigureDescription.list(figure.panels.map { $0.name })
        }
        if names.count > 1 {
            text += "; \(names.count) series: \(FigureDescription.list(names))"
        } else if let name = names.first {
            text += "; \(name)"
        }
        let points = figure.series.reduce(0) { $0 + $1.points.count + $1.columns.count }
        let cells = figure.panels.reduce(0) { $0 + $1.cells.count }
        if points > 0 { text += "; \(GroupedDigits.text(points)) points" }
        if cells > 0 {
            text += "; \(GroupedDigits.text(cells)) cells shaded by \(figure.shade.label)"
        }
        self.text = text + "."
    }

    private static func span(_ name: String, _ range: AxisRange) -> String {
        if case .names(let names) = range.scale { return "\(name): \(list(names))" }
        let (low, high) = (range.value(at: 0), range.value(at: 1))
        return "\(name) from \(Markup.significant(low, 2)) to \(Markup.significant(high, 2))"
            + (range.scale == .logarithmic ? " (logarithmic)" : "")
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ")
            + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }
}
