import Canon
package import Experiment
import Numerics
import Workbench

/// Makes a task with a hidden factorial structure.
package enum FactorTaskStage: Stage {
    private static let sizes = ParameterType.list(.integer(1...1_000_000), count: 1...64)

    /// The contract.
    package static let kind = Kind(
        name: "factors.task", version: 1,
        summary: "Discrete data whose outputs depend, factor by factor, on few input factors.",
        source: "Arnal et al. (2024), arXiv 2411.01375: p(y|x) = Π p(y_j | parents of y_j)",
        parameters: [
            Parameter(
                "inputs", sizes, default: .array(Array(repeating: 2, count: 12)),
                "How many values each input factor has; N is their product."),
            Parameter(
                "outputs", sizes, default: [8, 8, 8, 8],
                "How many values each output factor has; M is their product."),
            Parameter(
                "parents", .integer(0...64), default: 2,
                "How many input factors each output depends on; all where there are fewer."),
            Parameter(
                "disjoint", .boolean, default: false,
                "Whether `parents` of different outputs are different inputs; ours."),
            Parameter(
                "edge_probability", .optional(.number(from: 0, to: 1)), default: .null,
                "Instead of `parents`: each edge is present with this probability; nested in it."),
            Parameter(
                "alpha", .list(.number(from: 1e-6, to: 1e6), count: 1...64), default: [0.1],
                "Dirichlet concentration of the rows: one for all outputs, or one for each."),
            Parameter(
                "draw", .integer(0...1_000_000), default: 0, "Which task of this seed."),
        ],
        outputs: [
            OutputPort(
                "task", fileName: "task.json",
                "Sizes of the factors, and each output's parents counted from 0."),
            OutputPort(
                "tables", fileName: "tables.npy",
                "[numbers, 1]: natural log p, output after output, state after state, value after "
                    + "value; of a state's factors the first listed parent runs fastest."),
        ],
        isRandom: true)

    /// Draws graph and tables.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (inputs, outputs) = (parameters.integers("inputs"), parameters.integers("outputs"))
        for (name, sizes) in [("inputs", inputs), ("outputs", outputs)] {
            guard FactorSpace.count(of: sizes) != nil else {
                throw FormatError(
                    "\(name): expected a product of at most \(Int32.max), found sizes \(sizes); "
                        + "take fewer or smaller factors")
            }
        }
        var concentrations = parameters.numbers("alpha")
        if concentrations.count == 1 {
            concentrations = outputs.map { _ in concentrations[0] }
        }
        guard concentrations.count == outputs.count else {
            throw FormatError(
                "alpha: expected 1 or \(outputs.count) numbers, one an output, found "
                    + "\(concentrations.count)")
        }
        // Another draw is another seed; every stream below mixes it with its purpose.
        var draws = RandomStream(
            seed: context.seed, purpose: "factor draw", index: UInt64(parameters.integer("draw")))
        let seed = draws.next64()
        let graph = try graph(parameters, inputs: inputs.count, outputs: outputs.count, seed)
        _ = try FactorTask.shapes(inputs: inputs, outputs: outputs, graph)
        let task = FactorTask(
            input: FactorSpace(inputs, .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: graph, concentrations: concentrations, seed: seed)
        try context.write("task", task.json.pretty())
        try context.write("tables", task.table.bytes())
    }

    private static func graph(
        _ parameters: Parameters, inputs: Int, outputs: Int, _ seed: UInt64
    ) throws -> FactorGraph {
        guard parameters.isNull("edge_probability") else {
            return FactorGraph(
                inputs: inputs, outputs: outputs,
                edgeProbability: parameters.number("edge_probability"), seed: seed)
        }
        let count = parameters.integer("parents")
        guard parameters.boolean("disjoint") else {
            return FactorGraph(inputs: inputs, outputs: outputs, parentCount: count, seed: seed)
        }
        guard
            let graph = FactorGraph(
                inputs: inputs, outputs: outputs, ownParentCount: count, seed: seed)
        else {
            throw FormatError(
                "disjoint: expected at least \(count * outputs) inputs for \(outputs) outputs with "
                    + "\(count) parents each, found \(inputs)")
        }
        return graph
    }
}
