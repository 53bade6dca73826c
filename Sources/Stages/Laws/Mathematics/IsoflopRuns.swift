import Canon
import Experiment
import Numerics
import Workbench

/// Runs by budget and size.
struct IsoflopRuns {
    /// The budgets, ascending.
    let budgets: [IsoflopBudget]
    /// Rows further from every budget than `budget_width`.
    private(set) var unassigned = 0

    /// Reads runs, and sorts them into cells.
    init(_ table: Table, parameters: Parameters) throws {
        let text = parameters.text("where")
        let data = try LawData(
            table, columns: [parameters.text("n"), parameters.text("compute")],
            y: parameters.text("loss"),
            LawData.Selection(filter: text.isEmpty ? nil : Expression.parse(text)))
        let given = parameters.numbers("budgets").sorted()
        let width = parameters.number("budget_width")
        var runs: [Double: [Double: IsoflopBudget.Cell]] = [:]
        for row in data.y.indices {
            var compute = data.x[1][row]
            if !given.isEmpty {
                guard let nearest = IsoflopRuns.nearest(compute, given, width) else {
                    unassigned += 1
                    continue
                }
                compute = nearest
            }
            let n = data.x[0][row]
            let empty = IsoflopBudget.Cell(logN: Elementary.log(n), losses: [])
            runs[compute, default: [:]][n, default: empty].losses.append(data.y[row])
            runs[compute, default: [:]][n, default: empty].places.append(data.place(ofPoint: row))
        }
        budgets = runs.keys.sorted().map { compute in
            let sizes = (runs[compute] ?? [:]).sorted { $0.key < $1.key }
            return IsoflopBudget(compute: compute, cells: sizes.map { $0.value })
        }
    }

    /// The budget nearest in log C; `nil` where all are further than the width.
    private static func nearest(_ compute: Double, _ budgets: [Double], _ width: Double) -> Double?
    {
        let logC = Elementary.log(compute)
        func distance(_ budget: Double) -> Double { (Elementary.log(budget) - logC).magnitude }
        guard let nearest = budgets.min(by: { distance($0) < distance($1) }),
            distance(nearest) <= width
        else { return nil }
        return nearest
    }

    /// Cells of several runs, with their budgets.
    var replicated: [(compute: Double, cell: IsoflopBudget.Cell)] {
        budgets.flatMap { budget in
            budget.cells.filter { $0.losses.count > 1 }.map { (budget.compute, $0) }
        }
    }

    /// The standard deviation of log loss between runs of one cell, over all cells; `nil` without replicates.
    var deviation: Double? {
        let degrees = replicated.reduce(0) { $0 + $1.cell.losses.count - 1 }
        guard degrees > 0 else { return nil }
        let squares = replicated.reduce(0.0) { sum, one in
            let deviation = one.cell.deviation ?? 0
            return sum + deviation * deviation * Double(one.cell.losses.count - 1)
        }
        return (squares / Double(degrees)).squareRoot()
    }
}
