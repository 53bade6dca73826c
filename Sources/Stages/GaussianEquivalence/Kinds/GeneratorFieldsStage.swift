import Canon
package import Experiment
import Numerics
import System
import Workbench

/// How Gaussian a student's fields are on a generator's data.
package enum GeneratorFieldsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "generator.fields", version: 2,
        summary: """
            Excess kurtosis of a student's field on a generator's data, and the error at the start: \
            formula against drawn examples, over instances.
            """,
        source: """
            Goldt et al., arXiv 2006.14709, for the formula; the measures are ours \
            (docs/GAUSSIAN-EQUIVALENCE.md)
            """,
        parameters: EquivalenceParameters.generator + EquivalenceParameters.committees + [
            EquivalenceParameters.data,
            Parameter(
                "draws", .integer(2...10_000), default: 16,
                "Instances, numbered from `instance` on."),
            Parameter(
                "examples", .integer(64...100_000_000), default: 20_000,
                "Examples of each instance, up to the next multiple of 64."),
        ],
        outputs: [
            OutputPort(
                "fields", fileName: "fields.json",
                """
                kurtosis, kurtosis_se: excess, mean over instances; relative_rms: root mean square \
                of measured error/formula − 1; formula, measured: means.
                """)
        ], isRandom: true, usesProfile: true)

    /// Draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        guard let data = GeneratedKind(rawValue: parameters.text("data")) else {
            throw FormatError("data: no such data")
        }
        let draws = parameters.integer("draws")
        let blocks = (parameters.integer("examples") - 1) / GeneratedExamples.block + 1
        let arithmetic = try context.arithmetic
        var found: [FieldStatistics] = []
        for draw in 0..<draws {
            let instance = EquivalenceParameters.instance(parameters, offset: draw)
            found.append(
                FieldStatistics(
                    instance, kind: data, blocks: blocks, seed: context.seed,
                    arithmetic: arithmetic))
            context.progress(draw + 1, of: draws, note: "D = \(instance.model.latents)")
        }
        let kurtosis = RunningMean(found.map { $0.kurtosis })
        let squares = found.map {
            ($0.measured / $0.formula - 1) * ($0.measured / $0.formula - 1)
        }
        let document: JSON = [
            "kurtosis": .number(kurtosis.mean), "kurtosis_se": .number(kurtosis.standardError),
            "relative_rms": .number(RunningMean(squares).mean.squareRoot()),
            "formula": .number(RunningMean(found.map { $0.formula }).mean),
            "measured": .number(RunningMean(found.map { $0.measured }).mean),
        ]
        try context.write("fields", document.pretty())
    }
}
