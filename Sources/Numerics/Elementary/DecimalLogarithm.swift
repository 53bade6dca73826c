/// Powers of ten whose round ones are exact.
package enum DecimalLogarithm {
    /// The decimal logarithm; whole where the number is a power of ten up to 1e-12.
    package static func of(_ x: Double) -> Double {
        let u = Elementary.log(x) / 2.302585092994046
        let whole = u.rounded()
        return (u - whole).magnitude < 1e-12 ? whole : u
    }

    /// Ten to the power `u`.
    package static func power(_ u: Double) -> Double {
        let whole = u.rounded(.down)
        var value = Elementary.exp((u - whole) * 2.302585092994046)
        for _ in 0..<Int(whole.magnitude) { value = whole < 0 ? value / 10 : value * 10 }
        return value
    }
}
