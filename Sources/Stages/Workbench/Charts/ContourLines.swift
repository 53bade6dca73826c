import Numerics

/// Level lines of a function of two positive numbers, over logarithmic axes.
package struct ContourLines {
    private var lines: [(level: Double, pieces: [[(x: Double, y: Double)]])] = []

    private static let (columns, rows) = (64, 48)

    /// Finds lines on a grid of 64 by 48 cells over what `x` and `y` span, by marching squares.
    ///
    /// Between two lines lie equal shares of the area. The function takes columns of its inputs.
    package init(
        x: [Double], y: [Double], levels count: Int = 8, value: ([Double], [Double]) -> [Double]
    ) {
        let (across, up) = (AxisRange(x, .logarithmic), AxisRange(y, .logarithmic))
        let xs = (0...ContourLines.columns).map {
            across.value(at: Double($0) / Double(ContourLines.columns))
        }
        let ys = (0...ContourLines.rows).map {
            up.value(at: Double($0) / Double(ContourLines.rows))
        }
        let grid = ys.map { y in value(xs, xs.map { _ in y }) }
        let values = grid.joined().filter { $0.isFinite }.sorted()
        guard let least = values.first, let most = values.last, most > least else { return }
        var seen: Set<Double> = []
        for place in 1...count {
            let level = values[values.count * place / (count + 1)]
            guard seen.insert(level).inserted else { continue }
            lines.append((level, ContourLines.pieces(grid, level, across, up)))
        }
    }

    /// A series for each level, from the lowest; the level is its place in the order.
    package var series: [FigureSeries] {
        lines.map { line in
            var series = FigureSeries(name: Markup.significant(line.level, 4))
            series.value = line.level
            series.lines = [FigureLine(pieces: line.pieces)]
            return series
        }
    }

    private static func pieces(_ grid: [[Double]], _ level: Double, _ x: AxisRange, _ y: AxisRange)
        -> [[(x: Double, y: Double)]]
    {
        var pieces: [[(x: Double, y: Double)]] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let corners = [
                    (row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column),
                ]
                var cuts: [(x: Double, y: Double)] = []
                for side in 0..<4 {
                    let (a, b) = (corners[side], corners[(side + 1) % 4])
                    let (from, to) = (grid[a.0][a.1] - level, grid[b.0][b.1] - level)
                    guard from.isFinite, to.isFinite, (from < 0) != (to < 0) else { continue }
                    let t = from / (from - to)
                    let (r, c) = (
                        Double(a.0) + t * Double(b.0 - a.0), Double(a.1) + t * Double(b.1 - a.1)
                    )
                    cuts.append((x.value(at: c / Double(columns)), y.value(at: r / Double(rows))))
                }
                for pair in stride(from: 0, to: cuts.count - 1, by: 2) {
                    pieces.append([cuts[pair], cuts[pair + 1]])
                }
            }
        }
        return pieces
    }
}
