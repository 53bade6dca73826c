import Canon
import Numerics
import System

/// The rows of a chart, put together by panel, series and place.
struct ChartData {
    /// A point of one series in one panel, with all values that it stands for.
    struct Spot {
        let x: JSON
        var values: [Double] = []
        var ends: (low: Double, high: Double)?
        /// For a heat map: its row.
        var row = JSON.null
    }

    /// Panels and series by their name, each in the order of their values.
    private(set) var panels: [JSON] = []
    private(set) var series: [(name: String, value: Double?, key: JSON)] = []
    /// What is drawn, by panel and series.
    private(set) var spots: [[[Spot]]] = []
    /// What was left out, in words.
    private(set) var remarks: [String] = []
    /// How many repetitions a point has at most.
    private(set) var most = 0
    /// Whether the horizontal axis has names.
    private(set) var isNamed = false

    /// Puts the rows together.
    ///
    /// - Throws: ``FormatError`` naming the column or the row that does not fit.
    init(_ table: Table, _ request: ChartRequest) throws {
        func column(_ name: String) throws -> [JSON] {
            guard let values = table[column: name] else { throw FormatError(table.lacks(name)) }
            return values
        }
        let xs = try column(request.x)
        let facets = try request.facet.map(column) ?? xs.map { _ in .null }
        let keys = try request.series.map(column) ?? xs.map { _ in .null }
        if let over = request.over { _ = try column(over) }
        panels = ChartData.ordered(facets)
        isNamed = xs.contains { $0.double == nil && $0 != .null }
        let labels = ChartData.ordered(keys)
        for key in labels { series += request.y.map { ChartData.series(key, $0, request) } }
        spots = panels.map { _ in series.map { _ in [] } }
        let panelPlaces = ChartData.places(panels)
        let seriesPlaces = ChartData.places(labels)
        for (place, name) in request.y.enumerated() {
            let cells = try column(request.value ?? name)
            let rows = request.value == nil ? [] : try column(name)
            let lows = try request.low.map(column)
            let highs = try request.high.map(column)
            var missing = 0
            for row in xs.indices {
                let panel = panelPlaces[facets[row]] ?? 0
                let one = (seriesPlaces[keys[row]] ?? 0) * request.y.count + place
                if xs[row] == .null || cells[row] == .null {
                    missing += 1
                    continue
                }
                let number = try ChartData.number(cells[row], request.value ?? name, row, table)
                let other = rows.isEmpty ? JSON.null : rows[row]
                add(number, x: xs[row], row: other, to: (panel, one), joins: request.over != nil)
                if let lows, let highs, let low = lows[row].double, let high = highs[row].double {
                    spots[panel][one][spots[panel][one].count - 1].ends = (low, high)
                }
            }
            if missing > 0 {
                remarks.append(
                    "\(counted(missing, "row")) without `\(visible(request.value ?? name))`")
            }
        }
        sort()
        most = spots.joined().joined().map { $0.values.count }.max() ?? 0
        guard most > 0 else {
            throw FormatError(
                "nothing to draw: no row has `\(request.x)` and `\(request.y.joined(separator: "`, `"))`; "
                    + "expected one at least, found \(counted(table.rows.count, "row"))")
        }
    }

    private static func number(_ cell: JSON, _ name: String, _ row: Int, _ table: Table) throws
        -> Double
    {
        guard let number = cell.double else {
            throw FormatError(
                "\(table.place(ofRow: row)): `\(visible(name))`: expected a number, found \(cell.shown); "
                    + "name another column")
        }
        return number
    }

    private static func series(_ key: JSON, _ column: String, _ request: ChartRequest) -> (
        name: String, value: Double?, key: JSON
    ) {
        let own = request.y.count > 1 ? request.name(ofColumn: column) : ""
        guard let axis = request.series else { return (own, nil, key) }
        let label = request.label("series_label", axis)
        let value = request.name(of: key)
        let name = key.text == nil && !request.isNamed(key) ? "\(label) = \(value)" : value
        return (own.isEmpty ? name : "\(name), \(own)", own.isEmpty ? key.double : nil, key)
    }

    /// A value as people write it: large whole numbers in groups of three digits.
    static func label(_ value: JSON) -> String {
        if let whole = value.integer, whole.magnitude >= 1000, whole.magnitude < 1_000_000_000 {
            return whole < 0 ? "−\(GroupedDigits.text(-whole))" : GroupedDigits.text(whole)
        }
        return value.text ?? value.canonicalText
    }

    /// Adds a value to the spot that is there already, or as one of its own.
    private mutating func add(
        _ value: Double, x: JSON, row: JSON, to place: (panel: Int, series: Int), joins: Bool
    ) {
        let known = spots[place.panel][place.series].lastIndex { $0.x == x && $0.row == row }
        if joins, let known {
            spots[place.panel][place.series][known].values.append(value)
        } else {
            spots[place.panel][place.series].append(Spot(x: x, values: [value], row: row))
        }
    }

    private mutating func sort() {
        guard !isNamed else { return }
        for panel in spots.indices {
            for series in spots[panel].indices {
                let all = spots[panel][series].enumerated().sorted {
                    ($0.element.x.double ?? 0, $0.offset) < ($1.element.x.double ?? 0, $1.offset)
                }
                spots[panel][series] = all.map { $0.element }
            }
        }
    }

    /// Different values: numbers ascending, then others as they come.
    static func ordered(_ values: [JSON]) -> [JSON] {
        var seen: Set<JSON> = []
        let all = values.filter { seen.insert($0).inserted }
        let numbers = all.filter { $0.double != nil }.sorted { ($0.double ?? 0) < ($1.double ?? 0) }
        return numbers + all.filter { $0.double == nil }
    }

    private static func places(_ values: [JSON]) -> [JSON: Int] {
        Dictionary(values.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// All different places on the horizontal axis.
    var places: [JSON] { ChartData.ordered(spots.joined().joined().map { $0.x }) }
    /// All rows of a heat map.
    var rows: [JSON] { ChartData.ordered(spots.joined().joined().map { $0.row }) }
}
