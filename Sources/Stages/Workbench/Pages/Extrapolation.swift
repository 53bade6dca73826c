import Numerics

/// How far beyond the fitted points something is asked.
package struct Extrapolation: Sendable {
    /// Powers of ten beyond the largest fitted value.
    package let orders: Double

    /// The way from the largest fitted value to an asked one; none where it lies within.
    package init(to asked: Double, beyond largest: Double) {
        orders = asked > largest && largest > 0 ? DecimalLogarithm.of(asked / largest) : 0
    }

    /// Whether a reader is warned: from half an order of magnitude on, a factor of three.
    package var isFar: Bool { orders >= 0.5 }

    /// The way in words, such as `2.5 orders of magnitude beyond the largest fitted C`.
    package func text(_ name: String) -> String {
        "\(Markup.significant(orders, 2)) orders of magnitude beyond the largest fitted \(name)"
    }

    /// Warns of the furthest of several asked values; says nothing where all are near.
    package static func warnings(
        _ asked: [Double], beyond largest: Double, _ name: String
    ) -> [String] {
        guard let most = asked.max() else { return [] }
        let way = Extrapolation(to: most, beyond: largest)
        guard way.isFar else { return [] }
        return [
            "\(name) = \(Markup.significant(most)) is \(way.text(name)) (\(Markup.significant(largest)))"
        ]
    }
}
