import Canon
package import Experiment
import Glibc
import System
import Workbench

/// Measures how many of both gradients this machine computes in a second of processor time.
package enum FlowTimeStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "flow.time", version: 1,
        summary: """
            Measures how many ordinary and relative gradients of a flow this machine computes in a second of \
            processor time, over dimensions. A measurement: it belongs to the machine.
            """,
        source: "ours (docs/RELATIVE-GRADIENT.md)",
        parameters: [
            FlowParameters.dimensions, FlowParameters.layers, FlowParameters.batch,
            FlowParameters.slope, FlowParameters.density,
            Parameter(
                "repeats", .integer(1...1000), default: 5,
                "Times that each is timed, in turn; the fastest counts."),
            Parameter(
                "least", .number(from: 0, to: 60), default: 0.02,
                "Processor seconds that a timing takes at least: a gradient is repeated so long."),
        ],
        outputs: [
            OutputPort(
                "speeds", fileName: "speeds.csv",
                "d, ordinary and relative: gradients a processor second, forward and backward included."
            ),
            OutputPort("facts", fileName: "facts.json", "machine: what was measured on."),
        ], usesProfile: true, isMeasurement: true)

    /// Times.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let dimensions = parameters.integers("dimensions")
        let least = parameters.number("least")
        var table = Table(columns: ["d", "ordinary", "relative"])
        for (place, d) in dimensions.enumerated() {
            let trial = GradientTrial(
                dimension: d, layers: parameters.integer("layers"),
                batch: parameters.integer("batch"), slope: parameters.number("slope"),
                density: try FlowParameters.density(parameters), seed: 1,
                arithmetic: try context.arithmetic)
            var best = [Double](repeating: .infinity, count: GradientForm.allCases.count)
            for _ in 0..<parameters.integer("repeats") {
                for (row, form) in GradientForm.allCases.enumerated() {
                    best[row] = min(best[row], try seconds(trial, form, least: least))
                }
            }
            table.append([.number(Double(d))] + best.map { .finite(1 / $0) })
            context.progress(place + 1, of: dimensions.count, note: "d = \(d)")
        }
        try context.write("speeds", table.csv())
        let facts: JSON = ["machine": .string(MachineFingerprint.ofMeasurements)]
        try context.write("facts", facts.pretty())
    }

    /// What this thread has had: other work on the machine does not count.
    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }

    /// Processor seconds of one gradient, over as many as take `least` seconds.
    private static func seconds(
        _ trial: GradientTrial, _ form: GradientForm, least: Double
    ) throws -> Double {
        let start = processorSeconds()
        var count = 0
        while true {
            try trial.compute(form)
            count += 1
            let passed = processorSeconds() - start
            if passed >= least { return passed / Double(count) }
        }
    }
}
