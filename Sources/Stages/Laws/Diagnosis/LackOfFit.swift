import Numerics
import Workbench

/// Whether points deviate from a law by more than noise.
struct LackOfFit {
    private let law: FittedLaw
    private let data: LawData
    private let space: ResidualSpace

    init(_ law: FittedLaw, _ data: LawData, _ space: ResidualSpace) {
        self.law = law
        self.data = data
        self.space = space
    }

    /// From here on chance is not believed: one in a thousand.
    private static let level = 0.001

    /// The tests that find something, at most one of the law's bend and one of its replicates.
    func warnings(wider: FittedLaw?) -> [String] {
        let bend = floor(wider) ?? curvature
        return [replicates, bend].compactMap { $0 }
    }

    /// The scatter of replicates about their means against that of the means about the law.
    private var replicates: String? {
        let cells = ReplicateCells(data.x)
        let (n, m, p) = (data.y.count, cells.members.count, space.directions.count)
        guard law.objective.loss == .squares, n - m >= 2, m > p, space.isNoisy else { return nil }
        var pure = 0.0
        for cell in cells.members {
            let weight = cell.reduce(0) { $0 + data.weights[$1] }
            let mean = cell.reduce(0) { $0 + data.weights[$1] * law.residuals[$1] } / weight
            for point in cell {
                let off = law.residuals[point] - mean
                pure += data.weights[point] * off * off
            }
        }
        let ratio = ((space.squares - pure) / Double(m - p)) / (max(pure, 1e-300) / Double(n - m))
        guard FisherDistribution.tail(ratio, above: m - p, below: n - m) < LackOfFit.level else {
            return nil
        }
        return
            "means of replicates scatter about the law \(Markup.significant(ratio, 2)) times as much as "
            + "the replicates themselves would have it (F test, below 1 in 1,000 by chance): the form does "
            + "not fit, or replicates share more than their inputs; choose another form, or name "
            + (data.isGrouped ? "in `group` what they share instead" : "what they share in `group`")
    }

    /// Akaike's criterion against the same law with a floor.
    private func floor(_ wider: FittedLaw?) -> String? {
        guard let wider, let own = law.correctedAkaike, let other = wider.correctedAkaike,
            own - other > 10
        else { return nil }
        return "lack of fit: \(wider.form.name) fits these points better by ΔAICc "
            + "\(Markup.significant(own - other, 2)); use it, or say why \(law.form.name) is meant"
    }

    /// Whether residuals bend along the inputs.
    private var curvature: String? {
        let axes = data.x.map { InputAxis($0).places }
        var columns: [[Double]] = []
        for (place, axis) in axes.enumerated() {
            columns.append(axis.map { $0 * $0 })
            for other in axes[..<place] { columns.append(zip(axis, other).map { $0 * $1 }) }
        }
        if axes.count == 1 { columns.append(axes[0].map { $0 * $0 * $0 }) }
        guard let found = space.test(columns), found.chance < LackOfFit.level else { return nil }
        return "lack of fit: the points bend away from \(law.form.name); "
            + "\(Markup.significant(100 * found.share, 2)) % of the squared residuals follow the inputs "
            + "(F test, below 1 in 1,000 by chance): intervals and extrapolation are not to be trusted; "
            + "choose another form, or a narrower range"
    }
}
