import Numerics
import Testing

/// Profiles of any quantity, against closed forms and a computation with scipy.
@Suite struct LawProfileFitTests {
    /// Ten points of a power law with noise that is written down.
    private static let x = (0..<10).map { 1000 * Elementary.power(2, Double($0)) }
    private static let noise = [
        0.011, -0.023, 0.008, 0.019, -0.031, 0.005, 0.027, -0.012, 0.003, -0.007,
    ]
    private static let y = zip(x, noise).map {
        3 * Elementary.power($0, -0.4) * Elementary.exp($1)
    }

    private func powerLaw() throws -> (FittedLaw, LawPoints) {
        let fitter = LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: .log))
        let law = try fitter.fit(x: [Self.x], y: Self.y)
        return (law, LawPoints(x: [Self.x], y: Self.y))
    }

    /// The straight line through the logarithms: slope, intercept, and the deviations of the textbook.
    private struct Line {
        let slope, mean, center, spread, variance: Double

        init() {
            let u = LawProfileFitTests.x.map(Elementary.log)
            let v = LawProfileFitTests.y.map(Elementary.log)
            let n = Double(u.count)
            let (middle, height) = (u.reduce(0, +) / n, v.reduce(0, +) / n)
            let squares = u.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
            let slope = zip(u, v).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - height) } / squares
            let rest = zip(u, v).reduce(0.0) {
                let r = $1.1 - height - slope * ($1.0 - middle)
                return $0 + r * r
            }
            (self.slope, mean, center, spread) = (slope, height, middle, squares)
            variance = rest / (n - 2)
        }

        /// The variance of the line's height at u.
        func variance(at u: Double) -> Double {
            variance * (0.1 + (u - center) * (u - center) / spread)
        }

        func height(_ u: Double) -> Double { mean + slope * (u - center) }
    }

    /// Student's t of 0.975 with 8 degrees: R's qt(0.975, 8).
    private let t = 2.306004135204166

    @Test func `of a power law the profiles of exponent, prefactor and prediction are Student's`()
        throws
    {
        let (law, points) = try powerLaw()
        let line = Line()
        func ends(_ quantity: LawQuantity) throws -> (low: Double, high: Double) {
            let found = try ProfileInterval(law, points, of: quantity, confidence: 0.95)
            return (found.low, found.high)
        }
        let exponent = try ends(.parameter(1, of: law))
        let half = t * (line.variance / line.spread).squareRoot()
        #expect(isNear(exponent.low, -line.slope - half, 1e-8))
        #expect(isNear(exponent.high, -line.slope + half, 1e-8))
        let prefactor = try ends(.parameter(0, of: law))
        let wide = t * line.variance(at: 0).squareRoot()
        #expect(isNear(Elementary.log(prefactor.low), line.height(0) - wide, 1e-8))
        #expect(isNear(Elementary.log(prefactor.high), line.height(0) + wide, 1e-8))
        let far = Elementary.log(1e12)
        let there = try ends(.prediction(at: [1e12], of: law))
        let away = t * line.variance(at: far).squareRoot()
        #expect(isNear(Elementary.log(there.low), line.height(far) - away, 1e-8))
        #expect(isNear(Elementary.log(there.high), line.height(far) + away, 1e-8))
    }

    @Test func `where a new run lies is the textbook's prediction interval`() throws {
        let (law, points) = try powerLaw()
        let line = Line()
        let intervals = LawIntervals(.auto, law, points, bootstrap: nil, level: 0.95)
        for x in [4000.0, 1e12] {
            let found = try intervals.prediction(at: [x]).newRun.get()
            let u = Elementary.log(x)
            let half = t * (line.variance + line.variance(at: u)).squareRoot()
            #expect(isNear(Elementary.log(found.low), line.height(u) - half, 1e-8))
            #expect(isNear(Elementary.log(found.high), line.height(u) + half, 1e-8))
        }
        let noise = try ResidualNoise(law, points)
        #expect(isNear(noise.scale, line.variance.squareRoot(), 1e-10))
        #expect(noise.degrees == 8)
    }

    /// Groups of equal size that all have the same x: what remains is a mean of G independent curves, whose
    /// deviation over the groups gives Student's interval with G − 1 degrees (here of curves' own slopes).
    @Test func `with groups that repeat a design the profile is Student's over the groups`() throws
    {
        let shifts = [0.03, -0.05, 0.02, 0.01]
        let turns = [0.01, 0.004, -0.02, 0.006]
        var (x, y, groups): ([Double], [Double], [[Int]]) = ([], [], [])
        for group in shifts.indices {
            groups.append(Array((group * 10)..<(group * 10 + 10)))
            x += Self.x
            y += zip(Self.x, Self.noise).map {
                3 * Elementary.power($0, -0.4 - turns[group])
                    * Elementary.exp(shifts[group] + 0.1 * $1)
            }
        }
        let fitter = LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: .log))
        let law = try fitter.fit(x: [x], y: y)
        let slopes = try groups.map { rows in
            let own = try fitter.fit(x: [rows.map { x[$0] }], y: rows.map { y[$0] })
            return try #require(own.parameter("alpha"))
        }
        let mean = slopes.reduce(0, +) / 4
        let spread = slopes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
        // R: qt(0.975, 3); leaving one of four out moves the mean by (mean − slope)/3.
        let half = 3.182446305284263 * (spread / 4).squareRoot()
        let found = try ProfileInterval(
            law, LawPoints(x: [x], y: y, groups: groups), of: .parameter(1, of: law),
            confidence: 0.95)
        #expect(isNear(found.low, mean - half, 1e-7), "\(found.low) \(mean - half)")
        #expect(isNear(found.high, mean + half, 1e-7), "\(found.high) \(mean + half)")
    }

    @Test func `without a degree of freedom, or with two groups, there is no interval`() throws {
        let fitter = LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: .log))
        let two = try fitter.fit(x: [[10, 100]], y: [2, 1])
        func reason(_ law: FittedLaw, _ points: LawPoints) -> NoInterval? {
            let intervals = LawIntervals(.auto, law, points, bootstrap: nil, level: 0.95)
            do { _ = try intervals.interval(of: .parameter(1, of: law)) } catch { return error }
            return nil
        }
        #expect(
            reason(two, LawPoints(x: [[10, 100]], y: [2, 1]))
                == .noFreedom(points: 2, parameters: 2))
        let (law, _) = try powerLaw()
        let halves = [Array(0..<5), Array(5..<10)]
        #expect(
            reason(law, LawPoints(x: [Self.x], y: Self.y, groups: halves)) == .fewGroups(found: 2))
        #expect(
            reason(law, LawPoints(x: [Self.x], y: Self.y, groups: [Array(0..<10)]))
                == .fewGroups(found: 1))
        // Each group has a place of its own: four places leave a floor's three parameters one to differ by.
        let floor = LawFitter(PowerSum.powerLawWithFloor, LawObjective(.squares, in: .log))
        func places(_ count: Int) throws -> NoInterval? {
            let x = (0..<(2 * count)).map { Self.x[$0 / 2] }
            let y = x.indices.map {
                (1 + 30 * Elementary.power(x[$0], -0.4)) * Elementary.exp(0.1 * Self.noise[$0])
            }
            let groups = (0..<count).map { [2 * $0, 2 * $0 + 1] }
            return reason(try floor.fit(x: [x], y: y), LawPoints(x: [x], y: y, groups: groups))
        }
        #expect(try places(4) == .dependentGroups(found: 4, parameters: 3))
        #expect(try places(5) == nil)
        let exact = Self.x.map { 3 * Elementary.power($0, -0.4) }
        #expect(
            reason(
                try fitter.fit(x: [Self.x], y: exact), LawPoints(x: [Self.x], y: exact)) == .exact)
    }

    @Test func `a floor that the points do not bound from below ends at its bound`() throws {
        let fitter = LawFitter(PowerSum.powerLawWithFloor, LawObjective(.squares, in: .log))
        let law = try fitter.fit(x: [Self.x], y: Self.y)
        let found = try ProfileInterval(
            law, LawPoints(x: [Self.x], y: Self.y), of: .parameter(0, of: law), confidence: 0.95)
        #expect(found.low == 0)
        #expect(found.high > 0 && found.high < Self.y[9])
    }

    @Test func `samples that are lost, or agree, make no interval`() {
        func reason(_ values: [Double], _ drawn: Int) -> NoInterval? {
            do throws(NoInterval) {
                _ = try BootstrapInterval.percentile(values, drawn: drawn, 0.95)
            } catch { return error }
            return nil
        }
        let values = (0..<95).map(Double.init)
        #expect(reason(values, 100) == nil)
        #expect(reason(values, 101) == .lostSamples(lost: 6, drawn: 101))
        #expect(reason(values.map { _ in 1 }, 95) == .noWidth)
        #expect(reason([1, 2, 3], 3) == .fewSamples(found: 3))
    }

    /// 2 + 3 x^(−0.1) with waves of 0.4 on top.
    ///
    /// A straight line in log x, which a floor of −∞ with an exponent of 0 makes, has a sum of squares of
    /// 1.0947, and the interval ends at 1.1943 (scipy 1.17.1: the least sum is 0.7614; Student's t of 0.975
    /// with 9 degrees of freedom is 2.2622).
    @Test func `a floor that runs away leaves its side open, in a few steps`() throws {
        let x = (0..<12).map { Elementary.power(10, 3 * Double($0) / 11) }
        let y = x.enumerated().map { place, x in
            2 + 3 * Elementary.power(x, -0.1) + 0.4 * Elementary.sin(7 * Double(place))
        }
        let fitter = LawFitter(PowerSum.powerLawWithFloor, LawObjective(.squares, in: .linear))
        let law = try fitter.fit(x: [x], y: y)
        let found = try ProfileInterval(
            law, LawPoints(x: [x], y: y), of: .parameter(0, of: law), confidence: 0.95)
        #expect(found.low == -.infinity)
        #expect(found.high.isFinite && found.high > law.natural[0])
        let furthest = try #require(found.curve.first).value
        #expect(furthest > -1e4, "walked to \(furthest), of 10⁵ times what a linear law has")
    }
}
