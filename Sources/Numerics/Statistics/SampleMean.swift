/// The mean of some numbers, and its standard error.
///
/// ```swift
/// let mean = SampleMean([9.1, 9.7, 8.8])
/// print(mean.mean, mean.error)
/// ```
public struct SampleMean: Sendable, Equatable {
    /// The mean; NaN of no numbers.
    public let mean: Double
    /// The standard deviation over √n; NaN for fewer than two numbers.
    public let error: Double

    /// Sums in order.
    public init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        error = values.count > 1 ? (squares / ((count - 1) * count)).squareRoot() : .nan
    }
}
