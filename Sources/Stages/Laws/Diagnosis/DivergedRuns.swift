import Numerics
import Workbench

/// Points so far off the law that they are not of its noise: diverged runs, mistaken units.
struct DivergedRuns {
    /// A point, its value and the law's, and how many deviations of the others lie between.
    struct Run {
        let point: Int
        let measured, fitted, deviations: Double
    }

    /// The worst first.
    let runs: [Run]
    private let data: LawData
    /// The objective that was asked for; squares are what a far point moves most.
    private let asked: LawObjective

    /// Points whose residual chance would give to one of a thousand sets of data.
    ///
    /// Least squares: the residual over the deviation that the other points have, Student's distribution,
    /// Bonferroni's correction (Beckman & Cook, Technometrics 25 (1983)), so that a point that pulls the law
    /// towards itself is found too. Otherwise: 8 + 40/(n − p) robust deviations, measured on simulated data.
    init(
        _ law: FittedLaw, _ data: LawData, _ space: ResidualSpace, asked: LawObjective
    ) {
        self.data = data
        self.asked = asked
        let roots = data.weights.map { $0.squareRoot() }
        let own = zip(law.residuals, roots).map { $0 * $1 }
        let fitted = law.predict(data.x)
        let robust = RobustScale(own, parameters: space.directions.count).value
        let left = space.degrees
        guard left > 1, space.isNoisy else {
            runs = []
            return
        }
        let isSquares = law.objective.loss == .squares
        let bound = isSquares ? DivergedRuns.bound(own.count, left - 1) : 8 + 40 / Double(left)
        var runs: [Run] = []
        for point in own.indices {
            let size: Double
            if isSquares {
                let free = 1 - space.leverage(point)
                guard free > 1e-9 else { continue }
                let others = (space.squares - own[point] * own[point] / free) / Double(left - 1)
                size = own[point].magnitude / (max(others, 1e-300) * free).squareRoot()
            } else {
                size = own[point].magnitude / max(robust, 1e-12)
            }
            if size > bound {
                runs.append(
                    Run(
                        point: point, measured: data.y[point], fitted: fitted[point],
                        deviations: size))
            }
        }
        self.runs = runs.sorted { ($1.deviations, $0.point) < ($0.deviations, $1.point) }
    }

    /// Student's quantile at one in a thousand, shared among n points; the normal one for many.
    private static func bound(_ points: Int, _ degrees: Int) -> Double {
        let chance = 0.001 / Double(points)
        if degrees > 300 { return -Distributions.normalQuantile(max(chance / 2, 1e-13)) }
        return Distributions.studentQuantile(central: 1 - chance, degrees: degrees)
    }

    /// The three worst in words, with what a person may do.
    var warnings: [String] {
        guard !runs.isEmpty else { return [] }
        let named = runs.prefix(3).map { run in
            "\(data.place(ofPoint: run.point)) (\(data.yName) = \(Markup.significant(run.measured)), "
                + "the law says \(Markup.significant(run.fitted)), "
                + "\(Markup.significant(run.deviations, 2)) deviations of the other points away)"
        }
        let more = runs.count > 3 ? " and \(runs.count - 3) more" : ""
        return [
            "far off the law: \(named.joined(separator: "; "))\(more): a diverged run? leave it out with "
                + "`where`" + (asked.loss == .squares ? ", or use `objective: huber`" : "")
        ]
    }
}
