import Numerics

/// The residuals of a fit, weighted, beside the directions in which the fit could move.
///
/// To first order residuals are noise without its part along these directions. So a further direction in
/// which they point shows something that the law does not have (the score test of an added term).
struct ResidualSpace {
    /// What is left of the law at each point, times the root of its weight, in the space of the objective.
    let residuals: [Double]
    /// Orthonormal directions, each with a number for every point.
    private(set) var directions: [[Double]] = []

    /// The space of a fit by least squares, or of its residuals cut at three robust deviations.
    init(_ law: FittedLaw, weights: [Double]) {
        let roots = weights.map { $0.squareRoot() }
        let own = zip(law.residuals, roots).map { $0 * $1 }
        let coordinates = law.form.coordinates
        let p = law.held.count
        for j in 0..<p where !law.held[j] && law.theta[j] > coordinates[j].lower {
            let column = own.indices.map { roots[$0] * law.slopes[$0 * p + j] }
            if let unit = ResidualSpace.rest(of: column, beside: directions) {
                directions.append(unit)
            }
        }
        guard law.objective.loss != .squares else {
            residuals = own
            return
        }
        let bound = 3 * RobustScale(own, parameters: directions.count).value
        var cut = own.map { max(-bound, min(bound, $0)) }
        for direction in directions { ResidualSpace.remove(direction, from: &cut) }
        residuals = cut
    }

    /// Degrees of freedom that the fit leaves.
    var degrees: Int { residuals.count - directions.count }

    /// The sum of squared residuals.
    var squares: Double { residuals.reduce(0) { $0 + $1 * $1 } }

    /// Whether the residuals are more than rounding.
    var isNoisy: Bool { squares > 1e-18 * Double(residuals.count) }

    /// How far a point can pull the fit towards itself: 0 to 1.
    func leverage(_ point: Int) -> Double {
        directions.reduce(0) { $0 + $1[point] * $1[point] }
    }

    /// Tests further columns: the share of squared residuals that they explain, and how often chance would.
    ///
    /// Columns that the law has already are left out; `nil` where nothing, or no degree of freedom, is left.
    func test(_ columns: [[Double]]) -> (share: Double, chance: Double)? {
        var found = directions
        for column in columns {
            if let unit = ResidualSpace.rest(of: column, beside: found) { found.append(unit) }
        }
        let added = found[directions.count...]
        let left = residuals.count - found.count
        guard !added.isEmpty, left >= 2, isNoisy else { return nil }
        let explained = added.reduce(0.0) { sum, unit in
            let part = zip(unit, residuals).reduce(0) { $0 + $1.0 * $1.1 }
            return sum + part * part
        }
        let rest = max(squares - explained, 0)
        let ratio = (explained / Double(added.count)) / (rest / Double(left))
        return (
            explained / squares,
            FisherDistribution.tail(ratio, above: added.count, below: left)
        )
    }

    /// A column without its parts along others, of length 1; `nil` where next to nothing is left.
    private static func rest(of column: [Double], beside others: [[Double]]) -> [Double]? {
        let before = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var column = column
        for _ in 0..<2 { for other in others { remove(other, from: &column) } }
        let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-6 * before else { return nil }
        return column.map { $0 / length }
    }

    private static func remove(_ unit: [Double], from column: inout [Double]) {
        let part = zip(unit, column).reduce(0) { $0 + $1.0 * $1.1 }
        for i in column.indices { column[i] -= part * unit[i] }
    }
}

/// A standard deviation that a few far points do not move.
struct RobustScale {
    /// 1.4826 (1 + 5/(n − p)) median |r|.
    ///
    /// Source: Rousseeuw & Leroy, *Robust Regression and Outlier Detection* (1987), p. 202.
    let value: Double

    /// The scale of the residuals of a fit with so many parameters.
    init(_ residuals: [Double], parameters: Int) {
        let sizes = residuals.map { $0.magnitude }.sorted()
        let left = Double(max(1, sizes.count - parameters))
        value = sizes.isEmpty ? 0 : 1.4826 * (1 + 5 / left) * sizes[sizes.count / 2]
    }
}
