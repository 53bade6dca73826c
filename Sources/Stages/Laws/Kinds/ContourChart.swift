import Numerics
import System
import Workbench

/// Level lines of a law over two inputs on logarithmic axes, with points and a path.
struct ContourChart {
    let title: String
    let xLabel: String
    let yLabel: String
    let zLabel: String
    let points: [(x: Double, y: Double)]
    let heldOut: [(x: Double, y: Double)]
    /// The law, column by column.
    let value: ([Double], [Double]) -> [Double]
    /// The efficient frontier.
    var frontier: [(x: Double, y: Double)] = []

    init(
        title: String, xLabel: String, yLabel: String, zLabel: String,
        points: [(x: Double, y: Double)], heldOut: [(x: Double, y: Double)],
        value: @escaping ([Double], [Double]) -> [Double]
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.zLabel = zLabel
        self.points = points
        self.heldOut = heldOut
        self.value = value
    }

    func svg() -> String {
        let (left, right, top, bottom) = (74.0, 624.0, 34.0, 374.0)
        let all = points + heldOut
        let x = LogAxis(all.map { $0.x }, from: left, to: right)
        let y = LogAxis(all.map { $0.y }, from: bottom, to: top)
        let n = Markup.number
        var out =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 430\" "
            + "font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"currentColor\" "
            + "role=\"img\" style=\"max-width:100%;height:auto\"><title>\(Markup.escape(title))</title>"
            + "<text x=\"74\" y=\"20\" font-weight=\"600\" font-size=\"14\">\(Markup.escape(title))</text>"
        for tick in x.ticks {
            guard let label = tick.label else { continue }
            let place = n(x.place(tick.value))
            out +=
                "<path d=\"M\(place) \(n(bottom))v5\" stroke=\"currentColor\"/>"
                + "<text x=\"\(place)\" y=\"\(n(bottom + 19))\" text-anchor=\"middle\">\(label)</text>"
        }
        for tick in y.ticks {
            guard let label = tick.label else { continue }
            let place = y.place(tick.value)
            out +=
                "<path d=\"M\(n(left)) \(n(place))h-5\" stroke=\"currentColor\"/>"
                + "<text x=\"\(n(left - 9))\" y=\"\(n(place + 4.5))\" text-anchor=\"end\">\(label)</text>"
        }
        out += """
            <path d="M\(n(left)) \(n(top))V\(n(bottom))H\(n(right))" fill="none" \
            stroke="currentColor"/>\
            <text x="\(n((left + right) / 2))" y="416" \
            text-anchor="middle">\(Markup.escape(xLabel))</text>\
            <text transform="translate(17 \(n((top + bottom) / 2))) rotate(-90)" \
            text-anchor="middle">\(Markup.escape(yLabel))</text>
            """
        out += lines(x, y)
        let thinned = ThinnedPoints(all)
        for place in thinned.kept {
            let point = all[place]
            let isHeld = place >= points.count
            out +=
                "<circle cx=\"\(n(x.place(point.x)))\" cy=\"\(n(y.place(point.y)))\" r=\"2.4\" "
                + "fill=\"\(isHeld ? "#D55E00" : "#0072B2")\" opacity=\"0.8\"/>"
        }
        out += thinned.note(right: right, top: top)
        let path = frontier.map { (x.place($0.x), y.place($0.y)) }
            .filter { $0.0 >= left && $0.0 <= right && $0.1 >= top && $0.1 <= bottom }
            .map { "\(n($0.0)) \(n($0.1))" }
        if path.count > 1 {
            out += """
                <path d="M\(path.joined(separator: "L"))" fill="none" stroke="#009E73" \
                stroke-width="2.4"/>\
                <text x="\(n(right))" y="20" text-anchor="end" font-size="12" \
                fill="#009E73">compute-optimal under 6ND</text>
                """
        }
        return out + "</svg>\n"
    }

    /// Eight level lines by marching squares on a grid of 64 by 48 cells.
    private func lines(_ x: LogAxis, _ y: LogAxis) -> String {
        let (columns, rows) = (64, 48)
        let ten = 2.302585092994046
        var grid: [[Double]] = []
        let ns = (0...columns).map {
            Elementary.exp(ten * (x.low + (x.high - x.low) * Double($0) / Double(columns)))
        }
        for row in 0...rows {
            let d = Elementary.exp(ten * (y.low + (y.high - y.low) * Double(row) / Double(rows)))
            grid.append(value(ns, ns.map { _ in d }))
        }
        let values = grid.joined().sorted()
        guard let least = values.first, let most = values.last, most > least else { return "" }
        var out = ""
        for level in 1...8 {
            // Equal shares of the area between lines.
            let z = values[values.count * level / 9]
            out += contour(grid, z, x, y)
        }
        return out
    }

    private func contour(_ grid: [[Double]], _ z: Double, _ x: LogAxis, _ y: LogAxis) -> String {
        let n = Markup.number
        let (rows, columns) = (grid.count - 1, grid[0].count - 1)
        func place(_ row: Double, _ column: Double) -> (Double, Double) {
            (
                x.from + (x.to - x.from) * column / Double(columns),
                y.from + (y.to - y.from) * row / Double(rows)
            )
        }
        var path = ""
        var label: (Double, Double)?
        for row in 0..<rows {
            for column in 0..<columns {
                let corners = [
                    (row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column),
                ]
                var cuts: [(Double, Double)] = []
                for side in 0..<4 {
                    let (a, b) = (corners[side], corners[(side + 1) % 4])
                    let (va, vb) = (grid[a.0][a.1] - z, grid[b.0][b.1] - z)
                    if (va < 0) != (vb < 0) {
                        let t = va / (va - vb)
                        cuts.append(
                            place(
                                Double(a.0) + t * Double(b.0 - a.0),
                                Double(a.1) + t * Double(b.1 - a.1)))
                    }
                }
                for pair in stride(from: 0, to: cuts.count - 1, by: 2) {
                    path +=
                        "M\(n(cuts[pair].0)) \(n(cuts[pair].1))L\(n(cuts[pair + 1].0)) \(n(cuts[pair + 1].1))"
                    if column == columns - 3 && label == nil { label = cuts[pair] }
                }
            }
        }
        var out =
            "<path d=\"\(path)\" fill=\"none\" stroke=\"currentColor\" opacity=\"0.45\"/>"
        if let label {
            out += """
                <text x="\(n(label.0 - 4))" y="\(n(label.1 - 4))" font-size="11" \
                text-anchor="end">\(Markup.significant(z))</text>
                """
        }
        return out
    }
}
