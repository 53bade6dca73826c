import Canon
package import Experiment
import Numerics
import Workbench

/// Adds the sums over a schedule that laws of learning rates are made of, such as the annealing law.
package enum ScheduleSumsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "schedule.sums", version: 1,
        summary: """
            Adds to points the sum of learning rates up to their step (S1), and the annealing area (S2).
            """,
        source: "Tissue et al., arXiv 2408.11029",
        parameters: [
            Parameter("curve", .text, default: "curve", "The column that names the schedule."),
            Parameter("step", .text, default: "step", "The column of steps, from 0."),
            Parameter("rate", .text, default: "rate", "The column of rates in `schedule`."),
            Parameter(
                "decay", .number(from: 0, to: 1), default: 0.999,
                "lambda: S2 sums the falls of the rate so far, each times lambda to its age in steps."
            ),
            Parameter(
                "from_step", .integer(1...100_000_000), default: 1,
                "The first step whose change of the rate counts in S2: that after the warm-up."),
        ],
        inputs: [
            InputPort(
                "points", "rows with a curve and a step", isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "schedule", "curve, step and rate: a row for each step, as of schedule.rates"),
        ],
        outputs: [OutputPort("table", fileName: "table.csv", "The points, with S1 and S2.")])

    /// Sums, looks up, adds.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (curve, step) = (parameters.text("curve"), parameters.text("step"))
        let schedules = try ScheduleTable(
            Table(csv: context.input("schedule").bytes()), curve: "curve", step: "step",
            rate: parameters.text("rate"), from: parameters.integer("from_step"))
        let areas = schedules.schedules.map { $0.annealing(parameters.number("decay")) }
        let points = try context.points(of: "points")
        for name in ["S1", "S2"] where points.columns.contains(name) {
            throw FormatError("points: the column \(name) is there already; rename it")
        }
        let (curves, steps) = (try points.points(of: curve), try points.points(of: step))
        var table = Table(columns: points.columns + ["S1", "S2"])
        for row in points.rows.indices {
            let at = try schedules.place(curves[row], steps[row], points.place(ofRow: row))
            table.append(
                points.rows[row] + [
                    .number(schedules.schedules[at.curve].sums[at.step]),
                    .number(areas[at.curve][at.step]),
                ])
        }
        try context.write("table", table.csv())
    }
}
