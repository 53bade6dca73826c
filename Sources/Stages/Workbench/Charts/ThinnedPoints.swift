import Numerics

/// Which of many points a picture draws: some thousand look like a million, and a browser opens them.
package struct ThinnedPoints {
    /// The places of the points that are drawn, ascending.
    package let kept: [Int]
    /// How many there were.
    package let count: Int

    /// More points than this are thinned.
    package static let most = 3000

    /// Keeps every k-th point, and in each of 150 columns along x the lowest and the highest.
    ///
    /// The picture keeps its density and its outline. The same points give the same picture.
    package init(_ points: [(x: Double, y: Double)]) {
        count = points.count
        guard points.count > ThinnedPoints.most else {
            kept = Array(points.indices)
            return
        }
        let step = (points.count + 2399) / 2400
        var chosen = Set(stride(from: 0, to: points.count, by: step))
        let logs = points.map { $0.x > 0 && $0.x.isFinite ? Elementary.log($0.x) : 0 }
        let (low, high) = (logs.min() ?? 0, logs.max() ?? 0)
        var lowest = [Int?](repeating: nil, count: 150)
        var highest = lowest
        for place in points.indices where points[place].y.isFinite {
            let t = high > low ? (logs[place] - low) / (high - low) : 0
            let column = min(149, Int(150 * t))
            if lowest[column].map({ points[place].y < points[$0].y }) ?? true {
                lowest[column] = place
            }
            if highest[column].map({ points[place].y > points[$0].y }) ?? true {
                highest[column] = place
            }
        }
        chosen.formUnion((lowest + highest).compactMap { $0 })
        // The ends of x bound the axis.
        if let first = logs.indices.min(by: { logs[$0] < logs[$1] }) { chosen.insert(first) }
        if let last = logs.indices.max(by: { logs[$0] < logs[$1] }) { chosen.insert(last) }
        kept = chosen.sorted()
    }

    /// What a picture of these points says, at the top right of its frame; empty where it draws all.
    package func note(right: Double, top: Double) -> String {
        ThinnedPoints.note(drawn: kept.count, of: count, right: right, top: top)
    }

    /// What a picture says of points that it leaves out; empty where it draws all.
    static func note(drawn: Int, of count: Int, right: Double, top: Double) -> String {
        guard drawn < count else { return "" }
        return """
            <text x="\(Markup.number(right - 6))" y="\(Markup.number(top + 13))" text-anchor="end" \
            font-size="11" opacity="0.7">\(GroupedDigits.text(drawn)) of \(GroupedDigits.text(count)) \
            points drawn</text>
            """
    }
}
