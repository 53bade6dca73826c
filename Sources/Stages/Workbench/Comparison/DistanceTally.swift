import Canon
package import Experiment
import System

/// Counts differences between values and remembers the first and the largest.
package struct DistanceTally {
    private let tolerance: Tolerance?
    private(set) var count = 0
    private(set) var total = 0
    private(set) var first: String?
    private var firstValues = ""
    private var largestUlp: UInt64 = 0
    private var largestRelative = 0.0
    private var others = 0
    private var isWithin = true

    /// Starts with nothing seen.
    package init(tolerance: Tolerance?) { self.tolerance = tolerance }

    /// Notes `count` values that are the same on both sides.
    package mutating func same(_ count: Int = 1) { total += count }

    /// Notes two numbers that differ in their bits, and their distance in units in the last place.
    package mutating func differ(
        _ a: Double, _ b: Double, ulp: UInt64, at place: @autoclosure () -> String
    ) {
        note(place(), "\(a) → \(b)")
        guard a.isFinite, b.isFinite else { return other() }
        largestUlp = max(largestUlp, ulp)
        let scale = max(a.magnitude, b.magnitude)
        // 0 and −0 differ in their bits and in nothing else.
        if scale > 0 {
            let distance = (a - b).magnitude / scale
            largestRelative = max(
                largestRelative, distance.isFinite ? distance : (a / scale - b / scale).magnitude)
        }
        if tolerance?.allows(a, b) != true { isWithin = false }
    }

    /// Notes a difference that no distance measures: texts, shapes, a value that is missing.
    package mutating func differ(
        _ a: String, _ b: String, at place: @autoclosure () -> String
    ) {
        note(place(), "\(DistanceTally.short(a)) → \(DistanceTally.short(b))")
        other()
    }

    private mutating func note(
        _ place: @autoclosure () -> String, _ values: @autoclosure () -> String
    ) {
        total += 1
        count += 1
        guard first == nil else { return }
        first = place()
        firstValues = values()
    }

    private mutating func other() {
        others += 1
        isWithin = false
    }

    private static func short(_ text: String) -> String {
        text.count > 60 ? "\(text.prefix(57))…" : text
    }

    /// The result; `unit` names what was counted, such as `element`, and `units` several of them where
    /// that is not one `s` more.
    package func comparison(format: String, unit: String, units: String? = nil) -> TypedComparison {
        let all = counted(total, unit, units)
        guard count > 0 else {
            return TypedComparison(
                format: format,
                text: "\(format): the same \(all), in other bytes", count: 0,
                total: total, first: nil)
        }
        let differ = count == 1 ? "differs" : "differ"
        var text = "\(format): \(count) of \(all) \(differ); first \(first ?? ""): "
        text += firstValues
        if others < count {
            text +=
                "; largest distance \(largestUlp) ulp, relative \(Self.rounded(largestRelative))"
        }
        if others > 0, others < count {
            text += "; \(counted(others, "is not a finite number", "are not finite numbers"))"
        }
        return TypedComparison(
            format: format, text: text, count: count, total: total, first: first,
            largestUlp: others == 0 ? largestUlp : nil,
            largestRelative: others == 0 ? largestRelative : nil, isWithin: isWithin)
    }

    /// Two digits: an error's size, not its value.
    private static func rounded(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "\(value)" }
        var exponent = 0
        var digits = value
        while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
        while digits < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
        let tenths = (digits * 10).rounded()
        if exponent >= -3, exponent < 3 { return "\((value * 1e4).rounded() / 1e4)" }
        return "\(tenths / 10)e\(exponent)"
    }
}

/// The distance of two doubles in units in the last place: how many doubles lie between them, plus 1.
func ulpDistance(_ a: Double, _ b: Double) -> UInt64 {
    func place(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: value.bitPattern)
        return bits < 0 ? Int64.min &- bits : bits
    }
    let (x, y) = (place(a), place(b))
    return x > y ? UInt64(bitPattern: x &- y) : UInt64(bitPattern: y &- x)
}

/// The same of two floats.
func ulpDistance(_ a: Float, _ b: Float) -> UInt64 {
    func place(_ value: Float) -> Int64 {
        let bits = Int64(Int32(bitPattern: value.bitPattern))
        return bits < 0 ? Int64(Int32.min) - bits : bits
    }
    return (place(a) - place(b)).magnitude
}
