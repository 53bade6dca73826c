/// The variance of a function of a law whose points vary by groups, and what independent points would give.
///
/// Each group is left out once, the law moving by one linear step: V = (G − 1)/G Σ (g′·d)² with
/// d = (M − M_c)⁻¹ s_c: the estimator of MacKinnon & White, J. Econometrics 29 (1985), for groups (CR3).
struct GroupVariance {
    /// Coordinates that move.
    private let free: [Int]
    /// M = Σ w J Jᵀ over free coordinates, `[q, q]`, in natural units of residuals.
    private let matrix: [Double]
    private let law: FittedLaw
    private let weights: [Double]

    init(_ law: FittedLaw, weights: [Double]) {
        let lower = law.form.coordinates.map { $0.lower }
        free = law.theta.indices.filter { !law.held[$0] && law.theta[$0] > lower[$0] }
        self.law = law
        self.weights = weights
        matrix = GroupVariance.sums(law, weights, Array(weights.indices), free)
    }

    /// g′ᵀ M⁻¹ g′: the variance for points with residuals of variance 1; `nil` where M is singular.
    func ofIndependent(_ slopes: [Double]) -> Double? {
        let part = free.map { slopes[$0] }
        guard let moved = LinearSystem.solve(matrix, part) else { return nil }
        return zip(part, moved).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The variance by groups.
    ///
    /// - Throws: ``NoInterval`` where the points without a group leave the law open.
    func ofGroups(_ groups: [[Int]], _ slopes: [Double]) throws(NoInterval) -> Double {
        var sum = 0.0
        for rows in groups {
            let step = try stepWithout(rows)
            var move = 0.0
            for (a, j) in free.enumerated() { move += slopes[j] * step[a] }
            sum += move * move
        }
        return sum * Double(groups.count - 1) / Double(groups.count)
    }

    /// Σ w r r*, where r* is the residual of a point when its group is left out.
    ///
    /// - Throws: ``NoInterval`` where the points without a group leave the law open.
    func products(_ groups: [[Int]]) throws(NoInterval) -> Double {
        let p = law.held.count
        var sum = 0.0
        for rows in groups {
            let step = try stepWithout(rows)
            for i in rows {
                var left = law.residuals[i]
                for (a, j) in free.enumerated() { left += law.slopes[i * p + j] * step[a] }
                sum += weights[i] * law.residuals[i] * left
            }
        }
        return sum
    }

    /// Where the coordinates go without some rows, in one linear step.
    private func stepWithout(_ rows: [Int]) throws(NoInterval) -> [Double] {
        let (p, size) = (law.held.count, free.count)
        var pull = [Double](repeating: 0, count: size)
        for i in rows {
            for (a, j) in free.enumerated() {
                pull[a] += weights[i] * law.residuals[i] * law.slopes[i * p + j]
            }
        }
        let own = GroupVariance.sums(law, weights, rows, free)
        let rest = zip(matrix, own).map { $0 - $1 }
        guard isDefinite(rest, size), let step = LinearSystem.solve(rest, pull) else {
            throw .openWithoutGroup
        }
        return step
    }

    /// Whether a matrix, compared to M, has no direction left open.
    private func isDefinite(_ rest: [Double], _ size: Int) -> Bool {
        let diagonal = (0..<size).map { matrix[$0 * size + $0].squareRoot() }
        guard diagonal.allSatisfy({ $0 > 0 }) else { return false }
        var scaled = rest
        for a in 0..<size {
            for b in 0..<size { scaled[a * size + b] /= diagonal[a] * diagonal[b] }
        }
        let values = SymmetricEigen.decompose(scaled, size).values
        return values[0] > 1e-12 * values[size - 1]
    }

    private static func sums(
        _ law: FittedLaw, _ weights: [Double], _ rows: [Int], _ free: [Int]
    ) -> [Double] {
        let (p, size) = (law.held.count, free.count)
        var matrix = [Double](repeating: 0, count: size * size)
        for i in rows where weights[i] != 0 {
            for (a, j) in free.enumerated() {
                for (b, k) in free.enumerated() {
                    matrix[a * size + b] +=
                        weights[i] * law.slopes[i * p + j] * law.slopes[i * p + k]
                }
            }
        }
        return matrix
    }
}
