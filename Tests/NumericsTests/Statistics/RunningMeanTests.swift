import Numerics
import Testing

/// A running mean against sums written out.
@Suite struct RunningMeanTests {
    @Test func `mean and standard error are those of all numbers at once`() {
        var mean = RunningMean()
        // Σ = 40, Σ(x − 5)² = 32: Bessel's variance 32/7, over eight numbers.
        for x in [2.0, 4, 4, 4, 5, 5, 7, 9] { mean.add(x) }
        #expect(mean.count == 8 && mean.mean == 5)
        #expect((mean.standardError - (32.0 / 56).squareRoot()).magnitude < 1e-15)
    }

    @Test func `a large offset costs no digits of the error`() {
        var (near, far) = (RunningMean(), RunningMean())
        for x in 0..<100 {
            near.add(Double(x))
            far.add(Double(x) + 0x1p40)
        }
        #expect((far.standardError / near.standardError - 1).magnitude < 1e-9)
    }

    @Test func `one number has no standard error`() {
        var mean = RunningMean()
        mean.add(3)
        #expect(mean.mean == 3 && mean.standardError.isNaN)
    }
}
