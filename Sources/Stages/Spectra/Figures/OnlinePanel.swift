import Canon
import Experiment
import Numerics
import System
import Workbench

/// How learning curves become one chart: theory as lines, simulations as points with their spread, the ratio
/// of the two below.
struct OnlinePanel {
    /// Simulations and theory by what the curves differ in.
    var groups, theories: [OnlineEnsemble]
    /// facts.json of theories.
    var facts: [(json: JSON, input: StageInput)] = []
    /// The axis that curves differ in, and its symbol.
    var axis = "levels", symbol = "L"
    /// The theory's columns that are drawn, how they are called, and the one that simulations are
    /// compared with.
    var columns = ["error"], names: [String] = [], compared = "error"
    /// The simulations' column.
    var measured = "error"
    /// Members of facts: places on the time axis, values, and units of time and of the value.
    var marks = "", levels = "", timeUnit = "", valueUnit = ""
    /// The least time that is shown.
    var from = 0.0
    /// Whether values stand on a logarithmic axis.
    var isLogarithmic = true
    /// Whether every column is a curve of its own, rather than every label.
    var isByColumn = false

    /// Fills a chart.
    func draw(into chart: inout StackedChart) {
        chart.kinds = isByColumn ? [] : columns.indices.map(columnName)
        if isByColumn {
            chart.curves += columns.indices.map(columnCurve)
            return
        }
        for label in labels() { chart.curves.append(curve(label)) }
        chart.curves.removeAll { $0.points.isEmpty && $0.lines.isEmpty }
    }

    /// A column of the first theory, and its member of the facts' list of levels.
    private func columnCurve(_ place: Int) -> StackedChart.Curve {
        var curve = StackedChart.Curve(name: columnName(place))
        curve.lines = [(0, line(theories.first?.label ?? .null, columns[place]))]
        let values = levels.isEmpty ? nil : facts.first?.json[levels]?.elements
        if let values, place < values.count, let value = values[place].double {
            curve.levels = [value]
        }
        return curve
    }

    private func columnName(_ place: Int) -> String {
        place < names.count ? names[place] : columns[place]
    }

    private func labels() -> [JSON] {
        var seen: Set<JSON> = []
        let all = (groups + theories).map { $0.label }.filter { seen.insert($0).inserted }
        return all.allSatisfy { $0.double != nil }
            ? all.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : all
    }

    private func curve(_ label: JSON) -> StackedChart.Curve {
        let name =
            label == .null ? "simulation" : "\(symbol) = \(label.text ?? label.canonicalText)"
        var curve = StackedChart.Curve(name: name)
        let (time, value) = (fact(label, timeUnit), fact(label, valueUnit))
        let (t, v) = (timeUnit.isEmpty ? 1 : time ?? .nan, valueUnit.isEmpty ? 1 : value ?? .nan)
        guard t > 0, v > 0 else { return curve }
        if let group = groups.first(where: { $0.label == label }) {
            let found = group.points(measured, from: from)
            curve.points = found.points.map { ($0.x / t, $0.y / v) }
            curve.bars = found.bars.map { ($0.low / v, $0.high / v) }
            let ratios = ratios(group)
            curve.ratios = ratios.points.map { ($0.x / t, $0.y) }
            curve.ratioBars = ratios.bars
        }
        for (kind, column) in columns.enumerated() {
            let values = line(label, column).map { (x: $0.x / t, y: $0.y / v) }
            if values.count > 1 { curve.lines.append((kind, values)) }
        }
        if let mark = fact(label, marks) { curve.marks = [mark / t] }
        if let level = fact(label, levels) { curve.levels = [level / v] }
        return curve
    }

    private func fact(_ label: JSON, _ name: String) -> Double? {
        if name.isEmpty { return nil }
        let found = facts.first { fact in
            label == .null
                || fact.input.coordinates.contains {
                    $0.axis == axis && ($0.value["name"] ?? $0.value) == label
                }
        }
        return found?.json[name]?.double
    }

    /// The theory's values on its own grid, averaged over starts; on a logarithmic axis their logarithms are.
    private func line(_ label: JSON, _ column: String) -> [(x: Double, y: Double)] {
        guard let theory = theories.first(where: { $0.label == label }),
            let first = theory.curves.first
        else { return [] }
        return first.alpha.filter { $0 > 0 && $0 >= from }.compactMap { alpha in
            let values = theory.curves.compactMap { $0.value(at: alpha, column: column) }
            guard values.count == theory.curves.count, values.allSatisfy({ $0.isFinite }) else {
                return nil
            }
            if isLogarithmic, values.count > 1, values.allSatisfy({ $0 > 0 }) {
                let sum = values.reduce(0) { $0 + Elementary.log($1) }
                return (alpha, Elementary.exp(sum / Double(values.count)))
            }
            return (alpha, values.reduce(0, +) / Double(values.count))
        }
    }

    /// Simulations over theory, each over that of its own start where theories have starts: mean
    /// and twice its standard error.
    private func ratios(_ group: OnlineEnsemble) -> (
        points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]
    ) {
        var result: (points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]) = (
            [], []
        )
        guard let theory = theories.first(where: { $0.label == group.label }) else { return result }
        for place in group.shown(from: from) {
            let alpha = group.alpha[place]
            let ratios = group.curves.compactMap { curve -> Double? in
                let own =
                    theory.curves.count == 1
                    ? theory.curves.first
                    : theory.curves.first { $0.input.coordinates == curve.input.coordinates }
                guard let expected = own?.value(at: alpha, column: compared), expected > 1e-14,
                    let found = curve.column(measured)?[place]
                else { return nil }
                return found / expected
            }
            guard ratios.count == group.curves.count, !ratios.isEmpty else { continue }
            let moments = OnlineEnsemble.moments(ratios)
            result.points.append((alpha, moments.mean))
            result.bars.append((moments.mean - 2 * moments.error, moments.mean + 2 * moments.error))
        }
        return result
    }
}
