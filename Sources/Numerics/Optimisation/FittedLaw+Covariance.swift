extension FittedLaw {
    /// The covariance of the natural parameters, `[p, p]`, by linearisation; `nil` where it is
    /// singular.
    ///
    /// Squares: RSS/(n − p) (Σ w JJᵀ)⁻¹. Otherwise the sandwich H⁻¹ (Σ w² ψ² JJᵀ) H⁻¹ with
    /// H = Σ w ψ′ JJᵀ, where for absolute residuals there is none. Held parameters, and those at a bound,
    /// have 0.
    package func covariance(weights: [Double]) -> [Double]? {
        let p = held.count
        let coordinates = form.coordinates
        let free = (0..<p).filter { !held[$0] && theta[$0] > coordinates[$0].lower }
        let (n, size) = (weights.count { $0 > 0 }, free.count)
        guard n > size, objective.loss != .absolute else { return nil }
        let (bread, sandwich) = sums(weights, free)
        let variance = value / Double(n - size)
        let filling = objective.loss == .squares ? bread.map { $0 * variance } : sandwich
        // H⁻¹ column by column, then both sides.
        var inverse: [[Double]] = []
        for a in 0..<size {
            var unit = [Double](repeating: 0, count: size)
            unit[a] = 1
            guard let column = LinearSystem.solve(bread, unit) else { return nil }
            inverse.append(column)
        }
        let jacobian = naturalSlopes(free)
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

    /// Σ w ψ′ JJᵀ and Σ w² ψ² JJᵀ over free coordinates.
    private func sums(_ weights: [Double], _ free: [Int]) -> (bread: [Double], filling: [Double]) {
        let (p, size) = (held.count, free.count)
        var bread = [Double](repeating: 0, count: size * size)
        var filling = bread
        for i in residuals.indices {
            let w = weights[i]
            var (first, second) = (residuals[i], 1.0)
            if case .huber(let delta) = objective.loss, first.magnitude > delta {
                (first, second) = (first > 0 ? delta : -delta, 0)
            }
            for (a, j) in free.enumerated() {
                for (b, k) in free.enumerated() {
                    let product = slopes[i * p + j] * slopes[i * p + k]
                    bread[a * size + b] += w * second * product
                    filling[a * size + b] += w * w * first * first * product
                }
            }
        }
        return (bread, filling)
    }

    /// ∂natural/∂θ by central differences, `[p, free]`.
    private func naturalSlopes(_ free: [Int]) -> [Double] {
        let size = free.count
        let coordinates = form.coordinates
        var jacobian = [Double](repeating: 0, count: held.count * size)
        for (a, j) in free.enumerated() {
            let step = 1e-6 * max(0.01, theta[j].magnitude)
            var (up, down) = (theta, theta)
            up[j] += step
            down[j] = max(coordinates[j].lower, down[j] - step)
            let (high, low) = (form.natural(up, scale), form.natural(down, scale))
            for row in held.indices {
                jacobian[row * size + a] = (high[row] - low[row]) / (up[j] - down[j])
            }
        }
        return jacobian
    }
}
