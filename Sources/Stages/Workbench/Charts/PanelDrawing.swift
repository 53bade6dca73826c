/// Draws the data of one panel.
struct PanelDrawing {
    let figure: Figure
    let plan: InkPlan
    let frame: SceneBox
    let x, y: PanelAxis

    private var ink: Pen { Pen(ink: .text, frame: frame) }

    private func place(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
        guard let a = self.x.place(x), let b = self.y.place(y) else { return nil }
        return (a, b)
    }

    /// What lies under the data: what was held out, lines at the labelled values.
    func ground() -> String {
        var out = ""
        if let start = figure.heldOutFrom.map(x.clamped) {
            let box = SceneBox(
                left: start, top: frame.top, right: frame.right, bottom: frame.bottom)
            out += ink.block(box, opacity: 0.08)
        }
        for reference in figure.references {
            guard let place = (reference.isUpright ? x : y).inside(reference.value) else {
                continue
            }
            let (start, end) =
                reference.isUpright
                ? ((place, frame.top), (place, frame.bottom))
                : ((frame.left, place), (frame.right, place))
            out += ink.segment(start, end, dash: "3 4", width: 1.2)
        }
        return out
    }

    /// Cells, shaded by their place in the span of all cells.
    func cells(_ cells: [FigureCell], _ range: AxisRange) -> String {
        cells.map { cell in
            guard let measure = range.measure(cell.value) else { return "" }
            let part = (measure - range.low) / (range.high - range.low)
            let (left, right) = (
                x.clamped(Double(cell.column) - 0.5), x.clamped(Double(cell.column) + 0.5)
            )
            let (a, b) = (y.clamped(Double(cell.row) - 0.5), y.clamped(Double(cell.row) + 0.5))
            let box = SceneBox(left: left, top: min(a, b), right: right, bottom: max(a, b))
            return Pen(ink: .ordered(part), frame: frame).block(box)
        }.joined()
    }

    /// A series, from its band up to its points.
    func draw(_ series: FigureSeries) -> String {
        let style = plan[series.name]
        let pen = Pen(ink: style.ink, frame: frame)
        return band(series, pen) + edges(series, pen) + lines(series, style, pen)
            + columns(series, pen) + bars(series, pen) + points(series, style, pen)
    }

    private func band(_ series: FigureSeries, _ pen: Pen) -> String {
        let band = series.band.filter { x.inside($0.x) != nil && !$0.high.isNaN && !$0.low.isNaN }
        let upper = band.map { (x: x.clamped($0.x), y: y.clamped($0.high)) }
        let lower = band.reversed().map { (x: x.clamped($0.x), y: y.clamped($0.low)) }
        return pen.area(upper + lower)
    }

    private func edges(_ series: FigureSeries, _ pen: Pen) -> String {
        let marks = series.marks.compactMap(x.inside).map {
            pen.segment(($0, frame.top), ($0, frame.bottom), dash: "5 5", width: 1.6)
        }
        let levels = series.levels.compactMap(y.inside).map {
            pen.segment((frame.right - 44, $0), (frame.right, $0), width: 2.6)
        }
        return (marks + levels).joined()
    }

    private func lines(_ series: FigureSeries, _ style: InkPlan.Style, _ pen: Pen) -> String {
        series.lines.map { line in
            let pieces = line.pieces.flatMap { piece in
                // A value without a place parts a line.
                piece.map { place($0.x, $0.y) }.split { $0 == nil }.map { $0.compactMap { $0 } }
            }
            let dash = figure.lineKinds.count > 1 ? line.kind % 4 : style.dash
            return pen.paths(pieces, dash: Pen.dashes[dash], width: 1.8)
        }.joined()
    }

    /// Lying columns, those of several series beside each other.
    private func columns(_ series: FigureSeries, _ pen: Pen) -> String {
        let names = figure.names
        let own = names.firstIndex(of: series.name) ?? 0
        let high = (y.clamped(1) - y.clamped(0)).magnitude * 0.8 / Double(max(1, names.count))
        return series.columns.enumerated().map { place, column in
            guard let end = x.place(column.value) else { return "" }
            let middle =
                y.clamped(column.place) + (Double(own) - Double(names.count - 1) / 2) * high
            let zero = x.clamped(0)
            let box = SceneBox(
                left: min(zero, end), top: middle - high / 2 + 0.5, right: max(zero, end),
                bottom: middle + high / 2 - 0.5)
            guard series.bars.indices.contains(place) else { return pen.block(box) }
            let bar = series.bars[place]
            return pen.block(box)
                + ink.segment(
                    (x.clamped(bar.low), middle), (x.clamped(bar.high), middle), width: 1.3)
        }.joined()
    }

    private func bars(_ series: FigureSeries, _ pen: Pen) -> String {
        guard series.columns.isEmpty else { return "" }
        return ThinnedPoints(series.points).kept.map { index -> String in
            guard series.bars.indices.contains(index) else { return "" }
            let bar = series.bars[index]
            guard let at = x.inside(series.points[index].x), bar.high > bar.low, !bar.low.isNaN
            else {
                return ""
            }
            let (a, b) = (y.clamped(bar.low), y.clamped(bar.high))
            return a == b ? "" : pen.segment((at, a), (at, b), width: 1.3)
        }.joined()
    }

    private func points(_ series: FigureSeries, _ style: InkPlan.Style, _ pen: Pen) -> String {
        ThinnedPoints(series.points).kept.map { index in
            let point = series.points[index]
            guard let at = x.inside(point.x), let height = y.place(point.y) else { return "" }
            if let inside = y.inside(point.y) { return pen.marker(style.marker, (at, inside)) }
            return pen.arrow(at, isUp: height < frame.top)
        }.joined()
    }

    /// Points over the lines that they are compared with.
    func ratios(_ series: FigureSeries) -> String {
        var own = series
        own.points = series.ratios
        own.bars = series.ratioBars
        let style = plan[series.name]
        let pen = Pen(ink: style.ink, frame: frame)
        return bars(own, pen)
            + ThinnedPoints(own.points).kept.map { index in
                let point = own.points[index]
                guard let at = x.inside(point.x), let height = y.place(point.y) else { return "" }
                if let inside = y.inside(point.y) {
                    return pen.marker(style.marker, (at, inside), size: 0.75)
                }
                return pen.arrow(at, isUp: height < frame.top)
            }.joined()
    }
}
