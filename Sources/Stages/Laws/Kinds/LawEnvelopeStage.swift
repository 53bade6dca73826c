import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Approach 1: which model size is lowest at each compute along the training curves.
package enum LawEnvelopeStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.envelope", version: 3,
        summary:
            "Compute-optimal model size from the lower envelope of training curves, or of final losses.",
        source: "Hoffmann et al., arXiv 2203.15556, approach 1",
        parameters: [
            Parameter("run", .text, default: "run", "The column that names a run."),
            Parameter("n", .text, default: "N", "The column of model size."),
            Parameter("compute", .text, default: "C", "The column of compute."),
            Parameter("loss", .text, default: "loss", "The column of the loss."),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns that rows have to meet."
            ),
            Parameter(
                "curves", .boolean, default: true,
                """
                Whether rows are points of training curves whose schedules match their lengths; \
                false for final losses only.
                """),
            Parameter(
                "smooth", .number(from: 0, to: 10), default: 0,
                "Width in log C over which each curve's log loss is averaged first."),
            Parameter("points", .integer(2...100_000), default: 1500, "Places along log C."),
            Parameter(
                "at", .list(.number(from: 0, to: .infinity, openLow: true), count: 0...1000),
                default: [], unit: "FLOP", "Budgets to predict for."),
            Parameter(
                "bootstrap", .integer(0...100_000), default: 400, "Bootstrap samples of runs."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort(
                "points", "Runs: CSV tables, or JSON objects, arrays or lines of them",
                isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "allocation", fileName: "allocation.json", role: .allocation,
                "Exponents with intervals, predictions, warnings."),
            OutputPort("pairs", fileName: "pairs.csv", "C, N and loss along the envelope."),
        ],
        isRandom: true)

    /// A run: log C ascending, log loss, log N.
    private struct Run {
        let logN: Double
        let logC: [Double]
        let logLoss: [Double]

        func loss(_ place: Double) -> Double? {
            guard let first = logC.first, let last = logC.last, place >= first, place <= last else {
                return nil
            }
            guard let after = logC.firstIndex(where: { $0 >= place }), after > 0 else {
                return logLoss[0]
            }
            let t = (place - logC[after - 1]) / (logC[after] - logC[after - 1])
            return logLoss[after - 1] + t * (logLoss[after] - logLoss[after - 1])
        }
    }

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where")
    }

    /// Reads the runs, takes the envelope, fits the line.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let text = parameters.text("where")
        let isCurves = parameters.boolean("curves")
        let data = try LawData(
            context.points(of: "points"),
            columns: [parameters.text("n"), parameters.text("compute")],
            y: parameters.text("loss"),
            LawData.Selection(
                filter: text.isEmpty ? nil : Expression.parse(text),
                group: isCurves ? parameters.text("run") : nil))
        let runs = data.groups.map { rows -> Run in
            let sorted = rows.sorted { data.x[1][$0] < data.x[1][$1] }
            let logC = sorted.map { Elementary.log(data.x[1][$0]) }
            return Run(
                logN: Elementary.log(data.x[0][rows[0]]), logC: logC,
                logLoss: smoothed(
                    logC, sorted.map { Elementary.log(data.y[$0]) }, parameters.number("smooth")))
        }
        let envelope = isCurves ? along(runs, parameters.integer("points")) : pareto(runs)
        guard let line = StraightLine(envelope.map { $0.logC }, envelope.map { $0.logN }) else {
            throw FormatError(
                "expected runs whose envelope spans different compute, found \(envelope.count) points"
            )
        }
        let drawn = resample(context, runs, isCurves)
        let asked = parameters.integer("bootstrap")
        let samples = Allocation.isEnough(drawn.count, of: asked) ? drawn : []
        let level = parameters.number("confidence")
        let rows = parameters.numbers("at").map { compute -> JSON in
            let logC = Elementary.log(compute)
            func best(_ line: StraightLine) -> (n: Double, d: Double) {
                let n = Elementary.exp(line.value(logC))
                return (n, compute / (6 * n))
            }
            return Allocation.row(compute, best(line), samples.map(best), level)
        }
        let slopes = samples.map { $0.slope }
        let warnings =
            (isCurves ? [] : [LawEnvelopeStage.finalLosses])
            + Allocation.lost(drawn.count, of: asked)
            + Extrapolation.warnings(
                parameters.numbers("at"), beyond: data.x[1].max() ?? .infinity, "C")
        try context.write(
            "allocation",
            JSON.object([
                "format": "bitlaw/allocation/1",
                "method": .string(isCurves ? "envelope" : "envelope of final losses"),
                "confidence": .number(level), "at": .array(rows),
                "a": Allocation.number(line.slope, slopes, level),
                "b": Allocation.number(1 - line.slope, slopes.map { 1 - $0 }, level),
                "n0": .finite(Elementary.exp(line.intercept)),
                "points": .number(Double(envelope.count)),
                "warnings": .array(warnings.map { .string($0) }),
            ]).pretty())
        try context.write("pairs", pairs(envelope).csv())
    }

    /// The envelope as a table.
    private static func pairs(_ envelope: [Point]) -> Table {
        var table = Table(columns: ["C", "N", "loss"])
        for one in envelope {
            table.append([
                .finite(Elementary.exp(one.logC)), .finite(Elementary.exp(one.logN)),
                .finite(Elementary.exp(one.logLoss)),
            ])
        }
        return table
    }

    private static let finalLosses =
        "final losses only: the envelope of finished runs is not the published approach, which "
        + "follows training curves"

    /// The lines of runs drawn with replacement.
    private static func resample(
        _ context: StageContext, _ runs: [Run], _ isCurves: Bool
    ) -> [StraightLine] {
        let count = context.parameters.integer("bootstrap")
        return (0..<count).compactMap { sample in
            var stream = RandomStream(
                seed: context.seed, purpose: "envelope", index: UInt64(sample))
            let drawn = runs.map { _ in runs[stream.integer(below: runs.count)] }
            context.progress(sample + 1, of: count, note: "bootstrap")
            let part = isCurves ? along(drawn, 150) : pareto(drawn)
            return StraightLine(part.map { $0.logC }, part.map { $0.logN })
        }
    }

    /// The mean over all points at most half a width away; symmetric at the ends, so no end is biased.
    private static func smoothed(_ x: [Double], _ y: [Double], _ width: Double) -> [Double] {
        guard width > 0, let first = x.first, let last = x.last else { return y }
        return x.indices.map { place in
            let reach = min(width / 2, x[place] - first, last - x[place])
            let near = x.indices.filter { (x[$0] - x[place]).magnitude <= reach }
            return near.isEmpty
                ? y[place] : near.reduce(0.0) { $0 + y[$1] } / Double(near.count)
        }
    }

    private typealias Point = (logC: Double, logN: Double, logLoss: Double)

    /// The lowest run at log-spaced compute; places that no run reaches are skipped.
    private static func along(_ runs: [Run], _ count: Int) -> [Point] {
        let low = runs.compactMap { $0.logC.first }.min() ?? 0
        let high = runs.compactMap { $0.logC.last }.max() ?? 0
        return (0..<count).compactMap { step in
            let place = low + (high - low) * Double(step) / Double(count - 1)
            let here = runs.compactMap { run in run.loss(place).map { ($0, run.logN) } }
            return here.min { $0.0 < $1.0 }.map { (place, $0.1, $0.0) }
        }
    }

    /// Final losses that no run with as little compute undercuts.
    private static func pareto(_ runs: [Run]) -> [Point] {
        let ends = runs.compactMap { run -> Point? in
            guard let c = run.logC.last, let loss = run.logLoss.last else { return nil }
            return (c, run.logN, loss)
        }.sorted { ($0.logC, $0.logLoss, $0.logN) < ($1.logC, $1.logLoss, $1.logN) }
        var least = Double.infinity
        return ends.filter { point in
            guard point.logLoss < least else { return false }
            least = point.logLoss
            return true
        }
    }
}
