/// A mean with its standard error, number by number; after Welford, Technometrics 4 (1962).
///
/// ```swift
/// var mean = RunningMean([9.1, 9.7])
/// mean.add(8.8)
/// print(mean.mean, mean.standardError)
/// ```
public struct RunningMean: Sendable {
    /// How many numbers came.
    public private(set) var count = 0
    /// Their mean; 0 where none came.
    public private(set) var mean = 0.0
    private var squares = 0.0

    /// Of no numbers.
    public init() {}

    /// Of these numbers, in order.
    public init(_ values: some Sequence<Double>) { for value in values { add(value) } }

    /// Takes a number.
    public mutating func add(_ x: Double) {
        count += 1
        let step = x - mean
        mean += step / Double(count)
        squares += step * (x - mean)
    }

    /// The standard error of the mean of independent numbers; NaN of fewer than two.
    public var standardError: Double {
        (squares / (Double(count) * Double(count - 1))).squareRoot()
    }
}
