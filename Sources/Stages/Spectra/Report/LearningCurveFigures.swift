import Numerics
import Workbench

/// The figures that every report of learning curves has: the curves with what lies between theory and
/// simulation, local exponents, the collapse by the escape time.
struct LearningCurveFigures {
    let panel: OnlinePanel
    /// What the first caption begins with.
    let caption: String
    let exponent: Double?

    /// Draws all that there is.
    func add(to page: inout ReportPage) {
        if panel.groups.isEmpty && panel.theories.isEmpty { return }
        page.heading("Learning curves")
        var chart = StackedChart(
            title: "Generalisation error", xLabel: "time α = examples / N",
            yLabel: "generalisation error ε")
        panel.draw(into: &chart)
        var figures = [
            (
                svg: chart.svg(),
                caption: (caption.isEmpty ? "" : Typeset.markup(caption) + " ")
                    + """
                    Points: mean over seeds, bars from the least to the largest. Lines: \
                    theory, the mean of its logarithm over starts where it has several. Below: \
                    each run over the theory of its own start, mean and twice its standard \
                    error; where a curve falls steeply a small shift in time is a large \
                    factor.
                    """
            )
        ]
        if let chart = exponents() {
            figures.append(
                (
                    chart.svg(),
                    "−d ln ε/d ln α of the theory, by least squares within a factor 1.5 of each time."
                ))
        }
        if let chart = collapse() {
            figures.append(
                (
                    chart.svg(),
                    """
                    Time in units of the escape time: what is left over is how the start is \
                    forgotten and which eigenspaces settle first.
                    """
                ))
        }
        page.figures(figures)
    }

    private func exponents() -> StackedChart? {
        var chart = StackedChart(
            title: "Local exponent", xLabel: "time α = examples / N", yLabel: "−d ln ε / d ln α")
        chart.isLogarithmic = false
        chart.level = exponent.map { ($0, "β/(1+β)") }
        // Exponential tails leave the axis: what is to be read off lies between 0 and 3.
        let most = 3.0
        var largest = 0.0
        for theory in panel.theories {
            let points = panel.line(theory.label, panel.compared).filter { $0.y > 1e-13 }
            guard points.count > 5 else { continue }
            let slopes = LocalExponents.slopes(
                points.map { Elementary.log($0.x) }, points.map { Elementary.log($0.y) },
                halfWidth: Elementary.log(1.5))
            var curve = StackedChart.Curve(name: "\(panel.symbol) = \(theory.name)")
            curve.lines = [
                (
                    0,
                    zip(points, slopes).compactMap { point, slope in
                        slope.map { (point.x, -$0) }
                    }
                )
            ]
            largest = max(largest, curve.lines[0].values.map { $0.y }.max() ?? 0)
            if curve.lines[0].values.count > 2 { chart.curves.append(curve) }
        }
        if largest > most { chart.most = most }
        return chart.curves.isEmpty ? nil : chart
    }

    private func collapse() -> StackedChart? {
        var other = panel
        other.groups = []
        other.timeUnit = "escape_time"
        var chart = StackedChart(
            title: "Collapse by the escape time", xLabel: "α / escape time",
            yLabel: "generalisation error ε")
        other.draw(into: &chart)
        return chart.curves.count < 2 ? nil : chart
    }
}
