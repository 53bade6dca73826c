/// The digits of a decimal number as it is written.
struct DecimalText {
    /// Whether a minus stands before it.
    let isNegative: Bool
    /// The digits without the zeros at either end; none for 0.
    let digits: [UInt8]
    /// The power of ten of the last digit.
    let exponent: Int
    /// Whether it is written with digits alone: no point, no exponent.
    let isWhole: Bool
    /// Whether a further digit follows a 0 in front.
    let hasLeadingZero: Bool

    /// Reads `-12.5e3`; `nil` for what has another form.
    init?(_ text: String) {
        var rest = text.utf8[...]
        func digits() -> [UInt8] {
            let found = Array(rest.prefix { (0x30...0x39).contains($0) })
            rest = rest.dropFirst(found.count)
            return found
        }
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = digits()
        var part: [UInt8] = []
        let hasPoint = rest.first == UInt8(ascii: ".")
        if hasPoint {
            rest = rest.dropFirst()
            part = digits()
        }
        guard !whole.isEmpty || !part.isEmpty else { return nil }
        var power = 0
        let hasPower = rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E")
        if hasPower {
            rest = rest.dropFirst()
            let isDown = rest.first == UInt8(ascii: "-")
            if isDown || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            let written = digits()
            guard !written.isEmpty else { return nil }
            // Beyond this every number is 0 or infinite, however many digits it has.
            let size = Int(String(decoding: written.prefix(12), as: UTF8.self)) ?? 0
            power = isDown ? -size : size
        }
        guard rest.isEmpty else { return nil }
        isWhole = !hasPoint && !hasPower
        hasLeadingZero = whole.count > 1 && whole[0] == UInt8(ascii: "0")
        let zero = UInt8(ascii: "0")
        var all = (whole + part).drop { $0 == zero }
        power -= part.count
        while all.last == zero {
            all.removeLast()
            power += 1
        }
        self.digits = Array(all)
        exponent = all.isEmpty ? 0 : power
    }
}
