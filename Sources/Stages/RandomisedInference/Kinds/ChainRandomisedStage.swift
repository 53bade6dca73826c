import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Estimates of a chain's partition function by a forward pass over K of its N states.
package enum ChainRandomisedStage: Stage {
    private enum Proposal: String, CaseIterable {
        case uniform, local, marginal
    }

    /// The contract.
    package static let kind = Kind(
        name: "chain.randomised", version: 1,
        summary: """
            Estimates the partition function of a chain of N states by forward passes over K of them: bias, \
            mean square error and operations against exact dynamic programming.
            """,
        source: """
            restricting and reweighting dynamic programming on few states: Fu et al., arXiv 2112.03638, \
            abstract; the estimator, its variance and the chain are ours (docs/RANDOMISED-INFERENCE.md)
            """,
        parameters: [
            Parameter("states", .integer(2...20_000), "States N of the chain."),
            Parameter("steps", .integer(1...10_000), default: 10, "Steps T of the chain."),
            Parameter(
                "spread", .number(from: 0, to: 10), default: 1,
                "Standard deviation of the logarithms of a step's potentials."),
            Parameter(
                "coupling", .number(from: 0, to: 10), default: 1,
                "Standard deviation of the logarithms of transitions."),
            Parameter(
                "rank", .integer(1...4096), default: 8, "Rank of the logarithms of transitions."),
            Parameter(
                "proposal", .choice(Proposal.allCases.map { $0.rawValue }), default: "local",
                """
                States are drawn uniform, by a step's potentials, or by exact marginals, which need the \
                exact pass.
                """),
            Parameter(
                "share", .number(from: 0, to: 1), default: 0,
                "Share of K that goes to the most probable states, which always enter."),
            Parameter(
                "budgets", .list(.integer(2...20_000), count: 1...100),
                "Numbers K of states a step."),
            Parameter("trials", .integer(2...1_000_000), default: 200, "Estimates for each K."),
            Parameter(
                "predict", .boolean, default: .bool(false),
                "Also the exact mean square error, at 4·N³ operations a step; up to 4,000 states."),
        ],
        outputs: [
            OutputPort(
                "errors", fileName: "errors.csv",
                """
                k, mean and se of the estimates over Z, mse of them and mse_se, predicted (exact mse), \
                first_order (its part in 1/K), log_bias, edges, operations, work (mse·operations).
                """),
            OutputPort(
                "facts", fileName: "facts.json",
                "log_z, edges and operations of the exact pass, effective: states that marginals fill."
            ),
        ], isRandom: true, usesProfile: true)

    /// Estimates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (states, steps) = (parameters.integer("states"), parameters.integer("steps"))
        let predicts = parameters.boolean("predict")
        guard !predicts || states <= 4000 else {
            throw FormatError(
                "predict: expected at most 4,000 states, found \(states)\n  fix: leave predict out")
        }
        let arithmetic = try context.arithmetic
        let model = ChainModel(
            states: states, steps: steps, spread: parameters.number("spread"),
            coupling: parameters.number("coupling"), rank: parameters.integer("rank"),
            seed: context.seed, arithmetic: arithmetic)
        let exact = ExactInference(model, arithmetic: arithmetic)
        let proposals = proposals(parameters.text("proposal"), model, exact)
        var table = Table(columns: [
            "k", "mean", "se", "mse", "mse_se", "predicted", "first_order", "log_bias", "edges",
            "operations", "work",
        ])
        let budgets = parameters.integers("budgets")
        for (place, budget) in budgets.enumerated() {
            let forward = RandomisedForward(
                model,
                samplers: proposals.map {
                    StateSampler(
                        proposal: $0, budget: budget, share: parameters.number("share"))
                })
            let trials = Trials(
                forward, logZ: exact.logZ, count: parameters.integer("trials"),
                seed: context.seed)
            let predicted =
                predicts
                ? forward.meanSquareError(logZ: exact.logZ, arithmetic: arithmetic) : Double.nan
            let first = zip(forward.samplers, exact.marginals).reduce(0.0) {
                $0 + $1.0.variance(of: $1.1)
            }
            let edges = Double(min(budget, states) * min(budget, states) * (steps - 1))
            table.append(
                [
                    Double(budget), trials.mean, trials.error, trials.meanSquare,
                    trials.meanSquareError, predicted, first, trials.logBias, edges, 2 * edges,
                    2 * edges * (predicts ? predicted : trials.meanSquare),
                ].map { .finite($0) })
            context.progress(place + 1, of: budgets.count, note: "K = \(budget)")
        }
        try context.write("errors", table.csv())
        let effective = exact.marginals.map { p in 1 / p.reduce(0) { $0 + $1 * $1 } }
        let edges = Double(states * states * (steps - 1))
        let facts: JSON = [
            "log_z": .number(exact.logZ), "edges": .number(edges),
            "operations": .number(2 * edges),
            "effective": .number(effective.reduce(0, +) / Double(steps)),
        ]
        try context.write("facts", facts.pretty())
    }

    private static func proposals(
        _ name: String, _ model: ChainModel, _ exact: ExactInference
    ) -> [[Double]] {
        switch Proposal(rawValue: name) {
        case .uniform: model.potentials.map { $0.map { _ in 1 / Double(model.states) } }
        case .marginal: exact.marginals
        case .local, nil: model.potentials
        }
    }

    /// Estimates over Z.
    private struct Trials {
        let mean, error, meanSquare, meanSquareError, logBias: Double

        init(_ forward: RandomisedForward, logZ: Double, count: Int, seed: UInt64) {
            var logarithms: [Double] = []
            for trial in 0..<count {
                var stream = RandomStream(seed: seed, purpose: "states", index: UInt64(trial))
                logarithms.append(forward.logEstimate(&stream) - logZ)
            }
            func moments(_ values: [Double]) -> (mean: Double, error: Double) {
                let mean = values.reduce(0, +) / Double(count)
                let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return (mean, (squares / Double((count - 1) * count)).squareRoot())
            }
            let ratios = logarithms.map { Elementary.expm1($0) }
            let first = moments(ratios)
            let second = moments(ratios.map { $0 * $0 })
            (mean, error) = (1 + first.mean, first.error)
            (meanSquare, meanSquareError) = (second.mean, second.error)
            logBias = moments(logarithms).mean
        }
    }
}
