extension FittedLaw {
    /// Akaike's criterion with the correction for few points; `nil` where it is not defined.
    ///
    /// Squares: n log(RSS/n) + 2k + 2k(k+1)/(n−k−1), normal residuals; absolute residuals: Laplace's,
    /// 2n log(2Σ|r|/n) + 2n + …; k counts the scale too. Only fits in one space may be compared.
    package var correctedAkaike: Double? {
        let n = Double(residuals.count)
        let k = Double(freeCount + 1)
        guard n > k + 1, value > 0 else { return nil }
        let penalty = 2 * k + 2 * k * (k + 1) / (n - k - 1)
        switch objective.loss {
        case .squares: return n * Elementary.log(value / n) + penalty
        case .absolute: return 2 * n * Elementary.log(2 * value / n) + 2 * n + penalty
        case .huber: return nil
        }
    }

    /// Root mean square of log f − log y at other points; `nil` for none.
    package func logError(x: [[Double]], y: [Double]) -> Double? {
        if y.isEmpty { return nil }
        let sum = zip(predict(x), y).reduce(0.0) {
            let r = Elementary.log($1.0) - Elementary.log($1.1)
            return $0 + r * r
        }
        return (sum / Double(y.count)).squareRoot()
    }

    /// The covariance of the natural parameters, `[p, p]`, by linearisation; `nil` where it is
    /// singular.
    ///
    /// Squares: RSS/(n − p) (JᵀJ)⁻¹. Otherwise the sandwich H⁻¹ (Σ ψ² JJᵀ) H⁻¹ with H = Σ ψ′ JJᵀ,
    /// where for absolute residuals there is none. Held parameters, and those at a bound, have 0.
    package var covariance: [Double]? {
        let p = held.count
        let coordinates = form.coordinates
        let free = (0..<p).filter { !held[$0] && theta[$0] > coordinates[$0].lower }
        let (n, size) = (residuals.count, free.count)
        guard n > size, objective.loss != .absolute else { return nil }
        var bread = [Double](repeating: 0, count: size * size)
        var filling = bread
        for i in 0..<n {
            var (first, second) = (residuals[i], 1.0)
            if case .huber(let delta) = objective.loss, first.magnitude > delta {
                (first, second) = (first > 0 ? delta : -delta, 0)
            }
            for (a, j) in free.enumerated() {
                for (b, k) in free.enumerated() {
                    let product = slopes[i * p + j] * slopes[i * p + k]
                    bread[a * size + b] += second * product
                    filling[a * size + b] += first * first * product
                }
            }
        }
        if objective.loss == .squares {
            let variance = value / Double(n - size)
            filling = bread.map { $0 * variance }
        }
        // H⁻¹ column by column, then both sides.
        var inverse: [[Double]] = []
        for a in 0..<size {
            var unit = [Double](repeating: 0, count: size)
            unit[a] = 1
            guard let column = LinearSystem.solve(bread, unit) else { return nil }
            inverse.append(column)
        }
        // ∂natural/∂θ by central differences.
        var jacobian = [Double](repeating: 0, count: p * size)
        for (a, j) in free.enumerated() {
            let step = 1e-6 * max(0.01, theta[j].magnitude)
            var (up, down) = (theta, theta)
            up[j] += step
            down[j] = max(coordinates[j].lower, down[j] - step)
            let (high, low) = (form.natural(up, scale), form.natural(down, scale))
            for row in 0..<p {
                jacobian[row * size + a] = (high[row] - low[row]) / (up[j] - down[j])
            }
        }
        var root = [Double](repeating: 0, count: p * size)
        for row in 0..<p {
            for a in 0..<size {
                for b in 0..<size {
                    root[row * size + a] += jacobian[row * size + b] * inverse[b][a]
                }
            }
        }
        var result = [Double](repeating: 0, count: p * p)
        for row in 0..<p {
            for column in 0..<p {
                for a in 0..<size {
                    for b in 0..<size {
                        result[row * p + column] +=
                            root[row * size + a] * filling[a * size + b] * root[column * size + b]
                    }
                }
            }
        }
        return result
    }
}
