import Canon
import System
import Workbench

extension FactorSeries {
    /// Means on logarithmic axes; the spread over seeds as bars, of long curves as a band.
    var figure: Figure {
        var figure = Figure(title: "", x: FigureAxis(x), y: FigureAxis(y))
        figure.title = "\(figure.y.label) against \(figure.x.label)"
        figure.family = family
        figure.barsAre = "from the least to the largest seed"
        figure.bandsAre = figure.barsAre
        figure.marksAre = FactorSeries.symbol(of: mark)
        figure.panels = [FigurePanel(series: curves.compactMap(drawn))]
        if let level { figure.references = [FigureReference(value: level, name: levelName)] }
        return figure
    }

    private func drawn(_ curve: Curve) -> FigureSeries? {
        let points = curve.points.filter { $0.x > 0 && $0.mean > 0 }
        guard !points.isEmpty else { return nil }
        let number = curve.value.double
        var series = FigureSeries(
            name: number == nil ? curve.name : FigureSeries.name(curve.name, of: family))
        series.value = number
        series.note = curve.note
        let means = points.map { (x: $0.x, y: $0.mean) }
        series.lines = [FigureLine(means)]
        if points.count > 12 {
            if points.contains(where: { $0.count > 1 }) {
                series.band = points.map { ($0.x, $0.low, $0.high) }
            }
        } else {
            series.points = means
            series.bars = points.map { ($0.low, $0.high) }
        }
        if let place = curve.facts[mark], place > 0 { series.marks = [place] }
        return series
    }
}
