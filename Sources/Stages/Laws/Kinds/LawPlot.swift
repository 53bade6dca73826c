import Experiment
import Numerics
import System
import Workbench

/// What there is to draw of a fit: points, law, band, floor, breaks, held-out points; or contours over N, D.
struct LawPlot {
    private let document: LawDocument

    init(_ document: LawDocument) { self.document = document }

    private var title: String {
        let data = document.data
        let inputs = data.columns.map(FigureAxis.spelled).joined(separator: ", ")
        let isFormula = document.law.form is FormulaForm
        let form =
            isFormula
            ? "a formula" : document.law.form.name.split(separator: "-").joined(separator: " ")
        return "\(FigureAxis.spelled(data.yName)) against \(inputs): \(form)"
    }

    func data() -> PlotDocument {
        let isOnAxis = (document.data.x[0] + document.data.heldOutX[0]).allSatisfy { $0 > 0 }
        if document.data.columns.count == 1 && isOnAxis { return curve() }
        let inputs = document.law.form.inputs
        if inputs == ["N", "D"] { return contours() }
        return residuals()
    }

    private func curve() -> PlotDocument {
        let (law, data) = (document.law, document.data)
        var chart = Chart(
            title: title, xLabel: data.columns[0],
            yLabel: data.yName + (document.unit("y_unit").map { " (\($0))" } ?? ""))
        let xs = data.x[0] + data.heldOutX[0]
        let (low, high) = (xs.min() ?? 1, xs.max() ?? 1)
        let grid = (0...80).map { step -> Double in
            let t = Double(step) / 80
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        var series = Chart.Series(name: LawPlot.name(document) + LawPlot.missing(data.y))
        series.line = zip(grid, law.predict([grid])).map { ($0, $1) }
        series.band = band(grid)
        let percent = Markup.significant(100 * document.level, 2)
        chart.bandsAre = "\(percent) % interval of the law"
        (series.points, series.bars) = LawPlot.replicates(data.x[0], data.y)
        chart.series = [series]
        if !data.heldOutY.isEmpty {
            var rest = Chart.Series(name: "held out" + LawPlot.missing(data.heldOutY))
            rest.points = zip(data.heldOutX[0], data.heldOutY).map { ($0, $1) }
            chart.series.append(rest)
            chart.heldOutFrom = data.x[0].max()
        }
        for name in ["E", "a", "e"] where law.form.name != "downstream-error" {
            if let floor = law.parameter(name), floor > 0, name != "a" || law.form is BrokenPower {
                chart.level = (floor, "floor \(name)")
            }
        }
        if let broken = law.form as? BrokenPower {
            for index in 0..<broken.breaks {
                guard let place = law.parameter("d\(index + 1)"), place > low, place < high else {
                    continue
                }
                var mark = Chart.Series(name: "break at \(LawNumber.text(place))")
                mark.points = [(place, law.predict([[place]])[0])]
                chart.series.append(mark)
            }
        }
        return PlotDocument(chart)
    }

    /// What to say of numbers that have no place on a logarithmic axis; empty where all have one.
    private static func missing(_ values: [Double]) -> String {
        let count = values.count { !($0 > 0) || !$0.isFinite }
        return count == 0 ? "" : " (\(count) without a logarithm not drawn)"
    }

    /// The points; where most x were measured several times, medians with bars from least to largest.
    static func replicates(_ x: [Double], _ y: [Double]) -> (
        points: [(x: Double, y: Double)], bars: [(low: Double, high: Double)]
    ) {
        var byX: [Double: [Double]] = [:]
        for (x, y) in zip(x, y) { byX[x, default: []].append(y) }
        guard byX.values.count(where: { $0.count > 1 }) * 2 > byX.count else {
            return (zip(x, y).map { ($0, $1) }, [])
        }
        let places = byX.keys.sorted()
        return (
            places.map { ($0, Quantiles.median(byX[$0] ?? [])) },
            places.map { (byX[$0]?.min() ?? 0, byX[$0]?.max() ?? 0) }
        )
    }

    /// Where the law lies at every fourth place: by profiles where points are few, else by at most 1,000
    /// bootstrap samples.
    private func band(_ grid: [Double]) -> [(x: Double, low: Double, high: Double)] {
        let (law, intervals) = (document.law, document.estimates.intervals)
        let samples = document.bootstrap?.samples.prefix(1000) ?? []
        let isFew = document.data.y.count <= 1000
        return stride(from: 0, to: grid.count, by: 4).compactMap { step in
            let x = grid[step]
            let ends: (low: Double, high: Double)?
            if isFew || intervals.method != .profile {
                ends = try? intervals.interval(of: .prediction(at: [x], of: law))
            } else {
                let values = samples.map { law.form.predict($0, [[x]], law.scale)[0] }
                ends = BootstrapInterval.percentile(values, document.level)
            }
            return ends.flatMap { $0.low > 0 && $0.high.isFinite ? (x, $0.low, $0.high) : nil }
        }
    }

    private static func name(_ document: LawDocument) -> String {
        let law = document.law
        let digits = PrintedDigits(law, document.data).counts
        if let alpha = law.parameter("alpha"), let a = law.parameter("A"), law.form.inputs == ["x"]
        {
            let floor = law.parameter("E") ?? 0
            let (last, before) = (digits.count - 1, digits.count - 2)
            return (floor > 0 ? "\(LawNumber.text(floor, digits[0])) + " : "")
                + "\(LawNumber.text(a, digits[before])) · "
                + Told.factor(FigureAxis.spelled(document.data.columns[0]))
                + "^\(LawNumber.text(-alpha, digits[last]))"
        }
        let values = zip(law.form.parameters, zip(law.natural, digits)).map {
            "\($0.name) \(LawNumber.text($1.0, $1.1))"
        }
        return "\(document.law.form.name): \(values.joined(separator: ", "))"
    }

    private func contours() -> PlotDocument {
        let (law, data) = (document.law, document.data)
        let points = zip(data.x[0], data.x[1]).map { (x: $0, y: $1) }
        let heldOut = zip(data.heldOutX[0], data.heldOutX[1]).map { (x: $0, y: $1) }
        let lines = ContourLines(
            x: (points + heldOut).map { $0.x }, y: (points + heldOut).map { $0.y }
        ) { n, d in law.form.predict(law.natural, [n, d], law.scale) }
        var all = lines.series
        for (name, places) in [("fitted points", points), ("held out", heldOut)] {
            var series = FigureSeries(name: name)
            series.points = places
            if !places.isEmpty { all.append(series) }
        }
        var frontier = FigureSeries(name: "compute-optimal under 6ND")
        let optima = optima()
        frontier.lines = [FigureLine(optima)]
        if optima.count > 1 { all.append(frontier) }
        var figure = Figure(
            title: title, x: FigureAxis(data.columns[0]), y: FigureAxis(data.columns[1]),
            panels: [FigurePanel(series: all)])
        figure.family = FigureAxis.spelled(data.yName)
        return PlotDocument(figure)
    }

    /// The best N and D at 25 budgets between the least and the largest 6ND of the points.
    private func optima() -> [(x: Double, y: Double)] {
        let (law, data) = (document.law, document.data)
        let compute = zip(data.x[0], data.x[1]).map { 6 * $0 * $1 }
        guard let low = compute.min(), let high = compute.max() else { return [] }
        let file = LawFile(form: law.form, natural: law.natural, scale: law.scale, samples: [])
        let optimum = ComputeOptimum(file, .sixND)
        return (0...24).compactMap { step in
            let t = Double(step) / 24
            let c = Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
            return optimum.allocation(law.natural, compute: c).map { ($0.n, $0.d) }
        }.filter { isWithin(data.x[0], $0.x) && isWithin(data.x[1], $0.y) }
    }

    private func isWithin(_ values: [Double], _ value: Double) -> Bool {
        value >= values.min() ?? value && value <= values.max() ?? value
    }

    /// Measured over fitted, against the first input, with what was held out.
    func residuals() -> PlotDocument {
        let (law, data) = (document.law, document.data)
        // The columns of a formula may hold anything: its points stand by what the law says of them, or in
        // their order where that has no logarithm.
        let isFormula = !law.form.takesPositiveInputsOnly
        let said = isFormula ? (law.predict(data.x), law.predict(data.heldOutX)) : ([], [])
        let isOrdered = isFormula && !(said.0 + said.1).allSatisfy { $0 > 0 }
        func places(_ x: [[Double]], _ fitted: [Double]) -> [Double] {
            if isOrdered { return fitted.indices.map { Double($0 + 1) } }
            return isFormula ? fitted : x[0]
        }
        let axis =
            isOrdered
            ? "points in their order"
            : isFormula ? "fitted \(data.yName)" : data.columns[0]
        var chart = Chart(
            title: "Residuals: \(title)", xLabel: axis, yLabel: "measured / fitted")
        func series(_ name: String, _ x: [[Double]], _ y: [Double], _ fitted: [Double]) {
            guard !y.isEmpty else { return }
            let ratios = zip(y, law.predict(x)).map { $0 / $1 }
            var one = Chart.Series(name: name + LawPlot.missing(ratios))
            one.points = zip(places(x, fitted), ratios).map { ($0, $1) }
            chart.series.append(one)
        }
        series("fitted", data.x, data.y, said.0)
        series("held out", data.heldOutX, data.heldOutY, said.1)
        chart.level = (1, "")
        return PlotDocument(chart)
    }

    /// The objective along each parameter, all others fitted again; empty without profiles.
    func profiles() -> PlotDocument {
        var chart = Chart(
            title: "Profiles: \(title)", xLabel: "value / estimate",
            yLabel: "objective / least objective")
        let law = document.law
        for (place, parameter) in law.form.parameters.enumerated() where law.natural[place] > 0 {
            guard let profile = document.estimates.parameters[place].profile else { continue }
            var one = Chart.Series(name: parameter.name)
            one.line = profile.curve.filter { $0.value > 0 }.map {
                ($0.value / law.natural[place], $0.objective / law.value)
            }
            chart.series.append(one)
        }
        return PlotDocument(chart)
    }
}
