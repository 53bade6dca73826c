import Canon
package import Experiment
import System
import Workbench

/// Gathers what there is to draw of learning curves; pages draw it.
package enum OnlineFigureStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.figure", version: 4,
        summary: """
            The data of one figure of learning curves: theory as lines, simulations as points with \
            their spread, the ratio below.
            """,
        source: """
            what the figures of arXiv 2410.09005 show, as their captions tell; \
            docs/POWER-LAW-SPECTRA.md, §11
            """,
        parameters: [
            Parameter("series", .text, default: "levels", "The axis that the curves differ in."),
            Parameter(
                "by_column", .boolean, default: false,
                "Every column of the theory is a curve of its own."),
            Parameter(
                "lines", .list(.text, count: 1...8), default: ["error"],
                "Columns of the theory that are drawn."),
            Parameter(
                "compare", .text, default: "",
                "The column that simulations are compared with; the first where empty."),
            Parameter("y", .text, default: "error", "The simulations' column."),
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
            Parameter(
                "levels", .text, default: "",
                "A member of facts.json: a value, or one for each column, marked at the right."),
            Parameter(
                "reference", .optional(.number(from: -1e15, to: 1e15)), default: .null,
                "A value to mark across the figure."),
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
                "plot", fileName: "plot.json", "What there is to draw: format bitlaw/plot/1.")
        ])

    /// Gathers.
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
        panel.columns = parameters.texts("lines")
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
        var figure = panel.figure
        figure.y.decades = parameters.number("decades")
        figure.y.most = parameters.isNull("most") ? nil : parameters.number("most")
        if !parameters.isNull("reference") {
            figure.references = [
                FigureReference(
                    value: parameters.number("reference"), name: "reference", isReached: true)
            ]
        }
        guard figure.panels[0].series.contains(where: { !$0.points.isEmpty || !$0.lines.isEmpty })
        else {
            throw FormatError(
                "nothing to draw: expected curves or theories with the columns "
                    + "\((panel.columns + [panel.measured]).joined(separator: ", "))"
                    + (panel.timeUnit.isEmpty && panel.valueUnit.isEmpty
                        ? "" : ", and facts with `\(panel.timeUnit)` and `\(panel.valueUnit)`")
                    + "; found none")
        }
        try context.write("plot", PlotDocument(figure).text())
    }
}
