import Numerics
import Pipeline

/// Draws a fit: points, law, band, floor, what was held out.
enum LawPlot {
    static func svg(
        _ context: StageContext, _ data: LawData, _ fit: PowerLawFit, _ samples: [PowerLawFit]
    ) -> String {
        let xName = context.parameters.text("x")
        let yName = context.parameters.text("y")
        let unit = context.parameters.text("x_unit")
        let title = context.parameters.text("title")
        var chart = Chart(
            title: title.isEmpty ? "\(yName) against \(xName)" : title,
            xLabel: unit.isEmpty ? xName : "\(xName) (\(unit))", yLabel: yName)
        let xs = data.x + data.heldOut.map { $0.x }
        let (low, high) = (xs.min() ?? 1, xs.max() ?? 1)
        let grid = (0...60).map { step -> Double in
            let t = Double(step) / 60
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        let level = context.parameters.number("confidence")
        var law = Chart.Series(name: "law: \(LawPlot.formula(fit, xName))")
        law.line = grid.map { ($0, fit.value($0)) }
        law.band = grid.compactMap { x in
            Quantiles.interval(samples.map { $0.value(x) }, level).map { (x, $0.low, $0.high) }
        }
        law.points = zip(data.x, data.y).map { ($0, $1) }
        chart.series = [law]
        if !data.heldOut.isEmpty {
            var rest = Chart.Series(name: "held out")
            rest.points = data.heldOut.map { ($0.x, $0.y) }
            chart.series.append(rest)
            chart.heldOutFrom = data.x.max()
        }
        if fit.floor > 0 { chart.level = (fit.floor, "floor E") }
        return chart.svg()
    }

    static func formula(_ fit: PowerLawFit, _ x: String) -> String {
        let floor = fit.floor > 0 ? "\(Markup.significant(fit.floor)) + " : ""
        return
            "\(floor)\(Markup.significant(fit.prefactor)) · \(x)^\(Markup.significant(-fit.exponent))"
    }
}
