import Canon
package import Experiment
import Numerics
import System
import Workbench

/// One-pass SGD on a generator's data, or on its Gaussian equivalent.
package enum GeneratorSGDStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "generator.sgd", version: 1,
        summary: """
            One-pass SGD of a two-layer student on examples of a random generator that a teacher \
            labels by their latents.
            """,
        source: """
            Goldt et al., arXiv 2006.14709, and github.com/sgoldt/gaussian-equiv-2layer at 2a05db0 \
            for model and rates; scaled rows are ours (docs/GAUSSIAN-EQUIVALENCE.md)
            """,
        parameters: EquivalenceParameters.generator + EquivalenceParameters.committees
            + EquivalenceParameters.learning + [
                EquivalenceParameters.data,
                Parameter(
                    "second", .choice(["fixed", "learned"]), default: "fixed",
                    "The second layer: fixed at 1, or learned at η/N from 1 on."),
                Parameter(
                    "tests", .integer(1...1_000_000), default: 10_000,
                    "Examples of a test, up to the next multiple of 64; the same each time."),
            ],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                t = steps/N; error: half the mean square by the formula for Gaussian fields; test: \
                on drawn examples; source: the data.
                """)
        ], isRandom: true, usesProfile: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let times = try EquivalenceParameters.times(parameters)
        guard let data = GeneratedKind(rawValue: parameters.text("data")) else {
            throw FormatError("data: no such data")
        }
        let instance = EquivalenceParameters.instance(parameters)
        let arithmetic = try context.arithmetic
        var training = GeneratedDescent(
            instance, kind: data, rate: parameters.number("rate"),
            learnsBoth: parameters.text("second") == "learned", seed: context.seed,
            arithmetic: arithmetic)
        let tests = GeneratedExamples(
            instance.model, kind: data, seed: context.seed, purpose: "test",
            arithmetic: arithmetic)
        let blocks = (parameters.integer("tests") - 1) / GeneratedExamples.block + 1
        var table = Table(columns: ["t", "error", "test", "source"])
        for (place, time) in times.enumerated() {
            let step = Int((time * Double(instance.model.inputs)).rounded())
            guard training.advance(to: step) else {
                throw FormatError(
                    "training diverged at step \(training.step): an output is not finite; lower `rate`"
                )
            }
            table.append([
                .number(Double(step) / Double(instance.model.inputs)), .finite(training.error),
                .finite(training.measured(tests, blocks: blocks)), .string(data.rawValue),
            ])
            context.progress(place + 1, of: times.count, note: "t = \(time)")
        }
        try context.write("curve", table.csv())
    }
}
