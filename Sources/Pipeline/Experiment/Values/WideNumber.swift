/// A sum of two doubles that do not overlap: about 106 bits.
///
/// Dekker, Numerische Mathematik 18 (1971); Knuth, The Art of Computer Programming 2, section 4.2.2. Only +,
/// −, ×, ÷ and the fused multiply-add of IEEE 754: the same bits on every machine.
struct WideNumber {
    let high: Double
    let low: Double

    /// ln 2 and ln 10 to 106 bits.
    static let ln2 = WideNumber(high: 0.6931471805599453, low: 2.3190468138462996e-17)
    static let ln10 = WideNumber(high: 2.302585092994046, low: -2.1707562233822494e-16)

    private init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    /// A double.
    init(_ value: Double) { self.init(high: value, low: 0) }

    /// The nearest number of 106 bits to a whole number.
    init(whole: Int128) {
        let high = Double(whole)
        self.init(high: high, low: Double(whole - Int128(high)))
    }

    /// The exact sum of two doubles.
    private init(sumOf a: Double, _ b: Double) {
        let sum = a + b
        let part = sum - a
        self.init(high: sum, low: (a - (sum - part)) + (b - part))
    }

    static func + (a: WideNumber, b: WideNumber) -> WideNumber {
        let high = WideNumber(sumOf: a.high, b.high)
        let low = WideNumber(sumOf: a.low, b.low)
        let middle = WideNumber(sumOf: high.high, high.low + low.high)
        return WideNumber(sumOf: middle.high, middle.low + low.low)
    }

    static prefix func - (a: WideNumber) -> WideNumber { WideNumber(high: -a.high, low: -a.low) }

    static func - (a: WideNumber, b: WideNumber) -> WideNumber { a + -b }

    static func * (a: WideNumber, b: WideNumber) -> WideNumber {
        let product = a.high * b.high
        let error = (-product).addingProduct(a.high, b.high)
        return WideNumber(sumOf: product, error + (a.high * b.low + a.low * b.high))
    }

    static func / (a: WideNumber, b: WideNumber) -> WideNumber {
        let first = a.high / b.high
        var rest = a - b * WideNumber(first)
        let second = rest.high / b.high
        rest = rest - b * WideNumber(second)
        let third = rest.high / b.high
        return WideNumber(sumOf: first, second) + WideNumber(third)
    }

    private func scaled(by power: Int) -> WideNumber {
        let half = power / 2
        let (a, b) = (
            Double(sign: .plus, exponent: half, significand: 1),
            Double(sign: .plus, exponent: power - half, significand: 1)
        )
        return WideNumber(high: high * a * b, low: low * a * b)
    }

    /// The power of two and the rest of the argument of an exponential.
    private var parts: (power: Int, rest: WideNumber) {
        let power = (high / WideNumber.ln2.high).rounded()
        return (Int(power), self - WideNumber.ln2 * WideNumber(power))
    }

    /// eˣ for |x| ≤ 1000: a Taylor series of e^(r/512) − 1, squared nine times.
    var exponential: WideNumber {
        let (power, rest) = parts
        let r = rest.scaled(by: -9)
        var term = r
        var sum = r
        for k in 2...12 {
            term = term * r / WideNumber(Double(k))
            sum = sum + term
        }
        for _ in 0..<9 { sum = sum.scaled(by: 1) + sum * sum }
        return (sum + WideNumber(1)).scaled(by: power)
    }

    /// ln x for a positive x: one step of Halley's method from a double.
    var logarithm: WideNumber {
        let first = WideNumber(DeterministicMath.log2(high) * WideNumber.ln2.high)
        let power = first.exponential
        let step = (self - power) / (self + power)
        return first + step.scaled(by: 1)
    }
}
