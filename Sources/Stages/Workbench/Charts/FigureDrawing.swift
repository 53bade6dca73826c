/// Puts a figure together: title, panels with their axes, names of series.
struct FigureDrawing {
    private let figure: Figure
    private let plan: InkPlan
    private let ranges: FigureRanges
    private var picture: Scene

    init(_ figure: Figure) {
        self.figure = figure
        plan = InkPlan(figure)
        ranges = FigureRanges(figure)
        picture = Scene(title: figure.title, description: FigureDescription(figure, ranges).text)
    }

    /// Draws all.
    mutating func scene() -> Scene {
        var layout = FigureLayout(figure, ranges, room: 0)
        var labels = endLabels(layout)
        if let found = labels {
            layout = FigureLayout(figure, ranges, room: found.room)
            labels = endLabels(layout)
        }
        for (place, line) in layout.titles.enumerated() {
            picture.write(
                SceneText(
                    text: line, x: 8, y: 21 + 19 * Double(place), size: SceneText.large,
                    isBold: true))
        }
        for (place, frame) in layout.panels.enumerated() { draw(place, frame, layout) }
        if let frame = layout.ratio, let range = ranges.ratio { drawRatios(frame, range, layout) }
        labels?.draw(into: &picture, plan, frame: layout.panels[0])
        return finish(layout, labels)
    }

    private func endLabels(_ layout: FigureLayout) -> EndLabels? {
        guard figure.panels.count == 1 else { return nil }
        let axes = axes(layout.panels[0])
        return EndLabels(figure.series, plan, x: axes.x, y: axes.y, frame: layout.panels[0])
    }

    /// What stands below the panels.
    private mutating func finish(_ layout: FigureLayout, _ labels: EndLabels?) -> Scene {
        var below = layout.bottom + 24
        for line in TextMetrics.lines(
            figure.x.label, within: picture.width - 16, size: SceneText.usual)
        {
            below += FigureLayout.line
            let middle = (layout.left + layout.right) / 2
            let half = TextMetrics.width(line, size: SceneText.usual) / 2
            let x = max(8 + half, min(picture.width - 8 - half, middle))
            picture.write(SceneText(text: line, x: x, y: below - 2, anchor: .middle))
        }
        below += 12
        let isFamilyNamed = labels != nil
        if !plan.family.isEmpty, !isFamilyNamed {
            below = ColourBar(plan).draw(into: &picture, top: below) + 4
        }
        if figure.panels.contains(where: { !$0.cells.isEmpty }) {
            below =
                ColourBar(name: figure.shade.label, ranges.shade).draw(into: &picture, top: below)
                + 4
        }
        let named = Set(plan.family.map { $0.name } + (labels?.labels.map { $0.name } ?? []))
        let references = figure.references.filter { reference in
            layout.panels.first.map { panel in
                let axes = axes(panel)
                return (reference.isUpright ? axes.x : axes.y).inside(reference.value) != nil
            } ?? false
        }
        var legend = FigureLegend(figure, plan, named: named, references: references)
        for note in notes(layout, labels) { legend.add(note: note) }
        below = legend.draw(into: &picture, top: below)
        picture.height = below + 6
        return picture
    }

    /// What a reader has to know of what is drawn, and of what is not.
    private func notes(_ layout: FigureLayout, _ labels: EndLabels?) -> [String] {
        var notes: [String] = []
        if let labels, labels.labels.allSatisfy({ plan.isMember($0.name) }),
            !plan.familyName.isEmpty
        {
            notes.append("Numbers beside the lines: \(plan.familyName).")
        }
        let all = figure.series.map { ThinnedPoints($0.points) }
        let (drawn, count) = (all.reduce(0) { $0 + $1.kept.count }, all.reduce(0) { $0 + $1.count })
        let total = figure.series.reduce(count) { $0 + $1.leftOut }
        if drawn < total {
            notes.append(
                "\(GroupedDigits.text(drawn)) of \(GroupedDigits.text(total)) points drawn")
        }
        if hasArrows(layout) { notes.append("Arrows: points beyond the axis.") }
        if figure.isEmpty { notes.append("Nothing to draw.") }
        return notes
    }

    /// Whether a point or a ratio lies above or below its panel.
    private func hasArrows(_ layout: FigureLayout) -> Bool {
        func isBeyond(_ points: [(x: Double, y: Double)], _ x: PanelAxis, _ y: PanelAxis) -> Bool {
            points.contains {
                x.inside($0.x) != nil && y.place($0.y) != nil && y.inside($0.y) == nil
            }
        }
        guard let frame = layout.panels.first else { return false }
        let (x, y) = axes(frame)
        let ratio = layout.ratio.flatMap { frame in
            ranges.ratio.map { PanelAxis(range: $0, from: frame.bottom, to: frame.top) }
        }
        return figure.series.contains { series in
            isBeyond(series.points, x, y) || ratio.map { isBeyond(series.ratios, x, $0) } ?? false
        }
    }

    private func axes(_ frame: SceneBox) -> (x: PanelAxis, y: PanelAxis) {
        // The names of lying columns are read from above.
        let isLying = figure.series.contains { !$0.columns.isEmpty }
        return (
            PanelAxis(range: ranges.x, from: frame.left, to: frame.right),
            isLying
                ? PanelAxis(range: ranges.y, from: frame.top, to: frame.bottom)
                : PanelAxis(range: ranges.y, from: frame.bottom, to: frame.top)
        )
    }

    private mutating func draw(_ place: Int, _ frame: SceneBox, _ layout: FigureLayout) {
        let (x, y) = axes(frame)
        let panel = figure.panels[place]
        let drawing = PanelDrawing(figure: figure, plan: plan, frame: frame, x: x, y: y)
        let isLast = layout.isLowest(place) && layout.ratio == nil
        let edge = PanelEdge(frame: frame)
        edge.drawX(x, isLabelled: isLast, into: &picture)
        edge.drawY(y, isLabelled: layout.isFirst(place), into: &picture)
        picture.draw(drawing.cells(panel.cells, ranges.shade) + drawing.ground())
        for series in panel.series { picture.draw(drawing.draw(series)) }
        edge.close(into: &picture)
        for (line, text) in layout.names[place].enumerated() {
            let above = Double(layout.names[place].count - 1 - line)
            picture.write(
                SceneText(
                    text: text, x: frame.left, y: frame.top - 6 - FigureLayout.line * above,
                    isBold: true))
        }
        if place == 0 {
            let rows = SceneBox(
                left: frame.left, top: frame.top, right: frame.right,
                bottom: layout.panels.map { $0.bottom }.max() ?? frame.bottom)
            edge.writeBeside(layout.yLabels, rows, into: &picture)
        }
    }

    private mutating func drawRatios(_ frame: SceneBox, _ range: AxisRange, _ layout: FigureLayout)
    {
        let x = PanelAxis(range: ranges.x, from: frame.left, to: frame.right)
        let y = PanelAxis(range: range, from: frame.bottom, to: frame.top)
        let drawing = PanelDrawing(figure: figure, plan: plan, frame: frame, x: x, y: y)
        let edge = PanelEdge(frame: frame)
        edge.drawX(x, isLabelled: true, into: &picture)
        edge.drawY(y, isLabelled: true, into: &picture)
        let one = y.clamped(1)
        picture.draw(
            Pen(ink: .text, frame: frame).segment(
                (frame.left, one), (frame.right, one), dash: "3 4"))
        for panel in figure.panels {
            for series in panel.series { picture.draw(drawing.ratios(series)) }
        }
        edge.close(into: &picture)
        edge.writeBeside(layout.ratioLabels, frame, into: &picture)
    }
}
