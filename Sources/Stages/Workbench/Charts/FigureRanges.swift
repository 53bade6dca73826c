import Numerics

/// What the axes of a figure span: all points; lines and bars as far as they do not dwarf these.
struct FigureRanges {
    let x, y: AxisRange
    /// The span of the ratios below; `nil` where there are none.
    let ratio: AxisRange?
    /// The span of the shades of cells.
    let shade: AxisRange

    init(_ figure: Figure) {
        let series = figure.series
        let columns = series.flatMap { one in
            one.columns.map { $0.value }
                + (one.columns.isEmpty ? [] : one.bars.flatMap { [$0.low, $0.high] })
        }
        x = AxisRange(
            columns.isEmpty
                ? series.flatMap { $0.places } + FigureRanges.reached(figure, isUpright: true)
                : columns + [0], figure.x.scale)
        y = AxisRange(FigureRanges.heights(figure, series), figure.y.scale)
        shade = AxisRange(
            figure.panels.flatMap { $0.cells.map { $0.value } }, figure.shade.scale, isTight: true)
        let ratios = series.flatMap { $0.ratios.map { $0.y } }.filter { $0 > 0 && $0.isFinite }
        ratio =
            series.allSatisfy({ $0.ratios.isEmpty }) ? nil : FigureRanges.ratios(ratios)
    }

    private static func heights(_ figure: Figure, _ series: [FigureSeries]) -> [Double] {
        let isLog = figure.y.scale == .logarithmic
        func shown(_ values: [Double]) -> [Double] {
            values.filter { $0.isFinite && (!isLog || $0 > 0) }
        }
        let reached = FigureRanges.reached(figure, isUpright: false)
        let lines = shown(series.flatMap { $0.drawn })
        let points = shown(series.flatMap { $0.points.map { $0.y } })
        // A line without points is data itself.
        let own = shown(series.filter { $0.points.isEmpty }.flatMap { $0.drawn })
        let core = points + own + shown(series.flatMap { $0.levels } + reached)
        guard !points.isEmpty, let least = core.min(), let most = core.max() else {
            let bands = shown(series.flatMap { $0.band.flatMap { [$0.low, $0.high] } })
            return bounded(core + lines + bands, figure.y)
        }
        /// Values within a factor of the points, or within a share of their span.
        func near(_ values: [Double], factor: Double, share: Double) -> [Double] {
            let room = share * (most - least)
            return shown(values).filter {
                isLog
                    ? $0 >= least / factor && $0 <= most * factor
                    : $0 >= least - room && $0 <= most + room
            }
        }
        let bars = near(
            series.flatMap { $0.bars.flatMap { [$0.low, $0.high] } }, factor: 10, share: 1)
        let levels = near(
            figure.references.filter { !$0.isUpright }.map { $0.value }, factor: 4, share: 0.5)
        return bounded(core + bars + levels + near(lines, factor: 4, share: 0.5), figure.y)
    }

    /// The references that an axis reaches.
    private static func reached(_ figure: Figure, isUpright: Bool) -> [Double] {
        figure.references.filter { $0.isReached && $0.isUpright == isUpright }.map { $0.value }
    }

    /// No more than the axis shall show.
    private static func bounded(_ values: [Double], _ axis: FigureAxis) -> [Double] {
        var values = values
        if let most = axis.most { values = values.filter { $0 <= most } + [most] }
        if let decades = axis.decades, axis.scale == .logarithmic, let most = values.max() {
            let least = most * DecimalLogarithm.power(-decades)
            values = values.filter { $0 >= least }
        }
        return values
    }

    /// Nine of ten ratios are inside, within a factor of 5; at least ±3 %.
    private static func ratios(_ values: [Double]) -> AxisRange {
        let logs = values.map { Elementary.log($0).magnitude }.sorted()
        let typical = logs.isEmpty ? 0.1 : logs[min(logs.count - 1, logs.count * 9 / 10)]
        let span = Elementary.exp(max(0.03, min(1.61, 1.3 * typical)))
        return AxisRange([1 / span, span], .logarithmic)
    }
}
