import Numerics
import System

/// What an axis spans, and which values are marked on it.
struct AxisRange {
    /// How values become distances.
    let scale: FigureScale
    /// The ends: decimal logarithms on a logarithmic axis, else values.
    let low, high: Double

    /// Spans values with a little room; what has no place on the scale is left out.
    init(_ values: [Double], _ scale: FigureScale, isTight: Bool = false) {
        self.scale = scale
        if case .names(let names) = scale {
            low = -0.5
            high = Double(max(1, names.count)) - 0.5
            return
        }
        let isLog = scale == .logarithmic
        let fit = values.filter { $0.isFinite && (!isLog || $0 > 0) }
            .map { isLog ? DecimalLogarithm.of($0) : $0 }
        let (least, most) = (fit.min() ?? 0, fit.max() ?? 1)
        let span = most - least
        // A single value stands in the middle of something.
        let alone = isLog ? 0.05 : max(1e-12, 0.05 * max(least.magnitude, most.magnitude))
        let room = isTight && span > 0 ? 0 : max(span > 0 ? 0.03 * span : alone, isLog ? 0.01 : 0)
        // Bars stand on zero, and nothing that is counted from zero begins below it.
        low = !isLog && least >= 0 && least - room < 0 ? 0 : least - room
        high = max(most + room, low + (isLog ? 1e-6 : .leastNormalMagnitude))
    }

    /// The distance of a value from the origin of the scale; `nil` where it has none.
    func measure(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        if scale != .logarithmic { return value }
        return value > 0 ? DecimalLogarithm.of(value) : nil
    }

    /// The value in a part of the way from the low end to the high one.
    func value(at part: Double) -> Double {
        let place = low + part * (high - low)
        return scale == .logarithmic
            ? min(.greatestFiniteMagnitude, DecimalLogarithm.power(place)) : place
    }

    /// Values to mark, each with what may stand beside it; sparser choices later.
    var choices: [[AxisTick]] {
        switch scale {
        case .names(let names):
            let all = names.enumerated().map { AxisTick(value: Double($0), label: $1) }
            return [1, 2, 5, 10, 20, 50, 100].map { step in
                all.filter { $0.value.truncatingRemainder(dividingBy: Double(step)) == 0 }
            }
        case .linear: return [4, 2, 1].map { rounded($0, low, high) }.filter { $0.count > 1 }
        case .logarithmic: return logarithmic()
        }
    }

    private func logarithmic() -> [[AxisTick]] {
        let (least, most) = (value(at: 0), value(at: 1))
        let notation = TickNotation(largest: most, smallest: least)
        var all: [(tick: AxisTick, digit: Int, exponent: Int)] = []
        for exponent in Int(low.rounded(.down))...Int(high.rounded(.up)) where high - low < 40 {
            for digit in 1...9 {
                let value = Double(digit) * DecimalLogarithm.power(Double(exponent))
                guard let place = measure(value), place >= low - 1e-9, place <= high + 1e-9 else {
                    continue
                }
                let label = notation.label(digit: digit, exponent: exponent)
                all.append((AxisTick(value: value, label: label), digit, exponent))
            }
        }
        func labelled(_ isKept: (Int, Int) -> Bool) -> [AxisTick] {
            all.map { isKept($0.digit, $0.exponent) ? $0.tick : $0.tick.unlabelled }
        }
        var found = [
            labelled { digit, _ in high - low < 2.2 && [1, 2, 5].contains(digit) },
            labelled { digit, _ in high - low < 2.2 && [1, 3].contains(digit) },
        ]
        for step in [1, 2, 3, 5, 10, 20, 50, 100] {
            if high - low < 40 {
                found.append(labelled { digit, exponent in digit == 1 && exponent % step == 0 })
            } else {
                found.append(powers(every: step))
            }
        }
        let equal = [4.0, 2, 1].map { rounded($0, least, most) }
        found = found.filter { $0.count { $0.label != nil } > 1 }
        return high - low < 0.5 ? equal + found : found + equal
    }

    /// Powers of ten alone, where the axis spans more than others fit on.
    private func powers(every step: Int) -> [AxisTick] {
        (Int(low.rounded(.up))...max(Int(low.rounded(.up)), Int(high.rounded(.down)))).filter {
            $0 % step == 0
        }.map {
            AxisTick(
                value: DecimalLogarithm.power(Double($0)), label: "10\(PowerText.raised($0))")
        }
    }

    /// Multiples of 1, 2 or 5 times a power of ten, so that about so many steps fill the axis.
    private func rounded(_ steps: Double, _ least: Double, _ most: Double) -> [AxisTick] {
        let wanted = (most - least) / steps
        guard wanted > 0, wanted.isFinite else { return [] }
        let exponent = Int((DecimalLogarithm.of(wanted) + 1e-9).rounded(.down))
        let power = DecimalLogarithm.power(Double(exponent))
        let factor = [5.0, 2.0].first { $0 * power <= wanted * 1.000001 } ?? 1
        let step = factor * power
        let first = (least / step - 1e-6).rounded(.up)
        guard first.magnitude < 1e12 else { return [] }
        let notation = TickNotation(
            largest: max(least.magnitude, most.magnitude), stepExponent: exponent)
        let multiples = (0..<14).map { first + Double($0) }
        return multiples.filter { $0 * step <= most + 1e-6 * step }.map { multiple in
            let label = notation.label(multiple * factor, exponent: exponent)
            return AxisTick(value: multiple * step, label: label)
        }
    }
}
