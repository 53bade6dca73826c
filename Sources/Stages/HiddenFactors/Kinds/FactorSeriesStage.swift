import Canon
package import Experiment
import System
import Workbench

/// Shapes runs into curves, and the data of their plot.
package enum FactorSeriesStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.series", version: 4,
        summary:
            "Shapes runs into curves: means over seeds with their spread and local slopes, and their plot.",
        source: "our own; arithmetic means as in the authors' figures, geometric ones beside",
        parameters: [
            Parameter("x", .text, "A column, or an expression over axes, facts and columns."),
            Parameter("y", .text, "Likewise; positive."),
            Parameter(
                "series", .text, default: "",
                "A column or expression whose values are curves; runs that agree on it and on x are "
                    + "averaged."),
            Parameter(
                "note", .choice(["", "chi", "chibar"]), default: "",
                "A complexity that is told beside a curve's value; the mean over its runs where they "
                    + "differ in it."),
            Parameter(
                "derive", .list(.text, count: 0...100), default: [],
                "Further columns, such as budget = gamma * epochs, in order, for rows without them; rows "
                    + "that lack what they name go without."),
            Parameter("where", .text, default: "", "Only rows for which this holds."),
            Parameter("rows", .choice(["all", "last"]), default: "all", "Which rows of each run."),
            Parameter(
                "at", .any, default: .null,
                "{column, values}: instead of recorded rows, those where the column has these values, "
                    + "interpolated in logarithms."),
            Parameter(
                "mark", .choice(["", "chi", "chibar"]), default: "",
                "Marks each curve's complexity on the x axis."),
            Parameter("level", .text, default: "", "A level to mark: an expression, averaged."),
            Parameter("seed", .text, default: "replicate", "The axis of seeds, for runs.csv."),
        ],
        inputs: [
            InputPort(
                "runs", "curve.csv or summary.json of factors.train, counts.csv of factors.counts",
                isCollection: true, takesSeveralStages: true),
            InputPort(
                "facts", "Numbers of each run: summary.json, facts.json; they join by axes",
                isOptional: true, isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort(
                "series", fileName: "series.json",
                "Curves with count, mean, geometric mean, least, largest, local slope of each point; "
                    + "slopes over thirds of log x, and whether they differ by over a quarter."),
            OutputPort("table", fileName: "series.csv", "The same, a row for each point."),
            OutputPort(
                "summary", fileName: "summary.csv",
                "For readers, a row for each curve: mean (geometric mean) at six places of x at most; where "
                    + "a curve has four points, its exponent if it does not bend, else slopes over thirds."
            ),
            OutputPort(
                "runs", fileName: "runs.csv",
                "A row for each run and x, not averaged: series, seed, x, y under their own names; "
                    + "for law.fit."),
            OutputPort(
                "plot", fileName: "plot.json", "What there is to draw: format bitlaw/plot/1."),
        ])

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("x", "y", "series", "where", "level")
        draft.expressions(of: "derive", areNamed: true)
    }

    /// Gathers, groups, averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        var runs = try FactorRuns(context.inputs("runs"), facts: context.inputs("facts"))
        try runs.derive(parameters.texts("derive"))
        if parameters.text("rows") == "last" { runs.keepLast() }
        if !parameters.isNull("at") {
            let at = parameters.value("at")
            guard let column = at["column"]?.text,
                let values = at["values"]?.elements?.compactMap({ $0.double }), !values.isEmpty
            else {
                throw FormatError("at: expected {column, values}, found \(at.canonicalText)")
            }
            runs.interpolate(column, at: values)
        }
        if !parameters.text("where").isEmpty { try runs.filter(parameters.text("where")) }
        let values = try values(runs, parameters)
        guard !values.isEmpty else {
            throw FormatError("no row has both \(parameters.text("x")) and \(parameters.text("y"))")
        }
        var series = FactorSeries(
            x: parameters.text("x"), y: parameters.text("y"),
            family: FigureAxis.spelled(parameters.text("series")), mark: parameters.text("mark"),
            curves: FactorSeries.curves(values.map { ($0.series, $0.x, $0.y, $0.facts) }))
        note(parameters.text("note"), values, &series)
        let levels = values.compactMap { $0.level }
        if !levels.isEmpty {
            series.level = levels.reduce(0, +) / Double(levels.count)
            series.levelName = FigureAxis.spelled(parameters.text("level"))
        }
        try context.write("series", series.json.pretty())
        try context.write("table", series.table.csv())
        try context.write("summary", series.summary.csv())
        try context.write("plot", PlotDocument(series.figure).text())
        var table = Table(columns: ["series", "seed", parameters.text("x"), parameters.text("y")])
        for value in values {
            table.append([value.series, value.seed, .number(value.x), .number(value.y)])
        }
        try context.write("runs", table.csv())
    }

    private struct Value {
        let series, seed: JSON
        let x, y: Double
        let facts: [String: Double]
        let level: Double?
    }

    /// What each row gives; rows without x or y give nothing.
    private static func values(_ runs: FactorRuns, _ parameters: Parameters) throws -> [Value] {
        let x = try FactorRuns.parse(parameters.text("x"), "x")
        let y = try FactorRuns.parse(parameters.text("y"), "y")
        func optional(_ name: String) throws -> Expression? {
            let text = parameters.text(name)
            return text.isEmpty ? nil : try FactorRuns.parse(text, name)
        }
        let (series, level) = (try optional("series"), try optional("level"))
        var values: [Value] = []
        for row in runs.runs.joined() {
            guard let x = (try? x.value(row))?.double, let y = (try? y.value(row))?.double else {
                continue
            }
            var value: JSON = .string("")
            if let series {
                do { value = try series.value(row) } catch { throw FormatError("series: \(error)") }
            }
            var facts: [String: Double] = [:]
            for name in FactorSeries.factNames { facts[name] = row[name]?.double }
            values.append(
                Value(
                    series: value["name"] ?? value, seed: row[parameters.text("seed")] ?? .null,
                    x: x, y: y, facts: facts,
                    level: level.flatMap { (try? $0.value(row))?.double }))
        }
        return values
    }

    /// Puts a complexity beside the names of curves.
    private static func note(_ fact: String, _ values: [Value], _ series: inout FactorSeries) {
        guard !fact.isEmpty else { return }
        for place in series.curves.indices {
            guard let mean = series.curves[place].facts[fact] else { continue }
            let own = values.filter { $0.series == series.curves[place].value }
            let isOne = own.allSatisfy { $0.facts[fact] == mean }
            let number = GroupedDigits.text(Int(mean.rounded()))
            series.curves[place].note =
                "\(isOne ? "" : "mean ")\(FactorSeries.symbol(of: fact)) = \(number)"
        }
    }
}
