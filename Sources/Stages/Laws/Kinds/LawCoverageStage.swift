import Canon
package import Experiment
import Numerics
import System
import Workbench

/// How often intervals hold the truth, by simulation.
package enum LawCoverageStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.coverage", version: 1,
        summary: """
            Draws data from a known law many times, fits each, and counts how often each kind of \
            interval holds the truth.
            """,
        source: "our own",
        parameters: LawWorld.parameters + [
            Parameter("simulations", .integer(1...100_000), default: 200, "Data sets to draw."),
            Parameter("bootstrap", .integer(20...100_000), default: 200, "Samples of each."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        outputs: [
            OutputPort(
                "coverage", fileName: "coverage.csv",
                "For each parameter the share of intervals that hold the truth, and its error.")
        ],
        isRandom: true)

    /// Draws, fits, counts.
    package static func run(_ context: StageContext) throws {
        let world = try LawWorld(context.parameters)
        let level = context.parameters.number("confidence")
        let total = context.parameters.integer("simulations")
        let fitter = LawFitter(world.form, LawObjective(.squares, in: .log))
        let names = world.form.parameters.map { $0.name }
        let kinds = ["percentile", "bca", "profile"]
        var hits = names.map { _ in kinds.map { _ in (held: 0, made: 0) } }
        var refused = 0
        for simulation in 0..<total {
            context.progress(simulation, of: total)
            let y = world.draw(seed: context.seed, index: simulation)
            guard let law = try? fitter.fit(x: world.x, y: y) else {
                refused += 1
                continue
            }
            let bootstrap = LawBootstrap(
                fitter, law, ScaledPoints(x: world.x, y: y, scale: law.scale),
                groups: y.indices.map { [$0] },
                seed: context.seed &+ UInt64(simulation),
                count: context.parameters.integer("bootstrap"))
            for (place, name) in names.enumerated() {
                let values = bootstrap.samples.map { $0[place] }
                let profile = ProfileInterval(
                    fitter, law, x: world.x, y: y, parameter: name, confidence: level)
                let intervals = [
                    BootstrapInterval.percentile(values, level),
                    BootstrapInterval.bca(
                        values, estimate: law.natural[place],
                        leftOut: bootstrap.leftOut.filter { !$0.isEmpty }.map { $0[place] }, level),
                    profile.map { ($0.low, $0.high) },
                ]
                for (kind, interval) in intervals.enumerated() {
                    guard let interval else { continue }
                    hits[place][kind].made += 1
                    let truth = world.natural[place]
                    if interval.low <= truth && truth <= interval.high {
                        hits[place][kind].held += 1
                    }
                }
            }
        }
        var table = Table(columns: [
            "parameter", "interval", "level", "coverage", "error", "intervals", "refused",
        ])
        for (place, name) in names.enumerated() {
            for (kind, hit) in zip(kinds, hits[place]) where hit.made > 0 {
                let share = Double(hit.held) / Double(hit.made)
                let error = (share * (1 - share) / Double(hit.made)).squareRoot()
                table.append([
                    .string(name), .string(kind), .number(level), .number(share), .number(error),
                    .number(Double(hit.made)), .number(Double(refused)),
                ])
            }
        }
        try context.write("coverage", table.csv())
    }
}
