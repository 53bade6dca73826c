import Canon
import Experiment
import Numerics
import System
import Workbench

/// Runs by budget.
struct IsoflopRuns {
    /// One IsoFLOP curve: different sizes at one budget.
    struct Budget {
        let compute: Double
        /// log N, ascending, each once; the lowest loss where a size was run several times.
        var logN: [Double]
        var loss: [Double]

        /// Where the loss is lowest, or why there is no such place.
        struct Minimum {
            var place: Double?
            var loss = 0.0
            var curvature = 0.0
            var isInside = false
            var reason = "minimum inside"
        }

        func minimum(_ method: CurveMinimum.Method, _ sizes: Int) -> Minimum {
            guard logN.count >= sizes else {
                return Minimum(reason: "\(logN.count) sizes, expected at least \(sizes)")
            }
            let isLog = method == .akima
            let values = isLog ? loss.map(Elementary.log) : loss
            guard let found = CurveMinimum.find(logN, values, method) else {
                return Minimum(reason: "no interior minimum")
            }
            return Minimum(
                place: found.place, loss: isLog ? Elementary.exp(found.value) : found.value,
                curvature: found.curvature, isInside: found.isInside,
                reason: found.isInside ? "minimum inside" : "vertex outside of the sizes tried")
        }

        /// As many runs drawn with replacement, their losses multiplied by exp(noise · normal).
        ///
        /// Without noise runs are drawn; with noise every run is kept and only its loss moves.
        func resampled(_ stream: inout RandomStream, noise: Double) -> Budget {
            if noise > 0 {
                return Budget(
                    compute: compute, logN: logN,
                    loss: loss.map { $0 * Elementary.exp(noise * stream.normal()) })
            }
            var drawn: Set<Int> = []
            for _ in logN.indices { drawn.insert(stream.integer(below: logN.count)) }
            let rows = drawn.sorted()
            return Budget(
                compute: compute, logN: rows.map { logN[$0] }, loss: rows.map { loss[$0] })
        }
    }

    let budgets: [Budget]

    init(_ table: Table, parameters: Parameters) throws {
        let text = parameters.text("where")
        let data = try LawData(
            table, columns: [parameters.text("n"), parameters.text("compute")],
            y: parameters.text("loss"),
            LawData.Selection(filter: text.isEmpty ? nil : Expression.parse(text)))
        let given = parameters.numbers("budgets").sorted()
        let width = parameters.number("budget_width")
        var runs: [Double: [Double: Double]] = [:]
        for row in data.y.indices {
            var compute = data.x[1][row]
            if !given.isEmpty {
                let logC = Elementary.log(compute)
                guard
                    let nearest = given.min(by: {
                        (Elementary.log($0) - logC).magnitude
                            < (Elementary.log($1) - logC).magnitude
                    }), (Elementary.log(nearest) - logC).magnitude <= width
                else { continue }
                compute = nearest
            }
            let n = data.x[0][row]
            runs[compute, default: [:]][n] = min(runs[compute]?[n] ?? .infinity, data.y[row])
        }
        budgets = runs.keys.sorted().map { compute in
            let sizes = (runs[compute] ?? [:]).sorted { $0.key < $1.key }
            return Budget(
                compute: compute, logN: sizes.map { Elementary.log($0.key) },
                loss: sizes.map { $0.value })
        }
    }
}

/// What the grid of sizes does to the answer: the same minima on a noise-free law whose optimum is
/// known.
///
/// A surface with α ≠ β is not symmetric about its minimum in log N, so the vertex of a parabola
/// misses it, by more the wider the grid; the error is the same at every budget for a grid that is
/// centred alike, and then moves the prefactor and not the exponent.
struct IsoflopBias {
    /// N* found over the true N*, at each budget used.
    let sizes: [Double]
    /// The exponent found less the true one.
    let exponent: Double

    init?(runs: IsoflopRuns, used: [Int], law: LawFile, method: CurveMinimum.Method) {
        guard law.form.inputs == ["N", "D"] else { return nil }
        var (logC, found, truth): ([Double], [Double], [Double]) = ([], [], [])
        for index in used {
            let budget = runs.budgets[index]
            let n = budget.logN.map(Elementary.exp)
            let loss = law.form.predict(
                law.natural, [n, n.map { budget.compute / (6 * $0) }], law.scale)
            let ideal = IsoflopRuns.Budget(compute: budget.compute, logN: budget.logN, loss: loss)
            guard let place = ideal.minimum(method, 3).place,
                let best = Allocation.optimum(law, compute: budget.compute, cost: .sixND)
            else { continue }
            logC.append(Elementary.log(budget.compute))
            found.append(place)
            truth.append(Elementary.log(best.n))
        }
        guard let line = StraightLine(logC, found), let ideal = StraightLine(logC, truth) else {
            return nil
        }
        sizes = zip(found, truth).map { Elementary.exp($0 - $1) }
        exponent = line.slope - ideal.slope
    }
}

/// Everything that `law.isoflop` writes.
struct IsoflopResult {
    let runs: IsoflopRuns
    let found: [IsoflopRuns.Budget.Minimum]
    let used: [Int]
    let line: StraightLine
    let samples: [StraightLine]
    let bias: IsoflopBias?
    let context: StageContext
    var cost: Allocation.Cost

    private func tokens(_ compute: Double, _ n: Double) throws -> Double {
        compute / (try cost.perToken(n))
    }

    /// What was found at each budget.
    private func budgets() throws -> [JSON] {
        try zip(runs.budgets, found).enumerated().map { index, one in
            let (budget, minimum) = one
            var members: [String: JSON] = [
                "C": .number(budget.compute), "sizes": .number(Double(budget.logN.count)),
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

    func json() throws -> JSON {
        let level = context.parameters.number("confidence")
        var rows: [JSON] = []
        for compute in context.parameters.numbers("at") {
            let logC = Elementary.log(compute)
            let n = Elementary.exp(line.value(logC))
            let drawn = try samples.map { sample in
                let n = Elementary.exp(sample.value(logC))
                return (n: n, d: try tokens(compute, n))
            }
            rows.append(
                Allocation.row(compute, (n, try tokens(compute, n)), drawn, level))
        }
        let slopes = samples.map { $0.slope }
        var warnings: [String] = []
        for (index, minimum) in found.enumerated() where !used.contains(index) || !minimum.isInside
        {
            let verb = used.contains(index) ? "kept" : "left out"
            warnings.append(
                "C = \(Markup.significant(runs.budgets[index].compute)) \(verb): \(minimum.reason)")
        }
        var document: [String: JSON] = [
            "format": "bitlaw/allocation/1",
            "method": .string("isoflop, \(context.parameters.text("minimum"))"),
            "confidence": .number(level), "budgets": .array(try budgets()), "at": .array(rows),
            "a": Allocation.number(line.slope, slopes, level),
            "b": Allocation.number(1 - line.slope, slopes.map { 1 - $0 }, level),
            "n0": .finite(Elementary.exp(line.intercept)),
            "bootstrap": .number(Double(samples.count)),
        ]
        if let bias {
            document["gridBias"] = [
                "meaning": "what the same grid and curve do to a noise-free surface",
                "exponent": .finite(bias.exponent),
                "N": .array(bias.sizes.map { .finite($0 - 1) }),
            ]
            let worst = bias.sizes.map { ($0 - 1).magnitude }.max() ?? 0
            if worst > 0.01 {
                warnings.append(
                    "the grid alone moves N* by up to \(Markup.significant(100 * worst, 2)) % on the "
                        + "fitted surface")
            }
        }
        document["warnings"] = .array(warnings.map { .string($0) })
        return .object(document)
    }

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

    func plot() -> String {
        let title = context.parameters.text("title")
        var chart = Chart(
            title: title.isEmpty ? "Loss at equal compute" : title, xLabel: "model size N",
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
        return chart.svg()
    }
}
