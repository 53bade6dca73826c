import Experiment
import Numerics
import System

/// One IsoFLOP curve: different sizes at one budget.
struct IsoflopBudget {
    /// The runs of one size at one budget: replicates, such as seeds.
    struct Cell {
        /// log N.
        let logN: Double
        /// The losses, in the order of the rows.
        var losses: [Double]
        /// Where each was read.
        var places: [String] = []

        /// The mean of the losses: never the least, which falls with the number of runs.
        var loss: Double { losses.reduce(0, +) / Double(losses.count) }

        /// The standard deviation of log loss among the replicates; `nil` for one run.
        var deviation: Double? {
            guard losses.count > 1 else { return nil }
            let logs = losses.map(Elementary.log)
            let mean = logs.reduce(0, +) / Double(logs.count)
            let squares = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (squares / Double(logs.count - 1)).squareRoot()
        }
    }

    let compute: Double
    /// By ascending size, each once.
    let cells: [Cell]

    var logN: [Double] { cells.map { $0.logN } }
    var loss: [Double] { cells.map { $0.loss } }

    /// Where the loss is lowest, or why there is no such place.
    struct Minimum {
        var place: Double?
        var loss = 0.0
        var curvature = 0.0
        var isInside = false
        var reason = "minimum inside"
    }

    /// The minimum of a curve through the cells.
    ///
    /// A polynomial weighs a cell by 1/se² of its mean. All runs have one variance, estimated best from all
    /// replicates together, so this is the number of its runs.
    func minimum(_ method: CurveMinimum.Method, _ sizes: Int) -> Minimum {
        guard cells.count >= sizes else {
            return Minimum(reason: "\(cells.count) sizes, expected at least \(sizes)")
        }
        let isLog = method == .akima
        let values = isLog ? loss.map(Elementary.log) : loss
        let weights = cells.map { Double($0.losses.count) }
        guard let found = CurveMinimum.find(logN, values, method, weights: weights) else {
            return Minimum(reason: "no interior minimum")
        }
        return Minimum(
            place: found.place, loss: isLog ? Elementary.exp(found.value) : found.value,
            curvature: found.curvature, isInside: found.isInside,
            reason: found.isInside ? "minimum inside" : "vertex outside of the sizes tried")
    }

    /// As many sizes drawn with replacement, and within each its replicates.
    ///
    /// With noise every size is kept instead, and its mean loss is multiplied by exp(noise · normal); the
    /// noise of a mean of m runs is less by √m.
    func resampled(_ stream: inout RandomStream, noise: Double) -> IsoflopBudget {
        if noise > 0 {
            return IsoflopBudget(
                compute: compute,
                cells: cells.map { cell in
                    let scale = noise / Double(cell.losses.count).squareRoot()
                    let factor = Elementary.exp(scale * stream.normal())
                    return Cell(logN: cell.logN, losses: cell.losses.map { $0 * factor })
                })
        }
        var drawn: Set<Int> = []
        for _ in cells { drawn.insert(stream.integer(below: cells.count)) }
        return IsoflopBudget(
            compute: compute,
            cells: drawn.sorted().map { place in
                let losses = cells[place].losses
                guard losses.count > 1 else { return cells[place] }
                return Cell(
                    logN: cells[place].logN,
                    losses: losses.map { _ in losses[stream.integer(below: losses.count)] })
            })
    }

    /// The cell above both its neighbours in a curve of two valleys, if leaving it out leaves one valley.
    ///
    /// Bumps below 2 % of the loss are noise.
    var bump: Cell? {
        let loss = loss
        func isValley(_ values: [Double]) -> Bool {
            var hasRisen = false
            for (one, next) in zip(values, values.dropFirst()) {
                if next > one { hasRisen = true } else if next < one && hasRisen { return false }
            }
            return true
        }
        guard cells.count >= 4, !isValley(loss) else { return nil }
        let candidates = (1..<cells.count - 1).filter { place in
            let neighbours = max(loss[place - 1], loss[place + 1])
            return loss[place] > 1.02 * neighbours
                && isValley(loss.enumerated().filter { $0.offset != place }.map { $0.element })
        }
        return candidates.max { loss[$0] < loss[$1] }.map { cells[$0] }
    }
}
