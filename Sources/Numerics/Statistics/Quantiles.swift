/// Order statistics.
package enum Quantiles {
    /// The median; not a number where there are no values.
    package static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let place = 0.5 * Double(sorted.count - 1)
        let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
        return low + (place - place.rounded(.down)) * (high - low)
    }
}
