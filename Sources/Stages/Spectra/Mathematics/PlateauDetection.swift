import Numerics
import System

/// A plateau found in a learning curve: where it begins and ends, how high it is, and how sure that is.
///
/// Rule. The slope of ln ε against ln α at a point is that of the least-squares line through all
/// points within a factor 1.5 of α. The plateau is the stretch, longest in ln α, of slopes above
/// −0.2 that begins below half of the first ε and is followed by a fall below half of its height;
/// it must span a factor 1.5. Height: the geometric mean of ε over it. Start: where ε first comes
/// within 10 % of the height; end: where it first falls below half of it afterwards; both between
/// points, in logarithms. Uncertainty: start at 5 % and 20 %, end at 0.6 and 0.4 of the height. The
/// rule is our own choice.
package struct PlateauDetection: Sendable, Equatable {
    /// α at the start and the end.
    package let start, end: Double
    /// ε on it.
    package let height: Double
    /// The range of the start and of the end under other thresholds.
    package let startRange, endRange: ClosedRange<Double>
    /// The end less the start.
    package var length: Double { end - start }
    /// Half of what the ranges leave open, added in squares.
    package var lengthUncertainty: Double {
        let (a, b) = (
            0.5 * (startRange.upperBound - startRange.lowerBound),
            0.5 * (endRange.upperBound - endRange.lowerBound)
        )
        return (a * a + b * b).squareRoot()
    }

    /// Looks for a plateau; `nil` where the rule finds none.
    package init?(alpha: [Double], error: [Double]) {
        let points = zip(alpha, error).filter { $0.0 > 0 && $0.1 > 0 }
        let x = points.map { Elementary.log($0.0) }
        let y = points.map { Elementary.log($0.1) }
        let slopes = LocalExponents.slopes(x, y, halfWidth: Elementary.log(1.5))
        var best: Range<Int>?
        // What comes before the first fall is the start, not a plateau.
        var first = y.firstIndex { $0 < y[0] - 0.6931471805599453 } ?? y.count
        while first < x.count {
            guard let slope = slopes[first], slope > -0.2 else {
                first += 1
                continue
            }
            var last = first
            while last + 1 < x.count, let next = slopes[last + 1], next > -0.2 { last += 1 }
            let height = y[first...last].reduce(0, +) / Double(last - first + 1)
            let falls = y[last...].contains { $0 < height - 0.6931471805599453 }
            let spans = x[last] - x[first]
            if falls, spans >= Elementary.log(1.5),
                spans > best.map({ x[$0.upperBound - 1] - x[$0.lowerBound] }) ?? 0
            {
                best = first..<(last + 1)
            }
            first = last + 1
        }
        guard let stretch = best else { return nil }
        let mean = y[stretch].reduce(0, +) / Double(stretch.count)
        func crossing(_ factor: Double, from place: Int) -> Double {
            let level = mean + Elementary.log(factor)
            var point = max(1, place)
            while point < y.count, y[point] >= level { point += 1 }
            guard point < y.count else { return Elementary.exp(x[x.count - 1]) }
            let fall = y[point - 1] - y[point]
            let part = fall > 0 ? max(0, min(1, (y[point - 1] - level) / fall)) : 0
            return Elementary.exp(x[point - 1] + part * (x[point] - x[point - 1]))
        }
        height = Elementary.exp(mean)
        start = crossing(1.1, from: 0)
        startRange = crossing(1.2, from: 0)...max(crossing(1.2, from: 0), crossing(1.05, from: 0))
        end = crossing(0.5, from: stretch.lowerBound)
        let early = crossing(0.6, from: stretch.lowerBound)
        endRange = early...max(early, crossing(0.4, from: stretch.lowerBound))
    }
}

/// Slopes of learning curves on logarithmic axes.
package enum LocalExponents {
    /// The least-squares slope through the points within ± `halfWidth` of each; `nil` for fewer than three.
    package static func slopes(_ x: [Double], _ y: [Double], halfWidth: Double) -> [Double?] {
        x.indices.map { place in
            let near = x.indices.filter { (x[$0] - x[place]).magnitude <= halfWidth * 1.000001 }
            return near.count < 3 ? nil : line(near.map { x[$0] }, near.map { y[$0] }).slope
        }
    }

    /// The exponent d ln ε/d ln α over a window of α, by least squares, with its standard error.
    ///
    /// `nil` for fewer than three points.
    package static func exponent(
        alpha: [Double], error: [Double], from: Double, to: Double
    ) -> (slope: Double, deviation: Double, points: Int)? {
        let inside = zip(alpha, error).filter { $0.0 >= from && $0.0 <= to && $0.1 > 0 }
        guard inside.count >= 3 else { return nil }
        let fit = line(
            inside.map { Elementary.log($0.0) }, inside.map { Elementary.log($0.1) })
        return (fit.slope, fit.deviation, inside.count)
    }

    private static func line(_ x: [Double], _ y: [Double]) -> (slope: Double, deviation: Double) {
        let n = Double(x.count)
        let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
        let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
        let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
        guard xx > 0 else { return (0, 0) }
        let slope = xy / xx
        let rest = zip(x, y).reduce(0) { sum, point in
            let gap = point.1 - my - slope * (point.0 - mx)
            return sum + gap * gap
        }
        return (slope, (rest / max(1, n - 2) / xx).squareRoot())
    }
}
