import Canon
package import Experiment
import Numerics
import Workbench

/// Fits forms to many learning curves and scores them where they were held out.
package enum LawCurvesStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.curves", version: 4,
        summary: """
            Fits a form to each curve of a table and scores the rows that were held out: who \
            extrapolates best.
            """,
        source: "protocol of Alabdulmohsin et al., arXiv 2209.06640, section 5",
        parameters: [
            Parameter("curve", .list(.text, count: 1...10), "The columns that name a curve."),
            Parameter("x", .text, "The column that grows."),
            Parameter("y", .text, "The column that falls."),
            Parameter(
                "train", .optional(.text), default: .null,
                """
                A column of 1 for rows to fit and 0 for rows to score; null to score x beyond half \
                of the largest, or the rows beyond `fraction`.
                """),
            Parameter(
                "fraction", .optional(.number(from: 0, to: 1, openLow: true, openHigh: true)),
                default: .null,
                "The part of each curve's rows, by ascending x, that is fitted; the others are scored."
            ),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns: only rows for which it holds are used."),
            NamedForms.parameter(default: "power-law"),
            Parameter(
                "parameters", .any, default: [:],
                "What is known of a formula's parameters, as in law.fit."),
            Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
            Parameter(
                "chance", .optional(.number(from: 0, to: .infinity, openLow: true)), default: 1,
                "The chance level e0 of the form `m4`; null to fit it."),
            Parameter(
                "method", .choice(["certified", "published"]), default: "certified",
                """
                The objective below over all rows with a certificate, or for M1 to M4 the published \
                objective, which of rows at one x keeps the last, as the released code does.
                """),
        ] + LawObjective.parameters(summedOver: "rows") + [
            Parameter(
                "weight", .optional(.text), default: .null,
                "How much each row counts: a column of 1/variance, or an expression over columns such as n."
            ),
            Parameter("starts", .integer(1...100), default: 6, "At most so many descents."),
        ],
        inputs: [
            InputPort(
                "points", "CSV tables, or JSON objects, arrays or lines of them",
                isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "scores", fileName: "scores.csv",
                """
                A row for each curve: rows fitted, scored and dropped, error beyond, its standard error, \
                warnings, or the refusal.
                """)
        ])

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where")
        FormulaCheck(draft: draft).form()
    }

    /// Fits every curve.
    package static func run(_ context: StageContext) throws {
        let request = try LearningCurveRequest(context.parameters)
        let curves = try LearningCurve.all(
            context.points(of: "points"), request.selection)
        var scores = Table(
            columns: request.selection.names + [
                "form", "method", "fitted", "scored", "rmse", "standard_error", "parameters",
                "refused", "dropped", "warnings",
            ])
        for (done, curve) in curves.enumerated() {
            scores.append(curve.name + request.row(curve))
            context.progress(done + 1, of: curves.count)
        }
        try context.write("scores", scores.csv())
    }
}
