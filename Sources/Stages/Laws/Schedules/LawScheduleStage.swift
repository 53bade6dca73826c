import Canon
package import Experiment
import Numerics
import Workbench

/// The multi-power law of learning-rate schedules: fitted, or evaluated at given parameters.
package enum LawScheduleStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.schedule", version: 3,
        summary: """
            Fits the multi-power law to loss curves under learning-rate schedules, or evaluates given \
            parameters, and scores curves that are held out.
            """,
        source: "Luo et al., arXiv 2503.12811",
        parameters: [
            Parameter("curve", .text, default: "curve", "The column that names the schedule."),
            Parameter("step", .text, default: "step", "The column of steps, from 0."),
            Parameter("y", .text, default: "loss", "The column that falls."),
            Parameter("rate", .text, default: "rate", "The column of rates in `schedule`."),
            Parameter(
                "from_step", .integer(1...100_000_000), default: 1,
                "The first step whose change of the rate counts; 1 counts the warm-up, as the authors do."
            ),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns: only rows for which it holds are used."),
            Parameter(
                "hold_out", .text, default: "",
                "An expression: rows for which it holds are not fitted, and scored."),
            Parameter(
                "at", .any, default: [:],
                "Given parameters, {L0, A, B, alpha, C, beta, gamma}: evaluated and not fitted."),
            Parameter(
                "objective", .choice(["least-squares", "huber", "absolute"]), default: "huber",
                "What a residual of log y costs; summed over the points."),
            Parameter(
                "delta", .number(from: 0, to: .infinity, openLow: true), default: 1e-3,
                "Where Huber's loss goes from squares to absolute values."),
            Parameter("starts", .integer(1...100), default: 6, "At most so many descents."),
        ],
        inputs: [
            InputPort(
                "points", "rows with a curve, a step and a loss", isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "schedule", "curve, step and rate: a row for each step, as of schedule.rates"),
        ],
        outputs: [
            OutputPort(
                "law", fileName: "law.json", role: .law,
                "Parameters, objective, certificate, held-out errors."),
            OutputPort(
                "predictions", fileName: "predictions.csv",
                "For each row its curve, step, y, prediction, and whether it was held out."),
        ])

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where", "hold_out")
    }

    /// Reads, fits or evaluates, scores.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let schedules = try ScheduleTable(
            Table(csv: context.input("schedule").bytes()), curve: "curve", step: "step",
            rate: parameters.text("rate"), from: parameters.integer("from_step"))
        let points = try SchedulePoints(
            context.points(of: "points"), schedules, parameters)
        let form = MultiPower(schedules.schedules)
        let objective = LawObjective(parameters, in: .log)
        var law: FittedLaw?
        let natural: [Double]
        let scale = form.units(x: points.x, y: points.y)
        if let given = try ScheduleLawDocument.given(parameters.value("at"), form) {
            natural = given
        } else {
            do {
                let fitter = LawFitter(form, objective, starts: parameters.integer("starts"))
                let found = try fitter.fit(x: points.x, y: points.y)
                (law, natural) = (found, found.natural)
            } catch { throw FormatError("\(error)") }
        }
        let document = ScheduleLawDocument(
            form: form, objective: objective, points: points, names: schedules.names,
            natural: natural, scale: scale, law: law, warmUp: parameters.integer("from_step"))
        try context.write("law", document.json().pretty())
        try context.write("predictions", document.table().csv())
    }
}
