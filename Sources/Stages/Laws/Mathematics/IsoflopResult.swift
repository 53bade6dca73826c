import Canon
import Experiment
import Numerics
import Workbench

/// Everything that `law.isoflop` writes.
struct IsoflopResult {
    let runs: IsoflopRuns
    let found: [IsoflopBudget.Minimum]
    let used: [Int]
    /// The law of the minima; `nil` where there are too few.
    let line: StraightLine?
    /// The laws of bootstrap samples; fewer than were drawn where some have none.
    let samples: [StraightLine]
    let bias: IsoflopBias?
    let context: StageContext
    let cost: ComputeOptimum.Cost

    /// The samples that intervals are made of; none where too many are lost.
    private var believed: [StraightLine] {
        let asked = context.parameters.integer("bootstrap")
        return Allocation.isEnough(samples.count, of: asked) ? samples : []
    }

    private func tokens(_ compute: Double, _ n: Double) throws -> Double {
        compute / (try cost.perToken(n))
    }

    /// What was found at each budget.
    private func budgets() throws -> [JSON] {
        try zip(runs.budgets, found).enumerated().map { index, one in
            let (budget, minimum) = one
            var members: [String: JSON] = [
                "C": .number(budget.compute), "sizes": .number(Double(budget.cells.count)),
                "runs": .number(Double(budget.cells.reduce(0) { $0 + $1.losses.count })),
                "used": .bool(used.contains(index)), "reason": .string(minimum.reason),
            ]
            if let place = minimum.place {
                let n = Elementary.exp(place)
                members["N"] = .finite(n)
                members["D"] = .finite(try tokens(budget.compute, n))
                members["loss"] = .finite(minimum.loss)
                members["curvature"] = .finite(minimum.curvature)
            }
            return .object(members)
        }
    }

    /// Each cell of several runs: how many, their mean and scatter.
    private var replicates: [JSON] {
        runs.replicated.map { compute, cell in
            [
                "C": .number(compute), "N": .finite(Elementary.exp(cell.logN)),
                "runs": .number(Double(cell.losses.count)), "mean": .finite(cell.loss),
                "deviation": .finite(cell.deviation),
            ]
        }
    }

    /// The law of the minima at the budgets that were asked; empty without one.
    private func predictions(_ level: Double) throws -> [JSON] {
        guard let line else { return [] }
        return try context.parameters.numbers("at").map { compute in
            let logC = Elementary.log(compute)
            let n = Elementary.exp(line.value(logC))
            let drawn = try believed.map { sample in
                let n = Elementary.exp(sample.value(logC))
                return (n: n, d: try tokens(compute, n))
            }
            return Allocation.row(compute, (n, try tokens(compute, n)), drawn, level)
        }
    }

    /// The file `allocation.json`.
    func json() throws -> JSON {
        let level = context.parameters.number("confidence")
        let slopes = believed.map { $0.slope }
        var document: [String: JSON] = [
            "format": "bitlaw/allocation/1",
            "method": .string("isoflop, \(context.parameters.text("minimum"))"),
            "confidence": .number(level), "budgets": .array(try budgets()),
            "at": .array(try predictions(level)),
            "a": line.map { Allocation.number($0.slope, slopes, level) } ?? .null,
            "b": line.map { Allocation.number(1 - $0.slope, slopes.map { 1 - $0 }, level) }
                ?? .null,
            "n0": .finite(line.map { Elementary.exp($0.intercept) }),
            "bootstrap": .number(Double(samples.count)),
            "replicates": .array(replicates), "replicateDeviation": .finite(runs.deviation),
        ]
        if let bias {
            document["gridBias"] = [
                "meaning": "what the same grid and curve do to a noise-free surface",
                "exponent": .finite(bias.exponent),
                "N": .array(bias.sizes.map { .finite($0 - 1) }),
            ]
        }
        document["warnings"] = .array(warnings.map { .string($0) })
        return .object(document)
    }

    /// The table of the minima used.
    func pairs() throws -> Table {
        var table = Table(columns: ["C", "N", "D", "loss"])
        for index in used {
            guard let place = found[index].place else { continue }
            let n = Elementary.exp(place)
            let compute = runs.budgets[index].compute
            table.append([
                .number(compute), .finite(n), .finite(try tokens(compute, n)),
                .finite(found[index].loss),
            ])
        }
        return table
    }

    /// Loss over size at each budget, with the minima.
    func plot() -> PlotDocument {
        var chart = Chart(
            title: "Loss at equal compute", xLabel: "model size N",
            yLabel: context.parameters.text("loss"))
        for (index, budget) in runs.budgets.enumerated() {
            var one = Chart.Series(
                name: "\(Markup.significant(budget.compute)) FLOP"
                    + (used.contains(index) ? "" : " (not used)"))
            one.points = zip(budget.logN.map(Elementary.exp), budget.loss).map { ($0, $1) }
            one.line = one.points
            chart.series.append(one)
        }
        var minima = Chart.Series(name: "minima")
        for index in used {
            guard let place = found[index].place else { continue }
            minima.points.append((Elementary.exp(place), found[index].loss))
        }
        minima.line = minima.points
        chart.series.append(minima)
        var plot = PlotDocument(chart)
        // One branch far above all others would dwarf them: its points become arrows.
        let highest = runs.budgets.compactMap { $0.loss.max() }.sorted()
        if highest.count > 1, let most = highest.last {
            let next = highest[highest.count - 2]
            if most > 1.25 * next { plot.figure.y.most = 1.05 * next }
        }
        return plot
    }
}
