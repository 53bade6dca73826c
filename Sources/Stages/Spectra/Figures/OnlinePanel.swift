import Canon
import Experiment
import Numerics
import System
import Workbench

/// How learning curves become one figure: theory as lines, simulations as points with their spread, the ratio
/// of the two below.
struct OnlinePanel {
    /// Simulations and theory by what the curves differ in.
    var groups, theories: [OnlineEnsemble]
    /// facts.json of theories.
    var facts: [(json: JSON, input: StageInput)] = []
    /// The axis that curves differ in.
    var axis = "levels"
    /// The theory's columns that are drawn, and the one that simulations are compared with.
    var columns = ["error"], compared = "error"
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

    /// What there is to draw.
    var figure: Figure {
        func axis(_ name: String, over unit: String) -> String {
            FigureAxis.spelled(name) + (unit.isEmpty ? "" : " / \(FigureAxis.spelled(unit))")
        }
        let drawn = groups.isEmpty && columns.count == 1 ? columns[0] : measured
        var figure = Figure(
            title: "", x: FigureAxis(axis("alpha", over: timeUnit)),
            y: FigureAxis(
                axis(drawn, over: valueUnit), scale: isLogarithmic ? .logarithmic : .linear))
        figure.title = "\(figure.y.label) against \(figure.x.label)"
        figure.ratioLabel = "SGD / theory"
        figure.barsAre = "from the least to the largest"
        figure.marksAre = FigureAxis.spelled(marks)
        figure.levelsAre = FigureAxis.spelled(levels)
        if isByColumn {
            figure.panels = [FigurePanel(series: columns.indices.map(columnSeries))]
            return figure
        }
        figure.lineKinds = columns.map(FigureAxis.spelled)
        figure.family = FigureAxis.spelled(self.axis)
        let all = labels().map(series).filter { !$0.points.isEmpty || !$0.lines.isEmpty }
        figure.panels = [FigurePanel(series: all)]
        if all.contains(where: { !$0.ratioBars.isEmpty }) {
            figure.barsAre += "; below, mean ± two standard errors"
        }
        return figure
    }

    /// A column of the first theory, and its member of the facts' list of levels.
    private func columnSeries(_ place: Int) -> FigureSeries {
        var series = FigureSeries(name: FigureAxis.spelled(columns[place]))
        series.lines = [FigureLine(line(theories.first?.label ?? .null, columns[place]))]
        let values = levels.isEmpty ? nil : facts.first?.json[levels]?.elements
        if let values, place < values.count, let value = values[place].double {
            series.levels = [value]
        }
        return series
    }

    private func labels() -> [JSON] {
        var seen: Set<JSON> = []
        let all = (groups + theories).map { $0.label }.filter { seen.insert($0).inserted }
        return all.allSatisfy { $0.double != nil }
            ? all.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : all
    }

    /// What a curve is called; a number behind the name of its axis.
    private func name(_ label: JSON) -> String {
        if label == .null { return "simulation" }
        let text = label.text ?? label.canonicalText
        return label.double == nil
            ? text : FigureSeries.name(text, of: FigureAxis.spelled(axis))
    }

    private func series(_ label: JSON) -> FigureSeries {
        var series = FigureSeries(name: name(label))
        series.value = label.double
        let (time, value) = (fact(label, timeUnit), fact(label, valueUnit))
        let (t, v) = (timeUnit.isEmpty ? 1 : time ?? .nan, valueUnit.isEmpty ? 1 : value ?? .nan)
        guard t > 0, v > 0 else { return series }
        if let group = groups.first(where: { $0.label == label }) {
            let found = group.points(measured, from: from)
            series.points = found.points.map { ($0.x / t, $0.y / v) }
            series.bars = found.bars.map { ($0.low / v, $0.high / v) }
            let ratios = ratios(group)
            series.ratios = ratios.points.map { ($0.x / t, $0.y) }
            series.ratioBars = ratios.bars
        }
        for (kind, column) in columns.enumerated() {
            let values = line(label, column).map { (x: $0.x / t, y: $0.y / v) }
            if values.count > 1 { series.lines.append(FigureLine(kind: kind, values)) }
        }
        if let mark = fact(label, marks) { series.marks = [mark / t] }
        if let level = fact(label, levels) { series.levels = [level / v] }
        return series
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
