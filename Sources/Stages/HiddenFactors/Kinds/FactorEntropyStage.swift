import Canon
package import Experiment
import Numerics
import Workbench

/// Checks the generator of tasks against what theory says of it.
package enum FactorEntropyStage: Stage {
    private static let sizes = ParameterType.list(.integer(1...1_000_000), count: 1...64)

    /// The contract.
    package static let kind = Kind(
        name: "factors.entropy", version: 1,
        summary:
            "The mean KL divergence of random tasks from the uniform distribution, against its expectation.",
        source:
            "E H = ψ(q α + 1) − ψ(α + 1) for rows from a symmetric Dirichlet distribution; arXiv 2411.01375 "
            + "for the tasks",
        parameters: [
            Parameter(
                "inputs", sizes, default: .array(Array(repeating: 2, count: 12)), "Input factors."),
            Parameter("outputs", sizes, default: [8, 8, 8, 8], "Output factors."),
            Parameter("parents", .integer(0...64), default: 2, "Parents of each output."),
            Parameter(
                "alpha", .number(from: 1e-6, to: 1e6), default: 0.1, "Dirichlet concentration."),
            Parameter("draws", .integer(2...1_000_000), default: 200, "How many tasks."),
            Parameter(
                "pairs", .integer(0...10_000), default: 4,
                "Pairs of inputs an output, of the first eight tasks, whose marginals are compared."
            ),
        ],
        outputs: [
            OutputPort(
                "entropy", fileName: "entropy.json",
                "mean, standard_error, least, largest over draws of log M - H(Y|X) in nats; expected; "
                    + "difference: relative; violation: how much p(y_j|x) changes, at most, with inputs "
                    + "that are no parents; N, M, chi, draws.")
        ],
        isRandom: true)

    /// Draws, averages, compares.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (inputs, outputs) = (parameters.integers("inputs"), parameters.integers("outputs"))
        for sizes in [inputs, outputs] where FactorSpace.count(of: sizes) == nil {
            throw FormatError("expected sizes with a product below 2³¹, found \(sizes)")
        }
        let alpha = parameters.number("alpha")
        let count = parameters.integer("draws")
        var seeds = RandomStream(seed: context.seed, purpose: "factor entropy")
        var pairs = RandomStream(seed: context.seed, purpose: "factor pairs")
        var excesses: [Double] = []
        var (violation, chi) = (0.0, 0)
        for draw in 0..<count {
            let seed = seeds.next64()
            let graph = FactorGraph(
                inputs: inputs.count, outputs: outputs.count,
                parentCount: parameters.integer("parents"), seed: seed)
            _ = try FactorTask.shapes(inputs: inputs, outputs: outputs, graph)
            let task = FactorTask(
                input: FactorSpace(inputs, .firstFastest),
                output: FactorSpace(outputs, .lastFastest), graph: graph,
                concentrations: outputs.map { _ in alpha }, seed: seed)
            excesses.append(task.uniformExcess)
            chi = task.statisticalComplexity
            if draw < 8 {
                violation = max(
                    violation,
                    task.markovViolation(pairs: parameters.integer("pairs"), stream: &pairs))
            }
            context.progress(draw + 1, of: count)
        }
        let mean = excesses.reduce(0, +) / Double(count)
        let variance =
            excesses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        let states = outputs.reduce(1) { $0 * $1 }
        let expected =
            Elementary.log(Double(states))
            - outputs.reduce(0) {
                $0 + DirichletEntropy.expected(concentration: alpha, count: $1)
            }
        let facts: JSON = [
            "N": .number(Double(inputs.reduce(1) { $0 * $1 })), "M": .number(Double(states)),
            "chi": .number(Double(chi)), "draws": .number(Double(count)), "mean": .number(mean),
            "standard_error": .number((variance / Double(count)).squareRoot()),
            "least": .finite(excesses.min()), "largest": .finite(excesses.max()),
            "expected": .number(expected), "difference": .finite((mean - expected) / expected),
            "violation": .number(violation),
        ]
        try context.write("entropy", facts.pretty())
    }
}
