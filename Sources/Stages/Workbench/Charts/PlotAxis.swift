import System

/// A vertical axis that is logarithmic or linear.
enum PlotAxis {
    case log(LogAxis)
    case linear(LinearAxis)

    /// Whether a value has a place on the axis.
    func contains(_ value: Double) -> Bool {
        switch self {
        case .log(let axis):
            value > 0 && value.isFinite && (axis.to...axis.from).contains(axis.place(value))
        case .linear(let axis): value.isFinite && (axis.to...axis.from).contains(axis.place(value))
        }
    }

    /// The coordinate of a value; what a logarithmic axis cannot show lies far below it.
    func place(_ value: Double) -> Double {
        switch self {
        case .log(let axis): value > 0 ? axis.place(value) : axis.from + 1e4
        case .linear(let axis): axis.place(value)
        }
    }

    /// Values that are marked, and what stands beside them.
    var ticks: [(value: Double, label: String?)] {
        switch self {
        case .log(let axis): axis.ticks
        case .linear(let axis): axis.ticks
        }
    }
}

/// A linear vertical axis; `from` is below `to` on the page, so its coordinate is the larger one.
struct LinearAxis {
    /// The values at the ends.
    let low, high: Double
    /// The coordinates of the ends.
    let from, to: Double

    /// An axis over values, with a little room, from one coordinate to another.
    init(_ values: [Double], from: Double, to: Double) {
        let finite = values.filter { $0.isFinite }
        let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
        let room = max(1e-12, 0.05 * (most - least))
        low = least - room
        high = most + room
        self.from = from
        self.to = to
    }

    /// The coordinate of a value.
    func place(_ value: Double) -> Double { from + (value - low) / (high - low) * (to - from) }

    /// Four to nine multiples of 1, 2 or 5 times a power of ten.
    var ticks: [(value: Double, label: String?)] {
        var power = 1.0
        while power * 10 <= (high - low) / 4 { power *= 10 }
        while power > (high - low) / 4 { power /= 10 }
        let step = ([5.0, 2.0].first { $0 * power <= (high - low) / 4 } ?? 1) * power
        let first = (low / step).rounded(.up)
        return (0..<14).map { (first + Double($0)) * step }.filter { $0 <= high }.map { value in
            // A sum of steps that should be 0 is only near it.
            let isZero = value.magnitude < 1e-9 * step
            return (value, isZero ? "0" : LinearAxis.label(value, step: step))
        }
    }

    /// As many decimals as the step has.
    private static func label(_ value: Double, step: Double) -> String {
        var decimals = 0
        var scale = 1.0
        while decimals < 9,
            (step * scale - (step * scale).rounded()).magnitude > 1e-6 * step * scale
        {
            scale *= 10
            decimals += 1
        }
        let whole = Int((value.magnitude * scale).rounded())
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let text =
            decimals == 0
            ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
        return (value < 0 ? "−" : "") + text
    }
}
