import Numerics
import System

/// A logarithmic axis: where values lie, and which are marked.
package struct LogAxis {
    /// The decimal logarithms of the ends.
    package let low, high: Double
    /// The coordinates of the ends.
    package let from, to: Double

    /// An axis over values, with a little room, from one coordinate to another.
    package init(_ values: [Double], from: Double, to: Double) {
        let logs = values.filter { $0 > 0 && $0.isFinite }.map {
            Elementary.log($0) / 2.302585092994046
        }
        let (least, most) = (logs.min() ?? 0, logs.max() ?? 1)
        let room = max(0.05, 0.06 * (most - least))
        low = least - room
        high = most + room
        self.from = from
        self.to = to
    }

    /// The coordinate of a value, which is positive.
    package func place(_ value: Double) -> Double {
        let t = (Elementary.log(value) / 2.302585092994046 - low) / (high - low)
        return from + t * (to - from)
    }

    /// Powers of ten, with 2 and 5 between them where the axis is short; bold ones are labelled.
    ///
    /// Where fewer than two would be labelled, round values at equal distances instead.
    package var ticks: [(value: Double, label: String?)] {
        let ticks = decimalTicks
        return ticks.count { $0.label != nil } < 2 ? equalTicks : ticks
    }

    /// Four to eight multiples of 1, 2 or 5 times a power of ten, all labelled.
    private var equalTicks: [(value: Double, label: String?)] {
        let (least, most) = (
            Elementary.exp(low * 2.302585092994046), Elementary.exp(high * 2.302585092994046)
        )
        var exponent = 0
        var power = 1.0
        while power * 10 <= (most - least) / 4 {
            power *= 10
            exponent += 1
        }
        while power > (most - least) / 4 {
            power /= 10
            exponent -= 1
        }
        let factor = [5.0, 2.0].first { $0 * power <= (most - least) / 4 } ?? 1
        let step = factor * power
        let first = (least / step).rounded(.up)
        return (0..<12).map { first + Double($0) }.filter { $0 * step <= most }.map { multiple in
            let value = multiple * step
            let leading = (Elementary.log(value) / 2.302585092994046 + 1e-9).rounded(.down)
            return (value, Markup.significant(value, min(12, Int(leading) - exponent + 1)))
        }
    }

    private var decimalTicks: [(value: Double, label: String?)] {
        var ticks: [(Double, String?)] = []
        let decades = high - low
        let stride = max(1, Int(decades / 9))
        for exponent in Int(low.rounded(.down))...Int(high.rounded(.up)) {
            let power = Elementary.exp(Double(exponent) * 2.302585092994046)
            for digit in 1...9 {
                let value = Double(digit) * power
                let position = Elementary.log(value) / 2.302585092994046
                guard position >= low, position <= high else { continue }
                let isLabelled =
                    digit == 1 && exponent % stride == 0
                    || decades < 2.2 && (digit == 2 || digit == 5)
                ticks.append((value, isLabelled ? LogAxis.label(digit, exponent) : nil))
            }
        }
        return ticks
    }

    private static func label(_ digit: Int, _ exponent: Int) -> String {
        if (-2...4).contains(exponent) {
            if exponent < 0 {
                return "0." + String(repeating: "0", count: -exponent - 1) + "\(digit)"
            }
            let zeros = String(repeating: "0", count: exponent)
            return exponent == 4 ? "\(digit)0\u{2009}000" : "\(digit)\(zeros)"
        }
        let powers = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        var text = exponent < 0 ? "⁻" : ""
        for character in String(exponent.magnitude) {
            text.append(powers[character.wholeNumberValue ?? 0])
        }
        return digit == 1 ? "10\(text)" : "\(digit)·10\(text)"
    }
}
