import Canon
package import Experiment
import Numerics
import System
import Workbench

/// What counting does with the samples that a network trains on.
package enum FactorCountsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.counts", version: 1,
        summary:
            "Count estimators with known and unknown graph: mean KL divergence by sample count.",
        source:
            "the conjectured rate χ/ε of arXiv 2411.01375 is that of the known graph; the table over pairs "
            + "is our baseline of a learner without structure",
        parameters: [
            Parameter(
                "from", .integer(1...1_000_000_000), default: 512, "Samples of the first row."),
            Parameter(
                "to", .integer(1...1_000_000_000), default: 512_000, "Samples of the last row."),
            Parameter("points", .integer(1...1000), default: 13, "Rows of each estimator."),
            Parameter(
                "constant", .number(from: 0, to: 1e6, openLow: true), default: 0.1,
                "Added to the counts of the known graph."),
            Parameter(
                "estimators", .choice(["known", "both"]), default: "both",
                "Whether the table over pairs is counted too; it keeps every pair that was drawn."),
        ],
        inputs: FactorTask.ports,
        outputs: [
            OutputPort(
                "counts", fileName: "counts.csv",
                "samples; estimator: known graph or unknown graph; excess: the mean over x of "
                    + "KL(p ‖ estimate), nats; constant: added to counts, for the unknown graph the best "
                    + "of e^(k/2), k = -16 … 8, chosen knowing p; chi; rate: chi / (2 samples).")
        ],
        isRandom: true)

    /// Counts the first so many of one sample, for growing numbers.
    package static func run(_ context: StageContext) throws {
        let task = try FactorTask(context)
        let parameters = context.parameters
        let sizes = try grid(
            parameters.integer("from"), parameters.integer("to"), parameters.integer("points"))
        let constant = parameters.number("constant")
        let countsPairs = parameters.text("estimators") == "both"
        let constants = (-16...8).map { Elementary.exp(Double($0) / 2) }
        var stream = RandomStream(seed: context.seed, purpose: "factor counts")
        var known = KnownGraphCounts(task)
        var pairs: [(x: Int, y: Int)] = []
        var drawn = 0
        let chi = Double(task.statisticalComplexity)
        var table = Table(columns: [
            "samples", "estimator", "excess", "constant", "chi", "rate",
        ])
        for (place, size) in sizes.enumerated() {
            while drawn < size {
                let pair = task.sample(stream: &stream)
                known.add(x: pair.x, y: pair.y)
                if countsPairs { pairs.append(pair) }
                drawn += 1
            }
            let rate = chi / Double(2 * size)
            table.append([
                .number(Double(size)), "known graph", .number(known.excess(constant: constant)),
                .number(constant), .number(chi), .number(rate),
            ])
            if countsPairs {
                let best = PairCounts(task, pairs: pairs).best(of: constants)
                table.append([
                    .number(Double(size)), "unknown graph", .number(best.excess),
                    .number(best.constant), .number(chi), .number(rate),
                ])
            }
            context.progress(place + 1, of: sizes.count, note: "\(size) samples")
        }
        try context.write("counts", table.csv())
    }

    /// Whole numbers at equal ratios, both ends exact, none twice.
    private static func grid(_ from: Int, _ to: Int, _ points: Int) throws -> [Int] {
        guard from <= to, points > 1 || from == to else {
            throw FormatError(
                "expected `from` of at most `to`, and 2 points where they differ; found \(from), "
                    + "\(to) and \(points)")
        }
        let (low, high) = (Elementary.log(Double(from)), Elementary.log(Double(to)))
        var sizes: [Int] = []
        for place in 0..<points {
            let t = points > 1 ? Double(place) / Double(points - 1) : 0
            let size =
                place == 0
                ? from
                : place == points - 1
                    ? to : Int(Elementary.exp(low + t * (high - low)).rounded())
            if sizes.last != size { sizes.append(size) }
        }
        return sizes
    }
}
