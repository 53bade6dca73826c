import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Gradient descent on reused examples: simulation beside mean-field theory.
package enum DynamicsDescentStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "dynamics.descent", version: 1,
        summary: """
            Test and train losses of random features under gradient descent on P reused examples: \
            mean of many runs, and the mean-field recursion.
            """,
        source: """
            Bordelon et al. (2024), arXiv 2402.01092, by a published summary; the discrete \
            recursion and its one-pass solution are ours (docs/COMPUTE-OPTIMAL.md)
            """,
        parameters: DynamicsParameters.exponents + [
            Parameter("modes", .integer(2...20_000), default: 64, "Modes M, one by one."),
            Parameter(
                "size", .optional(.integer(1...100_000)), default: 24,
                "Model size N; null for infinite (then there are no runs)."),
            Parameter("samples", .integer(1...100_000), default: 40, "Examples P, reused."),
            Parameter(
                "rate", .number(from: 0, to: 10, openLow: true), default: 0.15, "Step size η."),
            Parameter("noise", .number(from: 0, to: 100), default: 0, "σ of the labels' noise."),
            Parameter("steps", .integer(1...2000), default: 80, "Steps of descent."),
            Parameter("runs", .integer(0...1_000_000), default: 1000, "Runs; 0 for theory alone."),
        ],
        outputs: [
            OutputPort(
                "losses", fileName: "losses.csv",
                "step; test and train by theory; mean test and train of the runs with standard errors."
            )
        ], isRandom: true, usesProfile: true)

    /// Solves, draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let spectrum = DynamicsSimulateStage.singleModes(parameters)
        let arithmetic = try context.arithmetic
        let (steps, runs) = (parameters.integer("steps"), parameters.integer("runs"))
        let size = parameters.isNull("size") ? nil : parameters.integer("size")
        let samples = parameters.integer("samples")
        let theory = MeanFieldDescent(
            spectrum, size: size.map { Double($0) } ?? .infinity, samples: Double(samples),
            rate: parameters.number("rate"), noise: parameters.number("noise"), steps: steps,
            arithmetic: arithmetic)
        // Sums and sums of squares of test and train, a step at a time.
        var sums = [Double](repeating: 0, count: 4 * steps)
        let count = size == nil ? 0 : runs
        for number in 0..<count {
            var stream = RandomStream(seed: context.seed, purpose: "run", index: UInt64(number))
            let one = FeatureDescent(
                spectrum, size: size ?? 1, samples: samples, rate: parameters.number("rate"),
                noise: parameters.number("noise"), steps: steps, stream: &stream,
                arithmetic: arithmetic)
            for step in 0..<steps {
                let (test, train) = (one.test[step], one.train[step])
                sums[4 * step] += test
                sums[4 * step + 1] += test * test
                sums[4 * step + 2] += train
                sums[4 * step + 3] += train * train
            }
            context.progress(number + 1, of: count, note: "runs")
        }
        var table = Table(columns: [
            "step", "test", "train", "test_mean", "test_se", "train_mean", "train_se",
        ])
        let n = Double(count)
        for step in 0..<steps {
            var row = [Double(step), theory.test[step], theory.train[step]].map { JSON.number($0) }
            for place in [4 * step, 4 * step + 2] {
                let mean = sums[place] / n
                let variance = max(0, sums[place + 1] / n - mean * mean)
                row += [.finite(mean), .finite((variance / (n - 1)).squareRoot())]
            }
            table.append(row)
        }
        try context.write("losses", table.csv())
    }
}
