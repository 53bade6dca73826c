/// An interval around a minimum, narrowed by golden sections until it is short enough.
///
/// The function has one valley in the interval; of several it finds one. Source: Kiefer, Proc. Amer. Math.
/// Soc. 4 (1953). Bits: fixed, and different for each choice of ties and of points, so both belong to the
/// definition of whatever is computed with it.
package struct GoldenSections: Sendable, Equatable {
    /// The interval that is left.
    package private(set) var low, high: Double
    /// The points that divide it, and the values there.
    package private(set) var left, right, atLeft, atRight: Double

    /// Which part is kept where both values are equal.
    package enum Side: Sendable {
        /// The left.
        case left
        /// The right.
        case right
    }

    /// Which points the next section has.
    package enum Points: Sendable {
        /// The one that is still inside, and a new one: one evaluation a section.
        case kept
        /// Two new ones: they divide the interval exactly, where a kept one does so but for rounding.
        case fresh
    }

    /// The middle of the interval.
    package var middle: Double { 0.5 * (low + high) }

    private static let ratio = 0.6180339887498949

    /// Narrows the interval from `low` to `high` to a width, by at most `limit` sections.
    ///
    /// - Complexity: 1.44·log₂((high − low)/width) sections.
    package init(
        from low: Double, to high: Double, width: Double, ties: Side, points: Points = .kept,
        limit: Int = .max, _ function: (Double) -> Double
    ) {
        (self.low, self.high) = (low, high)
        left = high - Self.ratio * (high - low)
        right = low + Self.ratio * (high - low)
        (atLeft, atRight) = (function(left), function(right))
        var sections = 0
        while self.high - self.low > width && sections < limit {
            sections += 1
            if atLeft < atRight || atLeft == atRight && ties == .left {
                (self.high, right, atRight) = (right, left, atLeft)
                moveLeft(function)
                if points == .fresh { moveRight(function) }
            } else {
                (self.low, left, atLeft) = (left, right, atRight)
                moveRight(function)
                if points == .fresh { moveLeft(function) }
            }
        }
    }

    private mutating func moveLeft(_ function: (Double) -> Double) {
        left = high - Self.ratio * (high - low)
        atLeft = function(left)
    }

    private mutating func moveRight(_ function: (Double) -> Double) {
        right = low + Self.ratio * (high - low)
        atRight = function(right)
    }
}
