import Canon
import Numerics
import System
import Workbench

/// The files of a design: the runs to make, in which order, and what they are expected to bring.
struct DesignDocument {
    let spread: LawSpread
    let candidates: RunCandidates
    let cost: RunCost
    let question: DesignQuestion
    let design: GreedyDesign
    let bound: DesignBound
    /// The inputs of each target.
    let targets: [[Double]]
    let confidence: Double

    /// The interval of the law at a target, to first order.
    private func interval(_ covariance: DesignCovariance, _ target: Int) -> (
        low: Double, high: Double
    ) {
        let deviation = covariance.variance(question.targets[target]).squareRoot()
        let reach = deviation * Distributions.normalQuantile(0.5 + confidence / 2)
        let middle = spread.moved(spread.value(targets[target]))
        return (spread.back(middle - reach), spread.back(middle + reach))
    }

    /// The table that a sweep reads: a row a run.
    func csv() -> String {
        let ends = targets.count == 1 ? [""] : targets.indices.map { "_\($0 + 1)" }
        var table = Table(
            columns: ["run"] + candidates.columns + ["cost", "spent"]
                + ends.flatMap { ["low\($0)", "high\($0)"] })
        for (place, step) in design.steps.enumerated() {
            let ends = targets.indices.flatMap { target -> [JSON] in
                let found = interval(step.covariance, target)
                return [.finite(found.low), .finite(found.high)]
            }
            table.append(
                [.number(Double(place + 1))]
                    + candidates.rows[step.candidate].map { .number($0) }
                    + [.number(candidates.costs[step.candidate]), .number(step.spent)] + ends)
        }
        return table.csv()
    }

    /// How close the design is to the best: of its variance for targets, of a parameter's region else.
    var efficiency: Double {
        switch question.aim {
        case .targets: return design.value > 0 ? max(0, min(1, bound.least / design.value)) : 1
        case .parameters:
            let count = spread.covariance.count
            let free = (0..<count).count { spread.covariance.elements[$0 * count + $0] > 0 }
            return min(1, Elementary.exp((bound.least - design.value) / Double(max(1, free))))
        }
    }

    func json() -> JSON {
        let last = design.steps.last?.covariance ?? spread.covariance
        return [
            "format": "bitlaw/design/1", "form": .string(spread.law.form.name),
            "aim": .string(question.aim == .targets ? "target" : "parameters"),
            "cost": .string(cost.text), "spent": .number(design.steps.last?.spent ?? 0),
            "noise": ["space": .string(spread.space.rawValue), "scale": .number(spread.scale)],
            "confidence": .number(confidence), "candidates": .number(Double(candidates.rows.count)),
            "chosenBy": .string(design.way.rawValue),
            "targets": .array(
                targets.indices.map { target in
                    [
                        "inputs": inputs(targets[target]),
                        "value": .finite(spread.value(targets[target])),
                        "now": ends(spread.covariance, target), "after": ends(last, target),
                    ]
                }),
            "runs": .array(
                design.steps.map { step in
                    [
                        "inputs": inputs(candidates.rows[step.candidate]),
                        "cost": .number(candidates.costs[step.candidate]),
                        "spent": .number(step.spent),
                        "deviation": .array(
                            question.targets.map {
                                .number(step.covariance.variance($0).squareRoot())
                            }),
                    ]
                }),
            "bound": [
                "efficiency": .number(efficiency), "least": .finite(bound.least),
                "value": .finite(design.value), "fractional": .finite(bound.reached),
            ],
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private func inputs(_ row: [Double]) -> JSON {
        .object(
            Dictionary(zip(candidates.columns, row.map { JSON.number($0) })) { first, _ in first })
    }

    private func ends(_ covariance: DesignCovariance, _ target: Int) -> JSON {
        let found = interval(covariance, target)
        return [
            "low": .finite(found.low), "high": .finite(found.high),
            "deviation": .number(covariance.variance(question.targets[target]).squareRoot()),
        ]
    }

    /// What a reader should know before runs are paid for.
    private var warnings: [String] {
        var warnings: [String] = []
        for (place, column) in candidates.columns.enumerated() {
            guard let largest = spread.law.highest.dropFirst(place).first,
                let asked = targets.map({ $0[place] }).max()
            else { continue }
            let way = Extrapolation(to: asked, beyond: largest)
            guard way.isFar else { continue }
            warnings.append(
                "the target \(column) = \(Markup.significant(asked)) is \(way.text(column)) "
                    + "(\(Markup.significant(largest))); the interval holds if the law does")
        }
        if efficiency < 0.8 {
            let share = Markup.significant(100 * efficiency, 2)
            warnings.append(
                "these runs are only known to reach \(share) % of the best that the limits allow; a finer "
                    + "grid of candidates or more runs may do better")
        }
        return warnings
    }

    /// The width of each target's interval, over the law's value there, against what is spent.
    func plot() -> PlotDocument {
        var chart = Chart(
            title: "expected interval at the target", xLabel: "spent (\(cost.text))",
            yLabel:
                "width of the \(Markup.significant(100 * confidence, 3)) % interval, over the value"
        )
        func width(_ covariance: DesignCovariance, _ target: Int) -> Double {
            let found = interval(covariance, target)
            return (found.high - found.low) / spread.value(targets[target]).magnitude
        }
        for target in targets.indices {
            let inputs = zip(candidates.columns, targets[target])
            var series = Chart.Series(
                name: inputs.map { "\($0) = \(Markup.significant($1))" }.joined(separator: ", "))
            series.points = design.steps.map { ($0.spent, width($0.covariance, target)) }
            series.line = series.points
            chart.series.append(series)
        }
        if targets.count == 1 { chart.level = (width(spread.covariance, 0), "now") }
        return PlotDocument(chart)
    }
}
