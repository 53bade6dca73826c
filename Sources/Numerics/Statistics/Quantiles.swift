/// Order statistics.
///
/// ```swift
/// let middle = Quantiles.median([3, 1, 2])  // 2
/// ```
public enum Quantiles {
    /// The median; not a number where there are no values.
    public static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let place = 0.5 * Double(sorted.count - 1)
        let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
        return low + (place - place.rounded(.down)) * (high - low)
    }
}
