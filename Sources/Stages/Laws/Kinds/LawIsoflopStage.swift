import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Approach 2: the model size of the lowest loss at each budget, and a line through them.
package enum LawIsoflopStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.isoflop", version: 6,
        summary:
            """
            Compute-optimal model size from IsoFLOP curves: a minimum at each budget, then N* = n0 C^a. \
            Runs of one size and budget count as their mean, weighted by their number.
            """,
        source:
            "Hoffmann et al., arXiv 2203.15556, approach 2; Akima's curve: Porian et al., arXiv 2406.19146",
        parameters: [
            Parameter("n", .text, default: "N", "The column of model size."),
            Parameter("compute", .text, default: "C", "The column of the budget."),
            Parameter("loss", .text, default: "loss", "The column of the loss."),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns that rows have to meet."
            ),
            Parameter(
                "budgets", .list(.number(from: 0, to: .infinity, openLow: true), count: 0...1000),
                default: [], unit: "FLOP",
                """
                Budgets that rows are assigned to, the nearest in log C; empty where rows share \
                theirs exactly.
                """),
            Parameter(
                "budget_width", .number(from: 0, to: 10), default: 0.15,
                "With budgets: rows further away in log C are left out."),
            Parameter(
                "minimum", .choice(CurveMinimum.Method.allCases.map { $0.rawValue }),
                default: "parabola",
                "Parabola or cubic of the loss in log N, or Akima's curve through log-log points."),
            Parameter("min_sizes", .integer(3...1000), default: 4, "Sizes that a budget needs."),
            Parameter(
                "outside", .choice(["drop", "keep"]), default: "drop",
                "What to do with a vertex outside of the sizes tried; it is flagged either way."),
            Parameter(
                "at", .list(.number(from: 0, to: .infinity, openLow: true), count: 0...1000),
                default: [], unit: "FLOP", "Budgets to predict for."),
            Parameter(
                "flops_per_token", .text, default: "6*N", "An expression over N, for D* = C / it."),
            Parameter(
                "noise", .number(from: 0, to: 1), default: 0,
                """
                Standard deviation of log loss between runs: added in each bootstrap sample, in place of \
                drawing sizes and replicates.
                """),
            Parameter("bootstrap", .integer(0...100_000), default: 400, "Bootstrap samples."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort(
                "points", "Runs: CSV tables, or JSON objects, arrays or lines of them",
                isCollection: true, takesSeveralStages: true),
            InputPort(
                "law", "law.json of a surface, to estimate the bias of the grid", isOptional: true),
        ],
        outputs: [
            OutputPort(
                "allocation", fileName: "allocation.json", role: .allocation,
                "Each budget's minimum, replicates, exponents with intervals, predictions, warnings."
            ),
            OutputPort("pairs", fileName: "pairs.csv", "C, N*, D* and loss of the budgets used."),
            OutputPort(
                "plot", fileName: "plot.json",
                "To draw: loss over N at each budget, with the minima."),
        ],
        isRandom: true)

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where", "flops_per_token")
    }

    /// Reads, finds the minima, fits the line, resamples.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let runs = try IsoflopRuns(
            context.points(of: "points"), parameters: parameters)
        let method = CurveMinimum.Method(rawValue: parameters.text("minimum")) ?? .parabola
        let keepsOutside = parameters.text("outside") == "keep"
        let found = runs.budgets.map { $0.minimum(method, parameters.integer("min_sizes")) }
        let used = found.indices.filter {
            found[$0].place != nil && (keepsOutside || found[$0].isInside)
        }
        guard !used.isEmpty else {
            let reasons = zip(runs.budgets, found).map {
                "\(Markup.significant($0.compute)): \($1.reason)"
            }
            throw FormatError(
                "expected at least one budget with a minimum inside, found none "
                    + "(\(reasons.joined(separator: "; "))); add sizes on both sides of the minimum"
            )
        }
        var line: StraightLine?
        if used.count >= IsoflopResult.fewest {
            let logC = used.map { Elementary.log(runs.budgets[$0].compute) }
            line = StraightLine(logC, used.compactMap { found[$0].place })
        }
        let file = try context.inputs("law").first.map { try LawFile(JSON(parsing: $0.bytes())) }
        let bias = file.flatMap { IsoflopBias(runs: runs, used: used, law: $0, method: method) }
        let text = parameters.text("flops_per_token")
        let result = IsoflopResult(
            runs: runs, found: found, used: used, line: line,
            samples: line == nil ? [] : resample(context, runs, used, method, keepsOutside),
            bias: bias, context: context,
            cost: text == "6*N" ? .sixND : .expression(try Expression.parse(text)))
        try context.write("allocation", try result.json().pretty())
        try context.write("pairs", try result.pairs().csv())
        try context.write("plot", result.plot().text())
    }

    /// Sizes drawn with replacement within each budget and replicates within each size, or noise added; the
    /// line through the new minima.
    private static func resample(
        _ context: StageContext, _ runs: IsoflopRuns, _ used: [Int], _ method: CurveMinimum.Method,
        _ keepsOutside: Bool
    ) -> [StraightLine] {
        let noise = context.parameters.number("noise")
        let sizes = context.parameters.integer("min_sizes")
        let count = context.parameters.integer("bootstrap")
        return (0..<count).compactMap { sample in
            context.progress(sample + 1, of: count, note: "bootstrap")
            var (x, y): ([Double], [Double]) = ([], [])
            for index in used {
                var stream = RandomStream(
                    seed: context.seed, purpose: "isoflop/\(index)", index: UInt64(sample))
                let drawn = runs.budgets[index].resampled(&stream, noise: noise)
                let minimum = drawn.minimum(method, max(3, sizes - 2))
                guard let place = minimum.place, keepsOutside || minimum.isInside else { continue }
                x.append(Elementary.log(drawn.compute))
                y.append(place)
            }
            return x.count >= 2 ? StraightLine(x, y) : nil
        }
    }
}
