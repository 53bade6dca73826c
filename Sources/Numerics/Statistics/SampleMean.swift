/// The mean of some numbers, and its standard error.
package struct SampleMean: Sendable, Equatable {
    /// The mean; NaN of no numbers.
    package let mean: Double
    /// The standard deviation over √n; NaN for fewer than two numbers.
    package let error: Double

    /// Sums in order.
    package init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        error = values.count > 1 ? (squares / ((count - 1) * count)).squareRoot() : .nan
    }
}
