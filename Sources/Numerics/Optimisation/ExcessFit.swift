/// Fits of learning curves by the published objective of Alabdulmohsin et al., arXiv 2209.06640:
/// squares of log(excess over the floor), which depends on the floor that is fitted.
///
/// Its global minimum is often the trivial floor of 0; what was published is the local minimum
/// reached from a floor 10⁻³ below the least loss. Kept to reproduce numbers; ``LawFitter`` is the
/// method of choice.
package struct ExcessFit: Sendable, Equatable {
    /// Natural parameters: of M1 A, α; M2 E, A, α; M3 b, c, g; M4 b, c, e, a (with e₀ = 1).
    package let natural: [Double]
    /// The sum of squares, for M1, M2 and M4.
    package let objective: Double

    /// y = A x^(−α).
    package static func powerLaw(_ x: [Double], _ y: [Double]) -> ExcessFit? {
        withFloor(x.map(Elementary.log), y, 0)
    }

    /// y = E + A x^(−α): for each E a straight line, E by descent.
    package static func powerLawWithFloor(_ x: [Double], _ y: [Double]) -> ExcessFit? {
        let logX = x.map(Elementary.log)
        return descend(y) { withFloor(logX, y, $0) }.map {
            ExcessFit(natural: $0.fit.natural, objective: $0.fit.objective)
        }
    }

    /// (y − e)/(1 − y)^a = b x^(−c): for each e a regression with coefficients of at least 0.
    package static func bounded(_ x: [Double], _ y: [Double]) -> ExcessFit? {
        guard y.allSatisfy({ $0 < 1 }) else { return nil }
        let logX = x.map(Elementary.log)
        let rest = y.map { Elementary.log(1 - $0) }
        return descend(y) { boundedAt(logX, rest, y, $0) }.map { $0.fit }
    }

    /// y = b (1/x + g)^c by the published scheme: a straight line for b and c, then the best g of
    /// those that meet one point exactly, in turn until b stands still.
    package static func shifted(_ x: [Double], _ y: [Double]) -> ExcessFit? {
        let logY = y.map(Elementary.log)
        var g = 0.0
        var (b, c) = (1.0, 0.5)
        func cost(_ g: Double) -> Double {
            zip(x, logY).reduce(0.0) {
                let r = $1.1 - Elementary.log(b) - c * Elementary.log(1 / $1.0 + g)
                return $0 + r * r
            }
        }
        for _ in 0..<10_000 {
            guard let line = StraightLine(x.map { Elementary.log(1 / $0 + g) }, logY) else {
                return nil
            }
            let before = b
            b = Elementary.exp(line.intercept)
            c = max(0, line.slope)
            var (best, least) = (g, cost(g))
            if c > 0 {
                for (x, logY) in zip(x, logY) {
                    let candidate = Elementary.exp((logY - Elementary.log(b)) / c) - 1 / x
                    if candidate >= 0 && candidate.isFinite {
                        let value = cost(candidate)
                        if value < least { (best, least) = (candidate, value) }
                    }
                }
            }
            g = best
            if (b - before).magnitude < 1e-10 { break }
        }
        return ExcessFit(natural: [b, c, g], objective: cost(g))
    }

    private static func withFloor(_ logX: [Double], _ y: [Double], _ floor: Double) -> ExcessFit? {
        let z = y.map { Elementary.log($0 - floor) }
        guard let line = StraightLine(logX, z) else { return nil }
        let sum = zip(logX, z).reduce(0.0) {
            let r = $1.1 - line.value($1.0)
            return $0 + r * r
        }
        let tail = [Elementary.exp(line.intercept), -line.slope]
        return ExcessFit(natural: floor == 0 ? tail : [floor] + tail, objective: sum)
    }

    private static func boundedAt(
        _ logX: [Double], _ rest: [Double], _ y: [Double], _ floor: Double
    ) -> ExcessFit? {
        var matrix = [Double](repeating: 0, count: 9)
        var right = [Double](repeating: 0, count: 3)
        var total = 0.0
        for i in y.indices {
            let row = [1, -logX[i], rest[i]]
            let z = Elementary.log(y[i] - floor)
            total += z * z
            for j in 0..<3 {
                right[j] += row[j] * z
                for k in 0..<3 { matrix[j * 3 + k] += row[j] * row[k] }
            }
        }
        guard let c = NonNegativeLeastSquares.solve(matrix, right) else { return nil }
        var sum = 0.0
        for i in y.indices {
            let r = Elementary.log(y[i] - floor) - c[0] + c[1] * logX[i] - c[2] * rest[i]
            sum += r * r
        }
        return ExcessFit(natural: [Elementary.exp(c[0]), c[1], floor, c[2]], objective: sum)
    }

    /// Downhill from a floor 10⁻³ below the least y, in the logarithm of that distance.
    private static func descend(
        _ y: [Double], _ fit: (Double) -> ExcessFit?
    ) -> (fit: ExcessFit, floor: Double)? {
        guard let least = y.min(), least > 1e-3 else { return nil }
        let end = Elementary.log(least)
        func at(_ t: Double) -> ExcessFit? {
            fit(t >= end ? 0 : max(0, least - Elementary.exp(t)))
        }
        func cost(_ t: Double) -> Double { at(t)?.objective ?? .infinity }
        var (low, middle) = (-6.907755278982137, -6.907755278982137)
        let step = cost(middle + 0.02) < cost(middle) ? 0.02 : -0.02
        var high = middle + step
        while cost(high) < cost(middle) && high < end && high > -34 {
            (low, middle) = (middle, high)
            high += step
        }
        if high >= end && cost(end) <= cost(middle) { return at(end).map { ($0, 0) } }
        (low, high) = (min(low, high), min(end, max(low, high)))
        // The published scheme makes both points of a section anew; kept ones would move its last bits.
        let t = GoldenSections(
            from: low, to: high, width: 1e-11, ties: .right, points: .fresh, limit: 80, cost
        ).middle
        return at(t).map { ($0, max(0, least - Elementary.exp(t))) }
    }
}
