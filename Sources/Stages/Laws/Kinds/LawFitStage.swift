import Canon
package import Experiment
import Numerics
import Workbench

/// Fits a scaling law to a table of results.
package enum LawFitStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.fit", version: 9,
        summary: """
            Fits a scaling law to all the results that an input collects; refuses where the points \
            do not show one.
            """,
        source: "forms, objectives and their papers: docs/LAWS.md",
        parameters: [
            Parameter(
                "x", .optional(.text), default: .null,
                "The column that grows, for forms of one input: an axis, such as samples, or 6*N."),
            Parameter(
                "columns", .any, default: [:],
                """
                The columns of the form's inputs, or expressions over columns, such as {N: parameters, D: \
                20*parameters}; each is its own name where left out.
                """),
            Parameter(
                "y", .text,
                "The column that falls, such as mixture, or test.loss for a nested member."),
            Parameter(
                "form", .choiceOrText(NamedForms.names, "a formula such as E + A / N^alpha"),
                default: "power-law",
                """
                A form by name, or a formula over columns and parameters: its names that are no columns \
                are the parameters; `where name = expression` defines abbreviations.
                """),
            Parameter(
                "parameters", .any, default: [:],
                """
                What is known of parameters: {E: {min: 0, max: 5, start: [1, 2], prior: "normal(1.7, \
                0.1)"}, beta: alpha, k: 1}; a number holds one, a formula ties it to others.
                """),
            Parameter(
                "per", .any, default: [:],
                """
                Parameters that differ by groups of rows, such as {E: eval, A: {by: eval, shrink: \
                true}}; all others are shared.
                """),
            Parameter(
                "shared", .optional(.list(.text, count: 1...100)), default: .null,
                "Parameters that all groups share: said, so that a forgotten one is told."),
            Parameter(
                "sigma", .optional(.number(from: 0, to: .infinity, openLow: true)), default: .null,
                """
                The size of a residual to which priors are weighed; that of the fit where null.
                """),
            Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
            Parameter(
                "chance", .optional(.number(from: 0, to: .infinity, openLow: true)), default: 1,
                "The chance level e0 of the form `m4`; null to fit it."),
        ] + LawObjective.parameters(summedOver: "points") + [
            Parameter(
                "weight", .optional(.text), default: .null,
                "How much each point counts: a column of 1/variance, or an expression over columns such as n."
            ),
            Parameter(
                "fix", .any, default: [:], "Parameters that are held, such as {E: 1.69}."),
            Parameter("starts", .integer(1...100), default: 6, "At most so many descents."),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns: only rows for which it holds are used."),
            Parameter(
                "group", .optional(.text), default: .null,
                "The column whose values are resampled together, such as replicate."),
            Parameter("bootstrap", .integer(0...100_000), default: 400, "Bootstrap samples."),
            Parameter(
                "interval", .choice(LawIntervals.Rule.allCases.map { $0.rawValue }),
                default: "auto",
                """
                How intervals are made; auto: profiles of least squares, leaving out each group of other \
                losses, quantiles of bootstrap samples else.
                """),
            Parameter(
                "profile", .boolean, default: false,
                "Profile intervals too, with the objective along each parameter; for least squares."
            ),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
            Parameter(
                "x_max", .optional(.number(from: 0, to: .infinity, openLow: true)), default: .null,
                "Points beyond are held out, and scored."),
            Parameter(
                "hold_out", .optional(.text), default: .null,
                "The column that x_max speaks of, such as C; x itself where null."),
            Parameter(
                "train", .optional(.text), default: .null,
                "A column of 1 for points to fit and 0 for points to hold out."),
            Parameter(
                "y_unit", .text, default: "",
                "The unit of y, of which units of parameters are made."),
            Parameter(
                "notes", .any, default: [:],
                "What only people know, for the checklist: reason, counts, exclusions, checkpoints, tuning."
            ),
        ],
        inputs: [
            InputPort(
                "points",
                "JSON objects of numbers, arrays or lines of them, or CSV tables; axes are columns",
                isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "law", fileName: "law.json", role: .law,
                "Form, parameters with intervals, certificate."),
            OutputPort(
                "plot", fileName: "plot.json",
                "To draw: points, law and band on logarithmic axes; for laws of N and D contours."),
            OutputPort(
                "residuals", fileName: "residuals.json", "To draw: measured over fitted."),
            OutputPort(
                "profiles", fileName: "profiles.json",
                "To draw: the objective along each parameter."),
        ],
        isRandom: true)

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where")
        LawRequest.check(draft)
    }

    /// Fits, resamples, writes what there is to draw.
    package static func run(_ context: StageContext) throws {
        let table = try context.points(of: "points")
        var request = try LawRequest(context.parameters, table)
        let data = try request.data(table)
        let law = try request.fit(data)
        let count = context.parameters.integer("bootstrap")
        var samples: LawBootstrap?
        if request.needsRefits(data, law) {
            samples = LawBootstrap(
                request.fitter, law, ScaledPoints(x: data.x, y: data.y, scale: law.scale),
                weights: data.weights, groups: data.groups, seed: context.seed, count: count
            ) { context.progress($0, of: count, note: "bootstrap") }
        }
        let document = LawDocument(request: request, data: data, law: law, bootstrap: samples)
        try context.write("law", document.json().pretty())
        let plot = LawPlot(document)
        try context.write("plot", plot.data().text())
        try context.write("residuals", plot.residuals().text())
        try context.write("profiles", plot.profiles().text())
    }
}
