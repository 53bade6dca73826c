/// A strip of colours with the values that they stand for.
struct ColourBar {
    private let name: String
    private let inks: [Ink]
    /// What stands below, each at a part of the strip's length.
    private let labels: [(part: Double, text: String)]

    /// The strip of an order of series: a block a series.
    init(_ plan: InkPlan) {
        name = plan.familyName
        inks = plan.family.map { plan[$0.name].ink }
        let count = Double(plan.family.count)
        labels = plan.family.enumerated().map { ((Double($0) + 0.5) / count, $1.label) }
    }

    /// The strip of shaded cells.
    init(name: String, _ range: AxisRange) {
        self.name = name
        inks = (0..<40).map { Ink.ordered(Double($0) / 39) }
        let axis = PanelAxis(range: range, from: 0, to: 300)
        labels = axis.ticks(gap: 12) { TextMetrics.width($0, size: SceneText.usual) }.compactMap {
            tick in tick.label.map { (tick.place / 300, $0) }
        }
    }

    /// Draws it from a height on; returns where it ends.
    func draw(into scene: inout Scene, top: Double) -> Double {
        let size = SceneText.usual
        let names = TextMetrics.lines(name, within: 150, size: size)
        let nameWidth = names.map { TextMetrics.width($0, size: size) }.max() ?? 0
        let half = labels.map { TextMetrics.width($0.text, size: size) / 2 }.max() ?? 0
        let left = 8 + nameWidth + max(14, half + 10)
        let length = min(
            Scene.usualWidth - left - max(12, half + 4), max(300, 30 * Double(inks.count)))
        let step = length / Double(inks.count)
        let whole = SceneBox(left: left, top: top, right: left + length, bottom: top + 11)
        for (place, ink) in inks.enumerated() {
            let start = left + step * Double(place)
            let block = SceneBox(left: start, top: top, right: start + step, bottom: whole.bottom)
            scene.draw(Pen(ink: ink, frame: whole).block(block))
        }
        for (place, line) in names.enumerated() {
            scene.write(
                SceneText(text: line, x: 8, y: top + 11 + FigureLayout.line * Double(place)))
        }
        for label in shown(length) {
            scene.write(
                SceneText(
                    text: label.text, x: left + label.part * length, y: top + 26, anchor: .middle))
        }
        return top + max(32, 14 + FigureLayout.line * Double(names.count))
    }

    /// The labels that have room beside each other: every one, every second, and so on; the ends always.
    private func shown(_ length: Double) -> [(part: Double, text: String)] {
        for step in 1...max(1, labels.count) {
            let chosen = labels.enumerated().filter { $0.offset % step == 0 }.map { $0.element }
            let spans = chosen.map { label in
                (label.part * length, TextMetrics.width(label.text, size: SceneText.usual) / 2)
            }
            if zip(spans, spans.dropFirst()).allSatisfy({ $0.0 + $0.1 + 8 <= $1.0 - $1.1 }) {
                return chosen
            }
        }
        return Array(labels.prefix(1))
    }
}
