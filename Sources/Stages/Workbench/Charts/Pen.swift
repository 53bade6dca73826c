/// Strokes and markers of one colour, cut off where they leave their frame.
struct Pen {
    let ink: Ink
    let frame: SceneBox

    /// Solid, dashed, dotted, both.
    static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

    private func n(_ value: Double) -> String { Markup.number(value) }

    /// A straight line.
    func segment(
        _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), dash: String = "",
        width: Double = 1
    ) -> String {
        "<path d=\"M\(n(a.x)) \(n(a.y))L\(n(b.x)) \(n(b.y))\" fill=\"none\" stroke=\"\(ink.markup)\" "
            + "stroke-width=\"\(n(width))\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")/>"
    }

    /// Lines through places.
    func paths(_ pieces: [[(x: Double, y: Double)]], dash: String, width: Double) -> String {
        var path = ""
        for piece in pieces {
            var pen: (x: Double, y: Double)?
            for (a, b) in zip(piece, piece.dropFirst()) {
                guard let (from, to) = clip(a, b) else { continue }
                if pen?.x != from.x || pen?.y != from.y { path += "M\(n(from.x)) \(n(from.y))" }
                path += "L\(n(to.x)) \(n(to.y))"
                pen = to
            }
        }
        if path.isEmpty { return "" }
        return
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(ink.markup)\" stroke-width=\"\(n(width))\""
            + " stroke-linejoin=\"round\""
            + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>"
    }

    /// The part of a segment within the frame, by Liang and Barsky's way.
    private func clip(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> (
        (x: Double, y: Double), (x: Double, y: Double)
    )? {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        var (first, last) = (0.0, 1.0)
        let walls = [
            (-dx, a.x - frame.left), (dx, frame.right - a.x), (-dy, a.y - frame.top),
            (dy, frame.bottom - a.y),
        ]
        for (step, room) in walls {
            if step == 0 {
                if room < 0 { return nil }
            } else if step < 0 {
                first = max(first, room / step)
            } else {
                last = min(last, room / step)
            }
        }
        guard first <= last else { return nil }
        let from = first == 0 ? a : (a.x + first * dx, a.y + first * dy)
        return (from, last == 1 ? b : (a.x + last * dx, a.y + last * dy))
    }

    /// A shaded area.
    func area(_ outline: [(x: Double, y: Double)]) -> String {
        if outline.count < 3 { return "" }
        let path = outline.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L")
        return "<path d=\"M\(path)Z\" fill=\"\(ink.markup)\" opacity=\"0.2\"/>"
    }

    /// A filled rectangle.
    func block(_ box: SceneBox, opacity: Double = 1) -> String {
        "<rect x=\"\(n(box.left))\" y=\"\(n(box.top))\" width=\"\(n(box.width))\" "
            + "height=\"\(n(box.height))\" fill=\"\(ink.markup)\""
            + (opacity < 1 ? " opacity=\"\(n(opacity))\"" : "") + "/>"
    }

    /// A marker; shapes repeat what colours say.
    func marker(_ shape: Int, _ place: (x: Double, y: Double), size: Double = 1) -> String {
        let (x, y, r) = (place.x, place.y, 3.3 * size)
        let fill = "fill=\"\(ink.markup)\""
        switch shape % 4 {
        case 0: return "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(r))\" \(fill)/>"
        case 1:
            return
                "<path d=\"M\(n(x - r)) \(n(y - r))h\(n(2 * r))v\(n(2 * r))h-\(n(2 * r))Z\" \(fill)/>"
        case 2:
            return "<path d=\"M\(n(x)) \(n(y - 1.3 * r))l\(n(1.25 * r)) \(n(2.2 * r))"
                + "h-\(n(2.5 * r))Z\" \(fill)/>"
        default:
            let d = 1.4 * r
            return "<path d=\"M\(n(x)) \(n(y - d))l\(n(d)) \(n(d))l-\(n(d)) \(n(d))"
                + "l-\(n(d)) -\(n(d))Z\" \(fill)/>"
        }
    }

    /// An arrow at the edge of the frame: the point lies beyond it.
    func arrow(_ x: Double, isUp: Bool) -> String {
        let edge = isUp ? frame.top : frame.bottom
        let back = isUp ? 6.0 : -6.0
        return "<path d=\"M\(n(x - 3.5)) \(n(edge + back))l3.5 \(n(-back))l3.5 \(n(back))Z\" "
            + "fill=\"none\" stroke=\"\(ink.markup)\"/>"
    }
}
