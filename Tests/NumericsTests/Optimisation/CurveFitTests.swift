import Numerics
import Testing

/// Minima of curves, lines, and the published fits of learning curves.
@Suite struct CurveFitTests {
    @Test(arguments: CurveMinimum.Method.allCases)
    func `the minimum of a parabola is exact`(method: CurveMinimum.Method) throws {
        let u = [-2.0, -1, 0.5, 1, 2, 3]
        let y = u.map { 3 + 0.5 * ($0 - 0.75) * ($0 - 0.75) }
        let found = try #require(CurveMinimum.find(u, y, method))
        // Akima's curve is no parabola between uneven points.
        #expect((found.place - 0.75).magnitude < (method == .akima ? 0.05 : 1e-12))
        #expect(found.isInside)
        if method != .akima { #expect((found.curvature - 1).magnitude < 1e-12) }
    }

    @Test func `a cubic's minimum is its local one, and none is found where there is none`() throws
    {
        let u = (0..<9).map { -2 + 0.5 * Double($0) }
        let y = u.map { $0 * $0 * $0 - 3 * $0 }
        #expect(((try #require(CurveMinimum.find(u, y, .cubic))).place - 1).magnitude < 1e-11)
        #expect(CurveMinimum.find(u, u.map { -$0 * $0 }, .parabola) == nil)
        #expect(CurveMinimum.find(u, u, .akima) == nil)
        let outside = try #require(
            CurveMinimum.find(u, u.map { ($0 - 3) * ($0 - 3) }, .parabola))
        #expect(!outside.isInside)
    }

    /// scipy.interpolate.Akima1DInterpolator, minimised on a grid of 10⁶ points.
    @Test func `Akima's minimum equals another program's`() throws {
        let u = [0.0, 1, 2, 3, 4, 5, 6]
        let y = [5.0, 3.2, 2.1, 1.9, 2.3, 3.6, 5.5]
        let found = try #require(CurveMinimum.find(u, y, .akima))
        #expect((found.place - AkimaReference.place).magnitude < 1e-5)
        #expect((found.value - AkimaReference.value).magnitude < 1e-10)
    }

    @Test func `weights of a line count as repetitions`() throws {
        let x = [1.0, 2, 3, 3]
        let y = [2.0, 1, 5, 5]
        let repeated = try #require(StraightLine(x, y))
        let weighted = try #require(StraightLine([1, 2, 3], [2, 1, 5], weights: [1, 1, 2]))
        #expect((repeated.slope - weighted.slope).magnitude < 1e-14)
        #expect((repeated.intercept - weighted.intercept).magnitude < 1e-14)
    }
}

private enum AkimaReference {
    static let place = 2.776146
    static let value = 1.888160112600635
}
