import Canon
package import Experiment
import Workbench

/// Draws one figure of learning curves: for a report, and as a picture for a paper.
package enum OnlineFigureStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.figure", version: 3,
        summary: """
            One figure of learning curves: theory as lines, simulations as points with their \
            spread, the ratio below.
            """,
        source: """
            what the figures of arXiv 2410.09005 show, as their captions tell; \
            docs/POWER-LAW-SPECTRA.md, §11
            """,
        parameters: [
            Parameter("title", .text, "What stands above."),
            Parameter("caption", .text, "What stands below."),
            Parameter("series", .text, default: "levels", "The axis that the curves differ in."),
            Parameter("series_name", .text, default: "L", "Its symbol."),
            Parameter(
                "ordered", .boolean, default: true, "Whether colours show the order of curves."),
            Parameter(
                "by_column", .boolean, default: false,
                "Every column of the theory is a curve of its own."),
            Parameter(
                "lines", .list(.text, count: 1...8), default: ["error"],
                "Columns of the theory that are drawn."),
            Parameter(
                "line_names", .list(.text, count: 0...8), default: [],
                "How the legend calls them."),
            Parameter(
                "compare", .text, default: "",
                "The column that simulations are compared with; the first where empty."),
            Parameter("y", .text, default: "error", "The simulations' column."),
            Parameter("x_label", .text, default: "time α = examples / N", "Beside the time."),
            Parameter(
                "y_label", .text, default: "generalisation error ε", "Beside the values."),
            Parameter(
                "logarithmic", .boolean, default: true, "Whether the vertical axis is."),
            Parameter(
                "decades", .integer(1...20), default: 7,
                "How many decades below the largest value are shown at most."),
            Parameter(
                "most", .optional(.number(from: 0, to: 1e15, openLow: true)), default: .null,
                "The largest value that is shown; null: the largest there is."),
            Parameter(
                "from", .number(from: 0, to: 1e15), default: 0, "The least time that is shown."),
            Parameter(
                "marks", .text, default: "", "A member of facts.json: marked on the time axis."),
            Parameter("mark_name", .text, default: "", "How the legend calls it."),
            Parameter(
                "levels", .text, default: "",
                "A member of facts.json: a value, or one for each column, marked at the right."),
            Parameter("level_name", .text, default: "", "How the legend calls it."),
            Parameter(
                "reference", .optional(.number(from: -1e15, to: 1e15)), default: .null,
                "A value to mark across the figure."),
            Parameter("reference_name", .text, default: "", "How the legend calls it."),
            Parameter(
                "x_over", .text, default: "",
                "A member of facts.json: the unit of time, in which curves are to collapse."),
            Parameter("y_over", .text, default: "", "The same for values."),
        ],
        inputs: [
            .runs("curves", "curve.csv of online.sgd"),
            .runs("theories", "curve.csv of theory.linear or theory.order-parameters"),
            .runs("facts", "facts.json of the same theories"),
        ],
        outputs: [
            OutputPort(
                "figure", fileName: "figure.json", "For pages: title and caption."),
            OutputPort("plot", fileName: "plot.svg", "The picture."),
        ])

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        func ensembles(_ port: String) throws -> [OnlineEnsemble] {
            OnlineEnsemble.groups(
                try context.inputs(port).map { try OnlineCurve($0) }, by: parameters.text("series"))
        }
        var panel = OnlinePanel(
            groups: try ensembles("curves"), theories: try ensembles("theories"))
        panel.facts = try context.inputs("facts").map { (try JSON(parsing: $0.bytes()), $0) }
        panel.axis = parameters.text("series")
        panel.symbol = parameters.text("series_name")
        panel.columns = parameters.texts("lines")
        panel.names = parameters.texts("line_names")
        let compared = parameters.text("compare")
        panel.compared = compared.isEmpty ? panel.columns[0] : compared
        panel.measured = parameters.text("y")
        panel.marks = parameters.text("marks")
        panel.levels = parameters.text("levels")
        panel.timeUnit = parameters.text("x_over")
        panel.valueUnit = parameters.text("y_over")
        panel.from = parameters.number("from")
        panel.isByColumn = parameters.boolean("by_column")
        panel.isLogarithmic = parameters.boolean("logarithmic")
        var chart = StackedChart(
            title: parameters.text("title"), xLabel: parameters.text("x_label"),
            yLabel: parameters.text("y_label"))
        chart.isOrdered = parameters.boolean("ordered")
        chart.isLogarithmic = parameters.boolean("logarithmic")
        chart.decades = parameters.number("decades")
        chart.most = parameters.isNull("most") ? nil : parameters.number("most")
        chart.markName = parameters.text("mark_name")
        chart.levelName = parameters.text("level_name")
        if !parameters.isNull("reference") {
            chart.level = (parameters.number("reference"), parameters.text("reference_name"))
        }
        panel.draw(into: &chart)
        if chart.curves.contains(where: { !$0.ratioBars.isEmpty }) {
            chart.barsAre += "; below, mean ± two standard errors"
        }
        guard chart.curves.contains(where: { !$0.points.isEmpty || !$0.lines.isEmpty }) else {
            throw FormatError(
                "nothing to draw: expected curves or theories with the columns "
                    + "\((panel.columns + [panel.measured]).joined(separator: ", "))"
                    + (panel.timeUnit.isEmpty && panel.valueUnit.isEmpty
                        ? "" : ", and facts with `\(panel.timeUnit)` and `\(panel.valueUnit)`")
                    + "; found none")
        }
        try context.write("plot", chart.svg())
        let figure: JSON = [
            "title": .string(parameters.text("title")),
            "caption": .string(parameters.text("caption")),
        ]
        try context.write("figure", figure.pretty())
    }
}
