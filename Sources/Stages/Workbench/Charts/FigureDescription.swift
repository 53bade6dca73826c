import Canon

/// A figure in a sentence, for readers that do not see it.
struct FigureDescription {
    let text: String

    init(_ figure: Figure, _ ranges: FigureRanges) {
        var text = FigureDescription.axes(of: figure)
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
        let points = FigureDescription.points(of: figure)
        let cells = figure.panels.reduce(0) { $0 + $1.cells.count }
        if points > 0 { text += "; \(GroupedDigits.text(points)) points" }
        if cells > 0 {
            text += "; \(GroupedDigits.text(cells)) cells shaded by \(figure.shade.label)"
        }
        self.text = text + "."
    }

    /// What a figure shows in a sentence for those who see it.
    static func caption(_ figure: Figure) -> String {
        let text = axes(of: figure)
        let points = points(of: figure)
        // A lone letter is a symbol and stays small; a word begins a sentence.
        let isWord = text.prefix(2).allSatisfy { $0.isLetter }
        return (isWord ? text.prefix(1).uppercased() + text.dropFirst() : text)
            + (points > 0 ? ": \(counted(points, "point"))." : ".")
    }

    private static func axes(of figure: Figure) -> String {
        let y = figure.y.label.isEmpty ? "Values" : figure.y.label
        let x = figure.x.label.isEmpty ? "places" : figure.x.label
        return "\(y) against \(x)"
    }

    /// How many points there are, drawn or thinned out.
    private static func points(of figure: Figure) -> Int {
        figure.series.reduce(0) { $0 + $1.points.count + $1.columns.count + $1.leftOut }
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
