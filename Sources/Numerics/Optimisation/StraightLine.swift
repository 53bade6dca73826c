/// A straight line by weighted least squares.
package struct StraightLine: Sendable, Equatable {
    /// y = intercept + slope · x.
    package let slope, intercept: Double

    /// The line of least squares; `nil` for fewer than two different x.
    package init?(_ x: [Double], _ y: [Double], weights: [Double]? = nil) {
        let w = weights ?? x.map { _ in 1 }
        let total = w.reduce(0, +)
        guard total > 0 else { return nil }
        let meanX = zip(w, x).reduce(0) { $0 + $1.0 * $1.1 } / total
        let meanY = zip(w, y).reduce(0) { $0 + $1.0 * $1.1 } / total
        var (sxx, sxy) = (0.0, 0.0)
        for i in x.indices {
            sxx += w[i] * (x[i] - meanX) * (x[i] - meanX)
            sxy += w[i] * (x[i] - meanX) * (y[i] - meanY)
        }
        guard sxx > 0 else { return nil }
        slope = sxy / sxx
        intercept = meanY - slope * meanX
    }

    /// The line at x.
    package func value(_ x: Double) -> Double { intercept + slope * x }
}
