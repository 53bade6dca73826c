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
}
