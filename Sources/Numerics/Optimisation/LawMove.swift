/// A part of a direction in the space of parameters.
package struct LawMove: Sendable, Equatable {
    /// The parameter, or its logarithm.
    package let name: String
    /// How much it moves.
    package let part: Double

    /// What stays when the parameters move along a direction, in words: `t_a + k`, `b − 2·c`.
    ///
    /// Each is the sum of two parameters that move, in whole steps where the parts are; parameters that
    /// hardly move are left out.
    static func combinations(_ direction: [LawMove]) -> [String] {
        let largest = direction.map { $0.part.magnitude }.max() ?? 0
        let moving = direction.filter { $0.part.magnitude > 1e-3 * largest }
        guard let first = moving.first, moving.count > 1 else { return [] }
        return moving.dropFirst().map { other in
            let ratio = -other.part / first.part
            let size = ratio.magnitude
            let factor = (size - 1).magnitude < 1e-3 ? "" : "\(rounded(size))·"
            return "\(other.name) \(ratio < 0 ? "−" : "+") \(factor)\(first.name)"
        }
    }

    /// Three significant digits.
    private static func rounded(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return "0" }
        let digits = 2 - Int((DecimalLogarithm.of(value)).rounded(.down))
        let power = Formula.Operation.power(10, Double(digits))
        return "\((value * power).rounded() / power)"
    }
}
