/// Least squares with coefficients of at least 0, for a handful of unknowns.
package enum NonNegativeLeastSquares {
    /// The c ≥ 0 that minimises ½ cᵀMc − rᵀc; `nil` where nothing finite does.
    ///
    /// Free unknowns may have either sign. `matrix` is `[m, m]`, symmetric and positive semidefinite, with m
    /// up to 4: every subset of unknowns is solved and the best one that is feasible wins, so the answer is
    /// exact and does not depend on a path. Cost: 2ᵐ systems.
    package static func solve(
        _ matrix: [Double], _ right: [Double], isFree: [Bool]? = nil
    ) -> [Double]? {
        let m = right.count
        let isFree = isFree ?? right.map { _ in false }
        precondition(m <= 4, "\(m) unknowns")
        var best: [Double]?
        var least = Double.infinity
        for subset in 1..<(1 << m) {
            let free = (0..<m).filter { subset >> $0 & 1 == 1 }
            let size = free.count
            var part = [Double](repeating: 0, count: size * size)
            for (a, i) in free.enumerated() {
                for (b, j) in free.enumerated() { part[a * size + b] = matrix[i * m + j] }
            }
            guard let solution = LinearSystem.solve(part, free.map { right[$0] }),
                zip(free, solution).allSatisfy({ ($1 >= 0 || isFree[$0]) && $1.isFinite })
            else { continue }
            var value = 0.0
            for (a, i) in free.enumerated() { value -= 0.5 * right[i] * solution[a] }
            if value < least {
                least = value
                var full = [Double](repeating: 0, count: m)
                for (a, i) in free.enumerated() { full[i] = solution[a] }
                best = full
            }
        }
        return best
    }
}
