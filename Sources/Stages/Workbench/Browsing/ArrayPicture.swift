/// Small pictures of arrays: a line of one dimension, a grey map of two.
enum ArrayPicture {
    /// The values of a vector as a line; of long ones so many as there is room for.
    static func line(count: Int, _ value: (Int) -> Double) -> String {
        let points = min(count, 240)
        let values = (0..<points).map { value($0 * (count - 1) / max(1, points - 1)) }
        let finite = values.filter { $0.isFinite }
        guard let low = finite.min(), let high = finite.max() else { return "" }
        let range = high > low ? high - low : 1
        var path = ""
        for (place, value) in values.enumerated() where value.isFinite {
            let x = 4 + 352 * Double(place) / Double(max(1, points - 1))
            let y = 76 - 72 * (value - low) / range
            path += "\(path.isEmpty ? "M" : "L")\(Markup.number(x)) \(Markup.number(y))"
        }
        return "<svg class=\"array\" viewBox=\"0 0 360 80\" role=\"img\"><title>From "
            + "\(Markup.significant(low)) to \(Markup.significant(high))"
            + (points < count ? ", \(points) of \(count) elements" : "")
            + "</title><path d=\"\(path)\" fill=\"none\" stroke=\"currentColor\" "
            + "stroke-width=\"1.5\"/></svg>"
    }

    /// The values of a matrix as squares, the largest the darkest.
    static func map(rows: Int, columns: Int, _ value: (Int) -> Double) -> String {
        let values = (0..<rows * columns).map(value)
        let finite = values.filter { $0.isFinite }
        guard let low = finite.min(), let high = finite.max(), high > low else { return "" }
        var out =
            "<svg class=\"array\" viewBox=\"0 0 \(columns) \(rows)\" role=\"img\" "
            + "shape-rendering=\"crispEdges\"><title>From \(Markup.significant(low)), the lightest, "
            + "to \(Markup.significant(high))</title>"
        for (place, value) in values.enumerated() where value.isFinite {
            let shade = Markup.number((value - low) / (high - low))
            out +=
                "<path d=\"M\(place % columns) \(place / columns)h1v1h-1z\" "
                + "fill=\"currentColor\" fill-opacity=\"\(shade)\"/>"
        }
        return out + "</svg>"
    }
}
