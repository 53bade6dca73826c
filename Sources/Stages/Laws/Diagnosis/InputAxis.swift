import Numerics

/// An input as an axis: logarithms where all values have one, moved to the mean 0 and scaled to at most ±1.
struct InputAxis {
    let places: [Double]

    init(_ values: [Double]) {
        let isPositive = values.allSatisfy { $0 > 0 }
        let raw = isPositive ? values.map(Elementary.log) : values
        let mean = raw.reduce(0, +) / Double(max(1, raw.count))
        let reach = raw.reduce(0) { max($0, ($1 - mean).magnitude) }
        places = raw.map { reach > 0 ? ($0 - mean) / reach : 0 }
    }
}
