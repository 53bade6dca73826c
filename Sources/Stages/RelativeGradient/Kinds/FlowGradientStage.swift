import Canon
package import Experiment
import Workbench

/// The ordinary and the relative gradient of one flow on one batch: that they agree, and what each costs.
package enum FlowGradientStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "flow.gradient", version: 1,
        summary: """
            The ordinary and the relative gradient of a flow on one batch: how far the transported ordinary \
            one is from the relative one, and counted operations of each.
            """,
        source: """
            the relative gradient is textbook; its use in deep flows: arXiv 2006.15090, abstract and code; \
            counts are ours (docs/RELATIVE-GRADIENT.md)
            """,
        parameters: [
            FlowParameters.dimensions, FlowParameters.layers, FlowParameters.batch,
            FlowParameters.slope, FlowParameters.density,
        ],
        outputs: [
            OutputPort(
                "gradients", fileName: "gradients.csv",
                """
                d, distance |R − G·Wᵀ·W|/|R| of the relative gradient R and the ordinary G, ordinary and \
                relative: operations of products and eliminations, counted; elementwise ones are not.
                """)
        ], isRandom: true, usesProfile: true)

    /// Computes both at each dimension.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let dimensions = parameters.integers("dimensions")
        var table = Table(columns: ["d", "distance", "ordinary", "relative"])
        for (place, d) in dimensions.enumerated() {
            let trial = GradientTrial(
                dimension: d, layers: parameters.integer("layers"),
                batch: parameters.integer("batch"), slope: parameters.number("slope"),
                density: try FlowParameters.density(parameters), seed: context.seed,
                arithmetic: try context.arithmetic)
            let ordinary = try trial.compute(.ordinary)
            let relative = try trial.compute(.relative)
            table.append(
                [Double(d), trial.distance(), Double(ordinary), Double(relative)].map {
                    .finite($0)
                })
            context.progress(place + 1, of: dimensions.count, note: "d = \(d)")
        }
        try context.write("gradients", table.csv())
    }
}
