import Numerics

/// What is known of a parameter before the fit.
struct LawPriorText {
    /// Whether the logarithm is what is normal.
    let isLogarithm: Bool
    /// The mean and the standard deviation, of the value or its logarithm.
    let mean, deviation: Double

    /// Reads `normal(0.35, 0.1)` or `lognormal(-1, 0.5)`; `nil` for anything else.
    init?(_ text: String) {
        let plain = text.filter { !$0.isWhitespace }
        guard plain.hasSuffix(")"), let open = plain.firstIndex(of: "(") else { return nil }
        let name = plain[..<open]
        guard name == "normal" || name == "lognormal" else { return nil }
        let numbers = plain[plain.index(after: open)...].dropLast().split(
            separator: ",", omittingEmptySubsequences: false
        ).map { Double($0) }
        guard numbers.count == 2, let mean = numbers[0], let deviation = numbers[1],
            mean.isFinite, deviation.isFinite, deviation > 0
        else { return nil }
        (isLogarithm, self.mean, self.deviation) = (name == "lognormal", mean, deviation)
    }
}
