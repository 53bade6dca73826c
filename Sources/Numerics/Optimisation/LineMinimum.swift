/// The least value of a function of one number on an interval, whether or not it has one valley.
package struct LineMinimum: Sendable, Equatable {
    /// Where, and the value there.
    package let place, value: Double

    /// A grid finds the valley, golden sections its bottom, a parabola the last digits.
    ///
    /// The function may have kinks and several valleys wider than (to − from)/`cells`; it is never asked
    /// outside the interval, and values that are not finite count as infinite. Error of the place: about
    /// 10⁻⁷ of the valley's width where the function is smooth (the root of the rounding error, mended by
    /// the parabola). Source: Kiefer, Proc. Amer. Math. Soc. 4 (1953), for the sections.
    ///
    /// - Complexity: `cells` + about 40 evaluations.
    package static func find(
        from: Double, to: Double, cells: Int = 96, _ function: (Double) -> Double
    ) -> LineMinimum {
        precondition(from <= to && cells >= 2, "an interval from \(from) to \(to)")
        func value(_ u: Double) -> Double {
            let f = function(u)
            return f.isFinite ? f : .infinity
        }
        let step = (to - from) / Double(cells)
        var best = (place: from, value: value(from))
        var cell = 0
        for i in 1...cells {
            let u = i == cells ? to : from + Double(i) * step
            let f = value(u)
            if f < best.value { (best, cell) = ((u, f), i) }
        }
        let (a, b) = (
            from + Double(max(0, cell - 1)) * step,
            cell >= cells - 1 ? to : from + Double(cell + 1) * step
        )
        let valley = GoldenSections(
            from: a, to: b, width: 1e-5 * (1 + max(a.magnitude, b.magnitude)), ties: .left, value)
        if min(valley.atLeft, valley.atRight) < best.value {
            best =
                valley.atLeft <= valley.atRight
                ? (valley.left, valley.atLeft) : (valley.right, valley.atRight)
        }
        return polished(best, from, to, 1e-3, value)
    }

    /// The vertex of a parabola through three points wide enough apart for their differences to count.
    private static func polished(
        _ best: (place: Double, value: Double), _ from: Double, _ to: Double, _ h: Double,
        _ value: (Double) -> Double
    ) -> LineMinimum {
        guard best.place - h >= from && best.place + h <= to else {
            return LineMinimum(place: best.place, value: best.value)
        }
        let (low, high) = (value(best.place - h), value(best.place + h))
        let bend = low - 2 * best.value + high
        let shift = 0.5 * h * (low - high) / bend
        guard bend > 0, shift.magnitude < h else {
            return LineMinimum(place: best.place, value: best.value)
        }
        let vertex = value(best.place + shift)
        // The parabola knows the place better than differences of the last bits do.
        return vertex <= best.value + 1e-12 * best.value.magnitude
            ? LineMinimum(place: best.place + shift, value: min(vertex, best.value))
            : LineMinimum(place: best.place, value: best.value)
    }
}
