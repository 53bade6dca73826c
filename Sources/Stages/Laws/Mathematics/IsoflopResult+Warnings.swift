import Canon
import Experiment
import Numerics
import Workbench

extension IsoflopResult {
    /// How many minima the law needs: through two there is always a line.
    static let fewest = 3

    /// What a reader should know.
    var warnings: [String] { exponent + left + replicated + lost + far + grid }

    /// Why there is no exponent.
    private var exponent: [String] {
        guard line == nil else { return [] }
        return [
            "no exponent: expected at least \(IsoflopResult.fewest) budgets with a minimum inside, found "
                + "\(used.count); the minima stand under `budgets`; add runs at other budgets"
        ]
    }

    /// Budgets that were left out or kept in spite of something, with the run that spoils one.
    private var left: [String] {
        var warnings: [String] = []
        for (index, minimum) in found.enumerated() {
            let isUsed = used.contains(index)
            let budget = runs.budgets[index]
            if !isUsed || !minimum.isInside {
                warnings.append(
                    "C = \(Markup.significant(budget.compute)) \(isUsed ? "kept" : "left out"): "
                        + minimum.reason)
            }
            if let cell = budget.bump {
                warnings.append(
                    "C = \(Markup.significant(budget.compute)) has two valleys: the loss "
                        + "\(Markup.significant(cell.loss)) at N = "
                        + "\(Markup.significant(Elementary.exp(cell.logN))) "
                        + "(\(cell.places.prefix(3).joined(separator: "; "))) stands above both its "
                        + "neighbours: a diverged run? leave it out with `where`")
            }
        }
        if runs.unassigned > 0 {
            warnings.append(
                "\(runs.unassigned) rows are further than budget_width from every budget and left out"
            )
        }
        return warnings
    }

    /// That cells are means, and how much their runs differ.
    private var replicated: [String] {
        guard let deviation = runs.deviation else { return [] }
        let cells = runs.replicated
        let count = cells.reduce(0) { $0 + $1.cell.losses.count }
        return [
            "\(cells.count) cells hold \(count) runs: each is the mean of its runs, weighted by their number "
                + "(between runs log loss deviates by \(Markup.significant(deviation, 2)))"
        ]
    }

    /// Bootstrap samples without a law.
    private var lost: [String] {
        line == nil
            ? []
            : Allocation.lost(samples.count, of: context.parameters.integer("bootstrap"))
    }

    /// How far beyond the budgets predictions are asked.
    private var far: [String] {
        guard line != nil else { return [] }
        return Extrapolation.warnings(
            context.parameters.numbers("at"),
            beyond: used.map { runs.budgets[$0].compute }.max() ?? .infinity, "C")
    }

    /// What the grid of sizes alone does.
    private var grid: [String] {
        guard let worst = bias?.sizes.map({ ($0 - 1).magnitude }).max(), worst > 0.01 else {
            return []
        }
        return [
            "the grid alone moves N* by up to \(Markup.significant(100 * worst, 2)) % on the fitted surface"
        ]
    }
}
