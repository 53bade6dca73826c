import Canon
package import Experiment
import Numerics
import Workbench

/// Trains students of several widths and learning rates on teachers.
package enum OptimalStudentsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.students", version: 1,
        summary:
            "Trains one-hidden-layer ReLU students, one pass with Adam, for every teacher, width and rate.",
        source: "our own: docs/COMPUTE-OPTIMAL.md; Adam: Kingma & Ba, arXiv 1412.6980",
        parameters: [
            Parameter("samples", .integer(8...100_000_000), "Examples T, each seen once."),
            Parameter(
                "widths", .list(.integer(1...4096), count: 1...50),
                default: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64], "Widths n of the students."),
            Parameter(
                "rates", .list(.number(from: 0, to: 10, openLow: true), count: 1...20),
                default: [0.003, 0.01, 0.03, 0.1], "Learning rates; one is chosen after averaging."),
            Parameter(
                "batch", .integer(8...1024), default: 32, "Examples in a step; a multiple of 8."),
            Parameter(
                "warmup", .integer(0...100_000), default: 20, "Steps over which the rate rises."),
            Parameter(
                "beta2", .number(from: 0.5, to: 0.99999), default: 0.99, "Adam's second constant."),
            Parameter("points", .integer(2...1_000_000), default: 4096, "Test inputs a teacher."),
        ],
        inputs: [InputPort("teachers", "teachers.npy of optimal.teachers")],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                """
                A row a run: width, rate, teacher, samples, dimension; error in nats at the end \
                and over the run (average), test_error (its standard error over test points), zero \
                (the error of predicting 0).
                """)
        ], isRandom: true, usesProfile: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let teachers = try OptimalTeachersStage.read(context.input("teachers"))
        let (samples, batch) = (parameters.integer("samples"), parameters.integer("batch"))
        guard batch % 8 == 0, samples % batch == 0 else {
            throw FormatError(
                "samples: expected a multiple of `batch`, and that a multiple of 8; found "
                    + "\(samples) and \(batch)")
        }
        let plan = StudentPlan(
            widths: parameters.integers("widths"), rates: parameters.numbers("rates"),
            samples: samples, batch: batch, warmup: parameters.integer("warmup"),
            beta2: parameters.number("beta2"))
        let training = StudentTraining(
            plan, teachers: teachers, seed: context.seed, arithmetic: try context.arithmetic)
        if let state = context.keptState(), training.restore(state) {
            context.log("taken up at step \(training.step) of \(plan.steps)")
        }
        while !training.isDone {
            training.advance()
            context.progress(training.step, of: plan.steps, note: "step \(training.step)")
            context.keepState { training.state }
        }
        let results = training.results(points: parameters.integer("points"))
        guard results.contains(where: { $0.error.isFinite }) else {
            throw FormatError("every run diverged; lower `rates`")
        }
        var table = Table(columns: [
            "width", "rate", "teacher", "samples", "dimension", "error", "test_error", "average",
            "zero",
        ])
        for run in results {
            // A run that diverged is infinitely bad; a table has no word for that but nothing.
            let numbers = [run.error, run.testError, run.average, run.zero]
            table.append(
                [
                    .number(Double(run.width)), .number(run.rate), .number(Double(run.teacher)),
                    .number(Double(samples)), .number(Double(teachers[0].dimension)),
                ] + numbers.map { .finite($0) })
        }
        try context.write("errors", table.csv())
    }
}
