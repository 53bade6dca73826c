/// Least squares with bounds for each coefficient, where a good start is wanted and not a proof.
enum BoundedLeastSquares {
    /// A c between the bounds with a small ½ cᵀMc − rᵀc; `nil` where nothing finite is found.
    ///
    /// Coefficients that leave their bounds are put there, the worst one first, and the others solved again.
    /// `matrix` is `[m, m]`, symmetric and positive semidefinite. Cost: at most m systems.
    ///
    /// - Parameters:
    ///   - matrix: M.
    ///   - right: r.
    ///   - lower: the least values.
    ///   - upper: the greatest values.
    ///   - order: all coefficients in the order of their elimination.
    /// - Returns: c.
    static func solve(
        _ matrix: [Double], _ right: [Double], lower: [Double], upper: [Double], order: [Int]
    ) -> [Double]? {
        let m = right.count
        var solution = [Double](repeating: 0, count: m)
        var free = order
        var held: [Int] = []
        while !free.isEmpty {
            let size = free.count
            var part = [Double](repeating: 0, count: size * size)
            var side = [Double](repeating: 0, count: size)
            for (a, i) in free.enumerated() {
                side[a] = right[i]
                for j in held { side[a] -= matrix[i * m + j] * solution[j] }
                for (b, j) in free.enumerated() { part[a * size + b] = matrix[i * m + j] }
                // Columns that are the same within rounding share what they explain.
                part[a * size + a] *= 1 + 1e-12
            }
            guard let found = LinearSystem.solve(part, side), found.allSatisfy({ $0.isFinite })
            else { return nil }
            var worst: (excess: Double, place: Int, bound: Double)?
            for (a, i) in free.enumerated() {
                solution[i] = found[a]
                let bound = min(upper[i], max(lower[i], found[a]))
                let excess = (found[a] - bound).magnitude / max(1, bound.magnitude)
                if excess > worst?.excess ?? 0 { worst = (excess, i, bound) }
            }
            guard let worst else { return solution }
            solution[worst.place] = worst.bound
            held = (held + [worst.place]).sorted()
            free.removeAll { $0 == worst.place }
        }
        return solution
    }
}
