import Canon
package import Experiment
import Workbench

/// Measures how perplexity falls with compute, and where two architectures meet.
package enum ComputeTrendsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.trends", version: 1,
        summary: """
            Straight lines through the logarithms of perplexity and hours, one an architecture, and \
            the hours at which two lines meet, with bootstrap intervals.
            """,
        source:
            "the protocol of Stanić et al. (2023), arXiv 2309.11197; the interval of the crossing is ours",
        parameters: [
            Parameter(
                "bootstrap", .integer(100...100_000), default: 2000,
                "Samples of replicates for the intervals.")
        ],
        inputs: [InputPort("scores", "score.json of compute.train", isCollection: true)],
        outputs: [
            OutputPort(
                "trends", fileName: "trends.json",
                """
                Slope of each architecture and crossing in hours, each value with low and high; \
                parallel_samples: bootstrap samples whose lines do not meet.
                """)
        ], isRandom: true)

    /// Fits, resamples.
    package static func run(_ context: StageContext) throws {
        let trends = try EqualComputeTrends(
            context.inputs("scores"), seed: context.seed,
            samples: context.parameters.integer("bootstrap"))
        try context.write("trends", trends.json.pretty())
    }
}
