/// A mean with its standard error, number by number; after Welford, Technometrics 4 (1962).
package struct RunningMean: Sendable {
    /// How many numbers came.
    package private(set) var count = 0
    /// Their mean; 0 where none came.
    package private(set) var mean = 0.0
    private var squares = 0.0

    /// Of no numbers.
    package init() {}

    /// Of these numbers, in order.
    package init(_ values: some Sequence<Double>) { for value in values { add(value) } }

    /// Takes a number.
    package mutating func add(_ x: Double) {
        count += 1
        let step = x - mean
        mean += step / Double(count)
        squares += step * (x - mean)
    }

    /// The standard error of the mean of independent numbers; NaN of fewer than two.
    package var standardError: Double {
        (squares / (Double(count) * Double(count - 1))).squareRoot()
    }
}
