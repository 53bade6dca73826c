/// Draws what surrounds a panel: its axes with their marks and numbers.
struct PanelEdge {
    let frame: SceneBox

    private var pen: Pen { Pen(ink: .text, frame: frame) }

    private func grid(_ path: String) -> String {
        "<path d=\"\(path)\" stroke=\"currentColor\" opacity=\"0.14\"/>"
    }

    /// The horizontal axis.
    func drawX(_ axis: PanelAxis, isLabelled: Bool, into scene: inout Scene) {
        let n = Markup.number
        let ticks = axis.ticks(gap: 9) { TextMetrics.width($0, size: SceneText.usual) }
        for tick in ticks {
            if tick.label != nil {
                scene.draw(grid("M\(n(tick.place)) \(n(frame.top))V\(n(frame.bottom))"))
            }
            let length = tick.label == nil ? 3.0 : 6
            scene.draw(pen.segment((tick.place, frame.bottom), (tick.place, frame.bottom + length)))
            guard isLabelled, let label = tick.label else { continue }
            scene.write(
                SceneText(text: label, x: tick.place, y: frame.bottom + 20, anchor: .middle))
        }
    }

    /// The vertical axis.
    func drawY(_ axis: PanelAxis, isLabelled: Bool, into scene: inout Scene) {
        let n = Markup.number
        for tick in axis.ticks(gap: 3, extent: { _ in 14 }) {
            if tick.label != nil {
                scene.draw(grid("M\(n(frame.left)) \(n(tick.place))H\(n(frame.right))"))
            }
            let length = tick.label == nil ? 3.0 : 6
            scene.draw(pen.segment((frame.left - length, tick.place), (frame.left, tick.place)))
            guard isLabelled, let label = tick.label else { continue }
            let lines = TextMetrics.lines(label, within: 180, size: SceneText.usual)
            let shown = lines.count > 1 ? lines[0] + "…" : label
            scene.write(
                SceneText(text: shown, x: frame.left - 9, y: tick.place + 4.7, anchor: .end))
        }
    }

    /// The lines of the axes.
    func close(into scene: inout Scene) {
        let n = Markup.number
        scene.draw(
            "<path d=\"M\(n(frame.left)) \(n(frame.top))V\(n(frame.bottom))H\(n(frame.right))\" "
                + "fill=\"none\" stroke=\"currentColor\"/>\n")
        scene.enclose(frame)
    }

    /// Lines of text beside the vertical axis of panels.
    func writeBeside(_ lines: [String], _ rows: SceneBox, into scene: inout Scene) {
        for (place, line) in lines.enumerated() {
            let half = TextMetrics.width(line, size: SceneText.usual) / 2
            let middle = max(half + 2, (rows.top + rows.bottom) / 2)
            scene.write(
                SceneText(
                    text: line, x: 19 + FigureLayout.line * Double(place), y: middle,
                    anchor: .middle,
                    isUpright: true))
        }
    }
}
