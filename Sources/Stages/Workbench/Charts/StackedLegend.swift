import System

/// What colours and dashes mean, below a chart: curves first, then kinds of lines.
struct StackedLegend {
    private struct Entry {
        var text: String
        var mark: (Double, Double) -> String
    }
    private var rows: [[(x: Double, entry: Entry)]] = [[]]
    private let top, left: Double

    init(chart: StackedChart, top: Double, left: Double) {
        self.top = top
        self.left = left
        var entries: [Entry] = []
        for (place, curve) in chart.curves.enumerated() where !curve.name.isEmpty {
            let pen = StackedPen(color: chart.colour(place))
            entries.append(
                Entry(text: curve.name) { x, y in
                    (curve.lines.isEmpty
                        ? "" : pen.segment(x, y, x + 22, y, dash: "", width: 2))
                        + (curve.points.isEmpty ? "" : pen.marker(place, x + 11, y))
                })
        }
        let ink = StackedPen(color: "currentColor")
        if chart.kinds.count > 1 {
            for (place, name) in chart.kinds.enumerated() {
                entries.append(
                    Entry(text: name) { x, y in
                        ink.segment(
                            x, y, x + 22, y, dash: StackedPen.dashes[place % 4], width: 1.7)
                    })
            }
        }
        if !chart.markName.isEmpty {
            entries.append(
                Entry(text: chart.markName) { x, y in
                    ink.segment(x + 11, y - 7, x + 11, y + 7, dash: "1 3", width: 1.6)
                })
        }
        if !chart.levelName.isEmpty {
            entries.append(
                Entry(text: chart.levelName) { x, y in
                    ink.segment(x, y, x + 22, y, dash: "", width: 2.6)
                })
        }
        // Widths are estimated: 7 units a character at this size.
        var x = 8.0
        for entry in entries {
            let width = 28 + 7 * Double(entry.text.count) + 16
            if x + width > chart.width + 10, !rows[rows.count - 1].isEmpty {
                rows.append([])
                x = 8
            }
            rows[rows.count - 1].append((x, entry))
            x += width
        }
    }

    /// Where it ends.
    var bottom: Double { top + 18 * Double(rows.count) + 2 }

    func svg() -> String {
        var out = ""
        for (row, entries) in rows.enumerated() {
            let y = top + 18 * Double(row) + 8
            for (x, entry) in entries {
                out += entry.mark(x, y)
                out += """
                    <text x="\(Markup.number(x + 28))" \
                    y="\(Markup.number(y + 4.5))">\(Markup.escape(entry.text))</text>
                    """
            }
        }
        return out
    }
}
