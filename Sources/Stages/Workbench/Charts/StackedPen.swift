/// Strokes of one colour.
struct StackedPen {
    let color: String

    /// Solid, dashed, dotted, both.
    static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

    private func n(_ value: Double) -> String { Markup.number(value) }

    /// A straight line.
    func segment(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, dash: String, width: Double
    ) -> String {
        "<path d=\"M\(n(x1)) \(n(y1))L\(n(x2)) \(n(y2))\" fill=\"none\" stroke=\"\(color)\" "
            + "stroke-width=\"\(n(width))\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")/>"
    }

    /// A line through points, cut off where it leaves the panel.
    func path(
        _ points: [(x: Double, y: Double)], between low: Double, and high: Double, dash: String
    )
        -> String
    {
        var pieces = ""
        var last: (x: Double, y: Double)?
        var isDown = false
        for point in points where point.y.isFinite {
            defer { last = point }
            guard let from = last else { continue }
            guard let (a, b) = StackedPen.clip(from, point, low, high) else {
                isDown = false
                continue
            }
            if !isDown || a.x != from.x { pieces += "M\(n(a.x)) \(n(a.y))" }
            pieces += "L\(n(b.x)) \(n(b.y))"
            isDown = b.x == point.x && b.y == point.y
        }
        if pieces.isEmpty { return "" }
        return "<path d=\"\(pieces)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.7\""
            + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>"
    }

    /// The part of a segment between two heights; `nil` where there is none.
    static func clip(
        _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ low: Double, _ high: Double
    ) -> ((x: Double, y: Double), (x: Double, y: Double))? {
        func cut(_ inside: (x: Double, y: Double), _ outside: (x: Double, y: Double)) -> (
            x: Double, y: Double
        ) {
            let edge = outside.y < low ? low : high
            if (low...high).contains(outside.y) { return outside }
            let part = (edge - inside.y) / (outside.y - inside.y)
            return (inside.x + part * (outside.x - inside.x), edge)
        }
        let (hasA, hasB) = ((low...high).contains(a.y), (low...high).contains(b.y))
        if hasA { return (a, cut(a, b)) }
        if hasB { return (cut(b, a), b) }
        return nil
    }

    /// A marker; shapes repeat what colours say.
    func marker(_ index: Int, _ x: Double, _ y: Double, size: Double = 1) -> String {
        let r = 3.1 * size
        let fill = "fill=\"\(color)\""
        switch index % 4 {
        case 0: return "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(r))\" \(fill)/>"
        case 1:
            return
                "<path d=\"M\(n(x - r)) \(n(y - r))h\(n(2 * r))v\(n(2 * r))h-\(n(2 * r))Z\" \(fill)/>"
        case 2:
            return """
                <path d="M\(n(x)) \(n(y - 1.3 * r))l\(n(1.25 * r)) \(n(2.2 * r))h-\(n(2.5 * r))Z" \
                \(fill)/>
                """
        default:
            let d = 1.4 * r
            return """
                <path d="M\(n(x)) \(n(y - d))l\(n(d)) \(n(d))l-\(n(d)) \(n(d))l-\(n(d)) -\(n(d))Z" \
                \(fill)/>
                """
        }
    }

    /// An arrow at the edge of a panel: the point lies beyond it.
    func arrow(_ x: Double, isUp: Bool, _ top: Double, _ bottom: Double) -> String {
        isUp
            ? "<path d=\"M\(n(x - 3)) \(n(top + 5))l3 -5l3 5Z\" fill=\"none\" stroke=\"\(color)\"/>"
            : "<path d=\"M\(n(x - 3)) \(n(bottom - 5))l3 5l3 -5Z\" fill=\"none\" stroke=\"\(color)\"/>"
    }
}
