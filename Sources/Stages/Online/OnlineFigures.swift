import Cache
import Numerics
import Pipeline

/// The figures of learning curves: theory as lines, simulations as points with their spread, and what lies
/// between them.
struct OnlineFigures {
    let groups, theories: [OnlineEnsemble]
    let facts: [(json: JSON, input: StageInput)]
    let symbol, column: String
    let exponent: Double?
    let axis: String

    /// Draws all that there is.
    func add(to page: inout ReportPage) {
        var figures: [(svg: String, caption: String)] = []
        if !groups.isEmpty || !theories.isEmpty {
            page.heading("Learning curves")
            figures.append(
                (
                    curves().svg(),
                    "Points: mean over seeds, bars from the least to the largest. Lines: theory, the mean of its logarithm over starts where it has several."
                ))
        }
        if let chart = residuals() {
            figures.append(
                (
                    chart.svg(),
                    "Simulation over theory. Where a curve falls steeply, a small shift in time is a large factor."
                ))
        }
        if let chart = exponents() {
            figures.append(
                (
                    chart.svg(),
                    "−d ln ε/d ln α of the theory within a factor 1.5 of each time; below 0.01 drawn at 0.01."
                ))
        }
        if let chart = collapse() {
            figures.append(
                (
                    chart.svg(),
                    "Time in units of the escape time: what is left over is how the start is forgotten and which eigenspaces settle first."
                ))
        }
        if !figures.isEmpty { page.figures(figures) }
    }

    private func labels() -> [JSON] {
        var seen: Set<JSON> = []
        return (groups.map { $0.label } + theories.map { $0.label }).filter {
            seen.insert($0).inserted
        }
    }

    private func name(_ label: JSON) -> String {
        label == .null ? "simulation" : "\(symbol) = \(label.text ?? label.canonicalText)"
    }

    /// The theory's values on its own grid, averaged over starts in logarithms.
    private func line(_ label: JSON) -> [(x: Double, y: Double)] {
        guard let theory = theories.first(where: { $0.label == label }),
            let first = theory.curves.first
        else { return [] }
        return first.alpha.filter { $0 > 0 }.compactMap { alpha in
            value(theory, alpha).map { (x: alpha, y: $0) }
        }
    }

    private func value(_ theory: OnlineEnsemble, _ alpha: Double) -> Double? {
        let values = theory.curves.compactMap { $0.value(at: alpha, column: column) }
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 }) else { return nil }
        return Elementary.exp(
            values.reduce(0) { $0 + Elementary.log($1) } / Double(values.count))
    }

    private func curves() -> Chart {
        var chart = Chart(
            title: "Generalisation error", xLabel: "time α = examples / N",
            yLabel: "generalisation error")
        for label in labels() {
            var series = Chart.Series(name: name(label))
            if let group = groups.first(where: { $0.label == label }) {
                (series.points, series.bars) = group.points()
            }
            series.line = line(label)
            chart.series.append(series)
        }
        return chart
    }

    private func residuals() -> Chart? {
        var chart = Chart(
            title: "Simulation over theory", xLabel: "time α = examples / N", yLabel: "ratio")
        chart.level = (1, "equal")
        for label in labels() {
            guard let group = groups.first(where: { $0.label == label }),
                let theory = theories.first(where: { $0.label == label })
            else { continue }
            var series = Chart.Series(name: name(label))
            let (points, bars) = group.points()
            for (point, bar) in zip(points, bars) {
                guard let expected = value(theory, point.x), expected > 1e-14 else { continue }
                series.points.append((point.x, point.y / expected))
                series.bars.append((bar.low / expected, bar.high / expected))
            }
            if !series.points.isEmpty { chart.series.append(series) }
        }
        return chart.series.isEmpty ? nil : chart
    }

    private func exponents() -> Chart? {
        var chart = Chart(
            title: "Local exponent", xLabel: "time α = examples / N", yLabel: "−d ln ε / d ln α")
        chart.level = exponent.map { ($0, "β/(1+β)") }
        for label in labels() {
            let points = line(label)
            guard points.count > 5 else { continue }
            let slopes = LocalExponents.slopes(
                points.map { Elementary.log($0.x) }, points.map { Elementary.log($0.y) },
                halfWidth: Elementary.log(1.5))
            var series = Chart.Series(name: name(label))
            // A logarithmic axis has no place for what is flat: it is drawn at 0.01.
            series.line = zip(points, slopes).compactMap { point, slope in
                slope.map { (point.x, min(10, max(0.01, -$0))) }
            }
            if series.line.count > 2 { chart.series.append(series) }
        }
        return chart.series.isEmpty ? nil : chart
    }

    private func collapse() -> Chart? {
        var chart = Chart(
            title: "Collapse by the escape time", xLabel: "α / τ_esc",
            yLabel: "generalisation error")
        for label in labels() {
            let fact = facts.first { fact in
                fact.input.coordinates.contains { $0.axis == axis && $0.value == label }
            }
            guard let tau = fact?.json["escape_time"]?.double, tau > 0 else { continue }
            var series = Chart.Series(name: name(label))
            series.line = line(label).map { ($0.x / tau, $0.y) }
            if !series.line.isEmpty { chart.series.append(series) }
        }
        return chart.series.count < 2 ? nil : chart
    }

    /// The overlaps of the first student with every teacher.
    static func overlaps(_ curve: OnlineCurve, _ page: inout ReportPage) {
        var chart = Chart(
            title: "Overlaps of a student with each teacher", xLabel: "time α = examples / N",
            yLabel: "R₁ₙ")
        for n in 1...9 {
            guard let values = curve.column("r1\(n)") else { break }
            var series = Chart.Series(name: "teacher \(n)")
            series.line = zip(curve.alpha, values).filter { $0.0 > 0 && $0.1 > 1e-3 }.map {
                ($0.0, $0.1)
            }
            if !series.line.isEmpty { chart.series.append(series) }
        }
        if chart.series.isEmpty { return }
        page.heading("Several plateaus at once")
        page.figures([
            (
                chart.svg(),
                "From the closed equations, "
                    + page.number(curve.input.producer, from: [curve.input])
                    + ": a random teacher's T does not average itself out, so each teacher unit has a height of its own."
            )
        ])
    }
}
