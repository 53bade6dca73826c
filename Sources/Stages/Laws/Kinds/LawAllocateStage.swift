import Canon
package import Experiment
import Numerics
import Workbench

/// The compute-optimal model size and data of a law of N and D.
package enum LawAllocateStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.allocate", version: 2,
        summary:
            "Compute-optimal N and D of a fitted law, with intervals over its bootstrap samples.",
        source: "Hoffmann et al., arXiv 2203.15556, approach 3",
        parameters: [
            Parameter(
                "compute", .list(.number(from: 0, to: .infinity, openLow: true), count: 1...1000),
                unit: "FLOP", "The budgets of compute."),
            Parameter(
                "flops_per_token", .text, default: "6*N",
                "What a token costs, an expression over N; 6*N has a closed form."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [InputPort("law", "law.json of a law of N and D")],
        outputs: [
            OutputPort(
                "allocation", fileName: "allocation.json", role: .allocation,
                "N, D and D/N at each budget, and the exponents of N and D in C.")
        ])

    /// Reads the law, writes the table.
    package static func run(_ context: StageContext) throws {
        let law = try LawFile(JSON(parsing: context.input("law").bytes()))
        guard law.form.inputs.prefix(2) == ["N", "D"] else {
            throw FormatError(
                "expected a law of N and D, found \(law.form.name) of "
                    + law.form.inputs.joined(separator: ", "))
        }
        let text = context.parameters.text("flops_per_token")
        let cost: Allocation.Cost =
            text == "6*N" ? .sixND : .expression(try Expression.parse(text))
        let level = context.parameters.number("confidence")
        let budgets = context.parameters.numbers("compute")
        let base = budgets.min() ?? 1
        /// The slope of log N over a decade above the least budget.
        func exponent(_ natural: [Double]) -> Double? {
            if cost.isSixND, law.form.name == "chinchilla" {
                return natural[4] / (natural[3] + natural[4])
            }
            guard let low = Allocation.optimum(law, natural: natural, compute: base, cost: cost),
                let high = Allocation.optimum(
                    law, natural: natural, compute: 10 * base, cost: cost)
            else { return nil }
            return Elementary.log(high.n / low.n) / 2.302585092994046
        }
        let (a, slopes) = (exponent(law.natural), law.samples.compactMap(exponent))
        var fewest = slopes.count
        var rows: [JSON] = []
        for (done, compute) in budgets.enumerated() {
            guard let best = Allocation.optimum(law, compute: compute, cost: cost) else {
                throw FormatError("no interior optimum at C = \(compute)")
            }
            let samples = law.samples.compactMap {
                Allocation.optimum(law, natural: $0, compute: compute, cost: cost)
            }
            fewest = min(fewest, samples.count)
            let enough = Allocation.isEnough(samples.count, of: law.samples.count) ? samples : []
            rows.append(
                Allocation.row(compute, (best.n, best.d), enough.map { ($0.n, $0.d) }, level))
            context.progress(done + 1, of: budgets.count)
        }
        let enough = Allocation.isEnough(slopes.count, of: law.samples.count) ? slopes : []
        let warnings =
            try concerns(law, budgets, cost) + Allocation.lost(fewest, of: law.samples.count)
        try context.write(
            "allocation",
            JSON.object([
                "format": "bitlaw/allocation/1", "method": "surface",
                "form": .string(law.form.name), "flopsPerToken": .string(text),
                "confidence": .number(level), "at": .array(rows),
                "a": a.map { Allocation.number($0, enough, level) } ?? .null,
                "b": a.map { Allocation.number(1 - $0, enough.map { 1 - $0 }, level) } ?? .null,
                "warnings": .array(warnings.map { .string($0) }),
            ]).pretty())
    }

    /// What a reader should know: how far beyond the points, and whether 6ND can be FLOPs at all.
    private static func concerns(
        _ law: LawFile, _ budgets: [Double], _ cost: Allocation.Cost
    ) throws -> [String] {
        guard law.highest.count >= 2, let most = law.highestCompute else { return [] }
        let (n, d) = (law.highest[0], law.highest[1])
        // The points' compute is known by 6ND; another cost is taken at the largest N.
        let largest = cost.isSixND ? most : most * (try cost.perToken(n)) / (6 * n)
        return ModelUnits(largestN: n, largestD: d).warnings
            + Extrapolation.warnings(budgets, beyond: largest, "C")
    }
}

extension Allocation.Cost {
    /// Whether a token costs 6N.
    var isSixND: Bool {
        if case .sixND = self { return true }
        return false
    }
}
