/// Where inputs may lie: between bounds and, where asked, with a given sum, such as shares.
package struct InputRegion: Sendable {
    /// The bounds of each input.
    package let lower, upper: [Double]
    /// What the inputs add up to; `nil` for anything.
    package let sum: Double?

    /// Describes a region; `nil` where it is empty.
    package init?(lower: [Double], upper: [Double], sum: Double?) {
        guard zip(lower, upper).allSatisfy({ $0 <= $1 }) else { return nil }
        if let sum {
            guard lower.reduce(0, +) <= sum * (1 + 1e-12), upper.reduce(0, +) >= sum * (1 - 1e-12)
            else { return nil }
        }
        (self.lower, self.upper, self.sum) = (lower, upper, sum)
    }

    /// The point of the region that is nearest to a point.
    ///
    /// With a sum: max(lower, min(upper, x − τ)) with the one τ that gives it, by halving.
    package func nearest(to point: [Double]) -> [Double] {
        func clamped(_ shift: Double) -> [Double] {
            point.indices.map { max(lower[$0], min(upper[$0], point[$0] - shift)) }
        }
        guard let sum else { return clamped(0) }
        var low = point.indices.map { point[$0] - upper[$0] }.min() ?? 0
        var high = point.indices.map { point[$0] - lower[$0] }.max() ?? 0
        for _ in 0..<200 where low < high {
            let middle = 0.5 * (low + high)
            if middle == low || middle == high { break }
            if clamped(middle).reduce(0, +) > sum { low = middle } else { high = middle }
        }
        // What rounding leaves between a bound and an input is no distance.
        return clamped(0.5 * (low + high)).enumerated().map { place, value in
            let (least, most) = (lower[place], upper[place])
            let slack = 1e-14 * (most - least)
            return value - least <= slack ? least : most - value <= slack ? most : value
        }
    }

    /// Its middle, and its corners along each input.
    package var starts: [[Double]] {
        let middle = zip(lower, upper).map { 0.5 * ($0 + $1) }
        return [nearest(to: middle)]
            + lower.indices.map { place in
                var corner = lower
                corner[place] = upper[place]
                return nearest(to: corner)
            }
    }
}
