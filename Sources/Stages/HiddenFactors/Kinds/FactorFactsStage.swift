import Canon
package import Experiment
import Workbench

/// What a task is like before anything is learned.
package enum FactorFactsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.facts", version: 2,
        summary: "Sizes, entropies and the complexities χ and χ̄ of a task, all exact.",
        source: "Arnal et al. (2024), arXiv 2411.01375, and the authors' public code",
        inputs: FactorTask.ports,
        outputs: [
            OutputPort(
                "facts", fileName: "facts.json",
                """
                N, M; chi = Σ q_j |pa_j| and chibar = Σ min(q_j, |pa_j|) over outputs with \
                parents; edges; in nats with x uniform: entropy H(Y|X), uniform_excess log M - \
                H(Y|X), input_free_excess I(X; Y), the least that a predictor blind to x can have \
                (null where N · M is over 2²⁶), factor_entropies H(Y_j|X); parent_states |pa_j|.
                """)
        ])

    /// Reads and sums.
    package static func run(_ context: StageContext) throws {
        let task = try FactorTask(context)
        let facts: JSON = [
            "N": .number(Double(task.input.count)), "M": .number(Double(task.output.count)),
            "chi": .number(Double(task.statisticalComplexity)),
            "chibar": .number(Double(task.widthComplexity)),
            "edges": .number(Double(task.graph.parents.reduce(0) { $0 + $1.count })),
            "entropy": .number(task.entropy), "uniform_excess": .number(task.uniformExcess),
            "input_free_excess":
                task.input.count * task.output.count <= 1 << 26
                ? .number(task.inputFreeExcess) : .null,
            "factor_entropies": .array(task.tables.map { .number($0.entropy) }),
            "parent_states": .array(task.tables.map { .number(Double($0.states)) }),
        ]
        try context.write("facts", facts.pretty())
    }
}
