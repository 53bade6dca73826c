/// Where the parts of a figure stand.
struct FigureLayout {
    /// The title in lines.
    let titles: [String]
    /// The lines beside the vertical axes.
    let yLabels, ratioLabels: [String]
    /// The names of panels in lines.
    let names: [[String]]
    /// The panels, row by row.
    private(set) var panels: [SceneBox] = []
    /// The panel of ratios.
    private(set) var ratio: SceneBox?
    /// How many panels stand side by side.
    let columns: Int

    /// The distance of lines of text.
    static let line = 17.0
    private static let width = Scene.usualWidth

    init(_ figure: Figure, _ ranges: FigureRanges, room: Double) {
        titles = TextMetrics.lines(
            figure.title, within: FigureLayout.width - 16, size: SceneText.large, isBold: true)
        columns = FigureLayout.columns(figure.panels.count)
        let height = FigureLayout.height(figure)
        let rows = (figure.panels.count + columns - 1) / columns
        // In a column of several panels the label has all of their height.
        yLabels = TextMetrics.lines(
            figure.y.label, within: height * Double(max(1, rows)), size: SceneText.usual)
        ratioLabels =
            ranges.ratio == nil
            ? [] : TextMetrics.lines(figure.ratioLabel, within: 92, size: SceneText.usual)
        let left = FigureLayout.left(figure, ranges, lines: max(yLabels.count, ratioLabels.count))
        let ticks = FigureLayout.xWidest(figure, ranges)
        let right = FigureLayout.width - max(12, min(40, ticks / 2), room)
        let gap = FigureLayout.gap(columns, ticks)
        let panelWidth = (right - left - gap * Double(columns - 1)) / Double(columns)
        names = figure.panels.map {
            TextMetrics.lines($0.name, within: panelWidth, size: SceneText.usual, isBold: true)
        }
        let nameHeight = FigureLayout.line * Double(names.map { $0.count }.max() ?? 0)
        var top = 10 + 19 * Double(titles.count) + 6
        for row in 0..<rows {
            top += nameHeight
            for column in 0..<min(columns, figure.panels.count - row * columns) {
                let start = left + Double(column) * (panelWidth + gap)
                panels.append(
                    SceneBox(left: start, top: top, right: start + panelWidth, bottom: top + height)
                )
            }
            top += height + (row < rows - 1 ? 14 : 0)
        }
        if ranges.ratio != nil, let last = panels.last {
            ratio = SceneBox(left: last.left, top: top + 16, right: last.right, bottom: top + 102)
        }
    }

    /// How many panels stand side by side: seven or more in threes, so that a page holds them.
    private static func columns(_ panels: Int) -> Int { panels > 6 ? 3 : panels > 1 ? 2 : 1 }

    /// How far panels stand apart: numbers at the ends of their axes have room.
    private static func gap(_ columns: Int, _ ticks: Double) -> Double {
        switch columns {
        case 1: 0
        case 2: max(18, min(80, ticks + 6))
        default: max(18, min(60, ticks / 2 + 14))
        }
    }

    /// How high a panel is.
    private static func height(_ figure: Figure) -> Double {
        if figure.series.contains(where: { !$0.columns.isEmpty }),
            case .names(let names) = figure.y.scale
        {
            return max(90, Double(names.count) * max(24, 13 * Double(figure.names.count) + 8))
        }
        if figure.series.contains(where: { !$0.ratios.isEmpty }) { return 250 }
        return [276, 164, 124][columns(figure.panels.count) - 1]
    }

    private static func left(_ figure: Figure, _ ranges: FigureRanges, lines: Int) -> Double {
        func widest(_ range: AxisRange) -> Double { PanelAxis(range: range, from: 1, to: 0).widest }
        let ticks = max(widest(ranges.y), ranges.ratio.map(widest) ?? 0)
        return 8 + line * Double(lines) + 4 + min(ticks, 180) + 9
    }

    private static func xWidest(_ figure: Figure, _ ranges: FigureRanges) -> Double {
        PanelAxis(range: ranges.x, from: 0, to: 1).widest
    }

    /// Where the lowest panel ends.
    var bottom: Double { max(ratio?.bottom ?? 0, panels.map { $0.bottom }.max() ?? 0) }

    /// Where all panels begin and end sideways.
    var left: Double { panels.first?.left ?? 0 }
    var right: Double { panels.map { $0.right }.max() ?? 0 }

    /// Whether a panel shows the numbers of its horizontal axis: none stands below it.
    func isLowest(_ place: Int) -> Bool { place + columns >= panels.count }

    /// Whether a panel shows the numbers of its vertical axis.
    func isFirst(_ place: Int) -> Bool { place % columns == 0 }
}
