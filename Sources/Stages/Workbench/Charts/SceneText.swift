/// A line of text at its place in a picture.
package struct SceneText {
    /// Which end of the text stands at its place.
    package enum Anchor: String {
        case start, middle, end
    }

    /// What it says.
    package let text: String
    /// Where its line stands.
    package let x, y: Double
    /// The size of its letters.
    package var size = SceneText.usual
    /// Which end stands at the place.
    package var anchor = Anchor.start
    /// Whether it is read from below, as beside a vertical axis.
    package var isUpright = false
    /// Whether it is set in bold.
    package var isBold = false

    /// The size of most text; at 84 mm a picture of ``Scene/usualWidth`` shows it in 6.7 points.
    static let usual = 13.5
    /// The size of titles.
    static let large = 15.0

    /// What it covers.
    package var box: SceneBox {
        let width = TextMetrics.width(text, size: size, isBold: isBold)
        let levels = Set(PowerText(text).runs.map { $0.level })
        let up = size * (levels.contains(.raised) ? 0.95 : TextMetrics.ascent)
        let down = size * (levels.contains(.lowered) ? 0.34 : TextMetrics.descent)
        let before = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
        if isUpright {
            return SceneBox(
                left: x - up, top: y - (width - before), right: x + down, bottom: y + before)
        }
        return SceneBox(left: x - before, top: y - up, right: x - before + width, bottom: y + down)
    }

    /// The element.
    func svg() -> String {
        let n = Markup.number
        var head = isUpright ? " transform=\"translate(\(n(x)) \(n(y))) rotate(-90)\"" : ""
        if !isUpright { head = " x=\"\(n(x))\" y=\"\(n(y))\"" }
        if anchor != .start { head += " text-anchor=\"\(anchor.rawValue)\"" }
        if size != SceneText.usual { head += " font-size=\"\(n(size))\"" }
        if isBold { head += " font-weight=\"600\"" }
        return "<text\(head)>\(inside())</text>"
    }

    private func inside() -> String {
        let n = Markup.number
        var height = 0.0
        return PowerText(text).runs.reduce(into: "") { out, run in
            let words = Markup.escape(run.text)
            let next = TextMetrics.height(of: run.level)
            if next == height {
                out += words
            } else {
                let small = " font-size=\"\(n(TextMetrics.indexSize * size))\""
                out += "<tspan dy=\"\(n((height - next) * size))\"\(next == 0 ? "" : small)>"
                out += "\(words)</tspan>"
            }
            height = next
        }
    }
}
