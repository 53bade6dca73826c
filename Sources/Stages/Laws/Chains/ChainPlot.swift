import Canon
import Numerics
import Workbench

/// What there is to draw of the last step of a chain, with its targets.
struct ChainPlot {
    let document: ChainDocument

    /// The last law over its input where it has one, else what was measured over what was predicted.
    func data() throws -> PlotDocument {
        let chain = document.chain
        guard let step = chain.steps.last else {
            return PlotDocument(Chart(title: "", xLabel: "", yLabel: ""))
        }
        let last = chain.steps.count - 1
        let isCurve = step.data.columns.count == 1
        var chart = Chart(
            title: "\(step.text.gives) of a chain of laws",
            xLabel: isCurve ? step.data.columns[0] : "predicted",
            yLabel: isCurve ? step.data.yName : "measured")
        chart.barsAre = "the interval of each prediction"
        if isCurve {
            var series = Chart.Series(name: step.text.name)
            series.points = zip(step.data.x[0], step.data.y).filter { $0 > 0 && $1 > 0 }
            let xs = series.points.map { $0.x } + document.values[max(0, last - 1)]
            if let low = xs.filter({ $0 > 0 }).min(), let high = xs.max(), high > low {
                let (from, to) = (Elementary.log(low), Elementary.log(high))
                let grid = (0...80).map { Elementary.exp(from + (to - from) * Double($0) / 80) }
                series.line = zip(grid, step.law.predict([grid])).filter { $1 > 0 }
            }
            chart.series.append(series)
        }
        var predicted = Chart.Series(name: "predicted")
        var measured = Chart.Series(name: "measured")
        for target in document.labels.indices {
            let found = try document.estimate(last, target)
            let value = document.values[last][target]
            let x = isCurve && last > 0 ? document.values[last - 1][target] : value
            predicted.points.append((x, value))
            predicted.bars.append((found["low"]?.double ?? value, found["high"]?.double ?? value))
            if let actual = found["actual"]?.double { measured.points.append((x, actual)) }
        }
        chart.series += measured.points.isEmpty ? [predicted] : [predicted, measured]
        return PlotDocument(chart)
    }
}
