extension RandomStream {
    /// The logarithm of a Gamma(shape, 1) number, finite for shapes whose numbers underflow.
    ///
    /// For a shape below 1: log of a Gamma(shape + 1) number, plus log(U)/shape (Marsaglia & Tsang,
    /// ACM TOMS 26 (2000), in logarithms); from a shape of 1 on the logarithm of ``gamma(shape:)``.
    public mutating func logGamma(shape: Double) -> Double {
        precondition(shape > 0, "a shape of \(shape)")
        guard shape < 1 else { return Elementary.log(gamma(shape: shape)) }
        let boost = Elementary.log(1 - uniform()) / shape
        return Elementary.log(gamma(shape: shape + 1)) + boost
    }

    /// Logarithms of numbers that sum to 1, from the symmetric Dirichlet distribution.
    ///
    /// Holds for concentrations far below 1e-3, where most of the numbers themselves underflow to 0:
    /// normalised by the logarithm of the sum, relative to the largest. Finite always.
    public mutating func logDirichlet(concentration: Double, count: Int) -> [Double] {
        let parts = (0..<count).map { _ in logGamma(shape: concentration) }
        guard let top = parts.max() else { return [] }
        let sum = parts.reduce(0) { $0 + Elementary.exp($1 - top) }
        let total = top + Elementary.log(sum)
        return parts.map { $0 - total }
    }
}
