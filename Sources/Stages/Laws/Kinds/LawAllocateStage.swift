import Canon
package import Experiment
import Numerics
import Workbench

/// The compute-optimal model size and data of a law of N and D.
package enum LawAllocateStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.allocate", version: 5,
        summary:
            "Compute-optimal N and D of a fitted law, with intervals by the method of its own.",
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

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("flops_per_token")
    }

    /// Reads the law, writes the table.
    package static func run(_ context: StageContext) throws {
        let law = try LawFile(JSON(parsing: context.input("law").bytes()))
        guard law.form.inputs.prefix(2) == ["N", "D"] else {
            throw FormatError(
                "expected a law of N and D, found \(law.form.name) of "
                    + law.form.inputs.joined(separator: ", "))
        }
        let text = context.parameters.text("flops_per_token")
        let cost: ComputeOptimum.Cost =
            text == "6*N" ? .sixND : .expression(try Expression.parse(text))
        let level = context.parameters.number("confidence")
        let budgets = context.parameters.numbers("compute")
        var surface = SurfaceAllocation(law, cost, level: level)
        let exponents = surface.exponents(from: budgets.min() ?? 1)
        var rows: [JSON] = []
        for (done, compute) in budgets.enumerated() {
            rows.append(try surface.row(compute))
            context.progress(done + 1, of: budgets.count)
        }
        let warnings = surface.warnings + (try concerns(law, budgets, cost))
        try context.write(
            "allocation",
            JSON.object([
                "format": "bitlaw/allocation/1", "method": "surface",
                "form": .string(law.form.name), "flopsPerToken": .string(text),
                "confidence": .number(level), "interval": .string(law.intervalMethod),
                "at": .array(rows), "a": exponents.a, "b": exponents.b,
                "warnings": .array(warnings.map { .string($0) }),
            ]).pretty())
    }

    /// What a reader should know: how far beyond the points, and whether 6ND can be FLOPs at all.
    private static func concerns(
        _ law: LawFile, _ budgets: [Double], _ cost: ComputeOptimum.Cost
    ) throws -> [String] {
        guard law.highest.count >= 2, let most = law.highestCompute else { return [] }
        let (n, d) = (law.highest[0], law.highest[1])
        // The points' compute is known by 6ND; another cost is taken at the largest N.
        let largest = cost.isSixND ? most : most * (try cost.perToken(n)) / (6 * n)
        return ModelUnits(largestN: n, largestD: d).warnings
            + Extrapolation.warnings(budgets, beyond: largest, "C")
    }
}
