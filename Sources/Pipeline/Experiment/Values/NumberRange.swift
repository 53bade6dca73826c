/// The numbers of a range, in exact decimal arithmetic and correctly rounded: 0.1, 0.2, …, 0.7 are just
/// these.
enum NumberRange {
    /// `from`, `from` + `step`, … as far as `to` and not beyond; `nil` where the numbers are too far apart
    /// for exact arithmetic (more than 38 digits), or where it has more than `most` points or none.
    static func stepped(_ from: Decimal, _ to: Decimal, step: Decimal, most: Int) -> Stepped? {
        let unit = commonUnit([from, to, step])
        guard let low = from.scaled(to: unit), let high = to.scaled(to: unit),
            let step = step.scaled(to: unit), step != 0
        else { return nil }
        let (distance, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow, distance == 0 || (distance > 0) == (step > 0) else { return nil }
        let (count, rest) = distance.quotientAndRemainder(dividingBy: step)
        guard count < Int128(most) else { return nil }
        return Stepped(
            values: (0...Int(count)).map {
                Decimal.double(low + Int128($0) * step, over: 1, exponent: unit)
            }, reachesEnd: rest == 0)
    }

    /// The points of a stepped range.
    struct Stepped {
        let values: [Double]
        /// Whether the last of them is `to`.
        let reachesEnd: Bool
    }

    /// Points at equal distances from `from` to `to`, both of them included; `nil` where they are too far
    /// apart for exact arithmetic.
    static func linear(_ from: Decimal, _ to: Decimal, points: Int) -> [Double]? {
        let unit = commonUnit([from, to])
        let intervals = Int128(max(1, points - 1))
        guard let low = from.scaled(to: unit), let high = to.scaled(to: unit),
            max(low.magnitude, high.magnitude).multipliedReportingOverflow(
                by: 2 * UInt128(intervals)
            ).overflow == false
        else { return nil }
        return (0..<points).map {
            Decimal.double(
                low * (intervals - Int128($0)) + high * Int128($0), over: intervals, exponent: unit)
        }
    }

    /// Points at equal ratios between two positive numbers, both of them included.
    ///
    /// `from`^(1−t) · `to`^t to about 100 bits, then rounded once: right to the last bit, but for a value
    /// that lies within 1e-29 of the middle of two doubles and for those below the normal range.
    static func logarithmic(_ from: Decimal, _ to: Decimal, points: Int) -> [Double] {
        let (low, high) = (logarithm(from), logarithm(to))
        let intervals = max(1, points - 1)
        return (0..<points).map { index in
            if index == 0 { return double(from) }
            if index == intervals { return double(to) }
            let sum =
                low * WideNumber(Double(intervals - index)) + high * WideNumber(Double(index))
            return (sum / WideNumber(Double(intervals))).exponential.high
        }
    }

    private static func logarithm(_ number: Decimal) -> WideNumber {
        WideNumber(whole: number.mantissa).logarithm + WideNumber.ln10
            * WideNumber(Double(number.exponent))
    }

    private static func double(_ number: Decimal) -> Double {
        Decimal.double(number.mantissa, over: 1, exponent: number.exponent)
    }

    private static func commonUnit(_ numbers: [Decimal]) -> Int {
        numbers.filter { $0.mantissa != 0 }.map { $0.exponent }.min() ?? 0
    }
}
