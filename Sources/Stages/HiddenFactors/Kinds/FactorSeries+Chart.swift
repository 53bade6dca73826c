import Canon
import System
import Workbench

extension FactorSeries {
    /// Means on logarithmic axes; the spread over seeds as bars, of long curves as a band.
    var chart: Chart {
        var chart = Chart(title: title, xLabel: xLabel, yLabel: yLabel)
        chart.isOrdered = curves.count > 3 && curves.allSatisfy { $0.value.double != nil }
        chart.barsAre = "from the least to the largest seed"
        chart.bandsAre = chart.barsAre
        chart.marksAre = mark == "chibar" ? "χ̄" : FigureAxis.spelled(mark)
        for curve in curves {
            var series = Chart.Series(name: curve.label)
            let points = curve.points.filter { $0.x > 0 && $0.mean > 0 }
            guard !points.isEmpty else { continue }
            series.line = points.map { ($0.x, $0.mean) }
            if points.count > 12 {
                if points.contains(where: { $0.count > 1 }) {
                    series.band = points.map { ($0.x, $0.low, $0.high) }
                }
            } else {
                series.points = series.line
                series.bars = points.map { ($0.low, $0.high) }
            }
            if let place = curve.facts[mark], place > 0 { series.mark = place }
            chart.series.append(series)
        }
        if let level { chart.level = (level, levelName) }
        return chart
    }
}
