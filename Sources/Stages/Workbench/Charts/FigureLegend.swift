/// What colours, markers and lines mean, below a figure.
struct FigureLegend {
    private struct Entry {
        var text: String
        /// The symbol around a place; 26 wide.
        var symbol: ((x: Double, y: Double)) -> String = { _ in "" }
        var hasSymbol = true
    }
    private var entries: [Entry] = []

    /// Lists what a figure shows and nothing else names; `named` are series with a name beside them.
    init(
        _ figure: Figure, _ plan: InkPlan, named: Set<String>, references: [FigureReference]
    ) {
        for name in figure.names where !name.isEmpty && !named.contains(name) {
            let series = figure.series.filter { $0.name == name }
            if series.contains(where: { $0.isShown || !$0.marks.isEmpty }) {
                let label = series.first { !$0.note.isEmpty }?.label ?? name
                entries.append(FigureLegend.entry(label, series, plan[name], hasKinds(figure)))
            }
        }
        if hasKinds(figure) {
            for (kind, name) in figure.lineKinds.enumerated() {
                addLine(name, dash: Pen.dashes[kind % 4], width: 1.7)
            }
        }
        addIntervals(figure)
        for reference in references where !reference.name.isEmpty {
            if reference.isUpright {
                entries.append(FigureLegend.upright(reference.name, dash: "3 4", width: 1.2))
            } else {
                addLine(reference.name, dash: "3 4", width: 1.2)
            }
        }
        let isNamed = figure.names.contains { $0.hasPrefix("held out") }
        if figure.heldOutFrom != nil, !isNamed {
            let pen = Pen(ink: .text, frame: FigureLegend.nowhere)
            entries.append(
                Entry(text: "held out") { place in
                    pen.block(FigureLegend.box(place), opacity: 0.12)
                })
        }
    }

    private static let nowhere = SceneBox(left: -1e6, top: -1e6, right: 1e6, bottom: 1e6)

    private static func box(_ place: (x: Double, y: Double)) -> SceneBox {
        SceneBox(left: place.x, top: place.y - 6, right: place.x + 26, bottom: place.y + 6)
    }

    private func hasKinds(_ figure: Figure) -> Bool { figure.lineKinds.count > 1 }

    /// Adds a remark without a symbol, such as how many points are drawn.
    mutating func add(note: String) {
        if !note.isEmpty { entries.append(Entry(text: note, hasSymbol: false)) }
    }

    private static func entry(
        _ name: String, _ series: [FigureSeries], _ style: InkPlan.Style, _ hasKinds: Bool
    ) -> Entry {
        let pen = Pen(ink: style.ink, frame: nowhere)
        let hasLines = series.contains { !$0.lines.isEmpty || !$0.marks.isEmpty }
        let hasPoints = series.contains { !$0.points.isEmpty }
        let hasColumns = series.contains { !$0.columns.isEmpty }
        let dash = hasKinds ? "" : Pen.dashes[style.dash]
        return Entry(text: name) { place in
            if hasColumns { return pen.block(box(place)) }
            let (a, b) = ((x: place.x, y: place.y), (x: place.x + 26, y: place.y))
            return (hasLines ? pen.segment(a, b, dash: dash, width: 2) : "")
                + (hasPoints ? pen.marker(style.marker, (place.x + 13, place.y)) : "")
        }
    }

    private mutating func addLine(_ text: String, dash: String, width: Double) {
        let pen = Pen(ink: .text, frame: FigureLegend.nowhere)
        entries.append(
            Entry(text: text) { pen.segment($0, ($0.x + 26, $0.y), dash: dash, width: width) })
    }

    private static func upright(_ text: String, dash: String, width: Double) -> Entry {
        let pen = Pen(ink: .text, frame: nowhere)
        return Entry(text: text) { place in
            pen.segment(
                (place.x + 13, place.y - 7), (place.x + 13, place.y + 7), dash: dash, width: width)
        }
    }

    /// What bars, bands and marks are, where there are any.
    private mutating func addIntervals(_ figure: Figure) {
        let pen = Pen(ink: .text, frame: FigureLegend.nowhere)
        let series = figure.series
        if series.contains(where: { one in one.bars.contains { $0.high > $0.low } }) {
            entries.append(FigureLegend.upright("bars: \(figure.barsAre)", dash: "", width: 1.3))
        }
        if series.contains(where: { !$0.band.isEmpty }) {
            entries.append(
                Entry(text: "band: \(figure.bandsAre)") { place in
                    pen.block(FigureLegend.box(place), opacity: 0.25)
                })
        }
        if !figure.marksAre.isEmpty {
            entries.append(FigureLegend.upright(figure.marksAre, dash: "5 5", width: 1.6))
        }
        if !figure.levelsAre.isEmpty { addLine(figure.levelsAre, dash: "", width: 2.6) }
    }

    /// Draws it in rows from a height on; returns where it ends.
    func draw(into scene: inout Scene, top: Double) -> Double {
        let (left, right) = (8.0, scene.width - 8)
        var (x, y) = (left, top)
        for entry in entries {
            let indent = entry.hasSymbol ? 33.0 : 0
            let lines = TextMetrics.lines(
                entry.text, within: right - left - indent, size: SceneText.usual)
            let width =
                indent
                + (lines.map { TextMetrics.width($0, size: SceneText.usual) }.max() ?? 0)
            if x > left, x + width > right {
                x = left
                y += FigureLayout.line + 2
            }
            scene.draw(entry.symbol((x, y + 7)))
            for (place, line) in lines.enumerated() {
                let below = y + 11.7 + FigureLayout.line * Double(place)
                scene.write(SceneText(text: line, x: x + indent, y: below))
            }
            if lines.count > 1 {
                x = left
                y += FigureLayout.line * Double(lines.count) + 2
            } else {
                x += width + 18
            }
        }
        return x > left ? y + FigureLayout.line + 2 : y
    }
}
