import Glibc
import Numerics
import Testing

/// The reference is glibc, whose error is below 1 ulp: a difference of 3 ulp from it bounds ours by 4.
@Suite struct ElementaryTests {
    private func distance(_ a: Double, _ b: Double) -> Double {
        if a == b || a.isNaN && b.isNaN { return 0 }
        return (a - b).magnitude / b.ulp
    }

    private func worst(
        _ range: ClosedRange<Double>, _ ours: (Double) -> Double, _ theirs: (Double) -> Double
    ) -> Double {
        var state: UInt64 = 11
        var worst = 0.0
        for _ in 0..<200_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let t = Double(state >> 11) * 0x1p-53
            let x = range.lowerBound + t * (range.upperBound - range.lowerBound)
            worst = max(worst, distance(ours(x), theirs(x)))
        }
        return worst
    }

    @Test func `exp, log and their kin are within 5 ulp of the reference`() {
        #expect(worst(-700...700, Elementary.exp, Glibc.exp) <= 3)
        #expect(worst(-1...1, Elementary.exp, Glibc.exp) <= 3)
        #expect(worst(-0.4...0.4, Elementary.expm1, Glibc.expm1) <= 5)
        #expect(worst(0.01...10, Elementary.log, Glibc.log) <= 3)
        #expect(worst(1e-300...1e-290, Elementary.log, Glibc.log) <= 3)
        #expect(worst(-0.5...3, Elementary.log1p, Glibc.log1p) <= 3)
        #expect(worst(-5...5, Elementary.tanh, Glibc.tanh) <= 4)
    }

    @Test func `the circular functions are within 3 ulp of the reference`() {
        #expect(worst(-3...3, Elementary.sin, Glibc.sin) <= 3)
        #expect(worst(-3...3, Elementary.cos, Glibc.cos) <= 3)
        #expect(worst(-50...50, Elementary.atan, Glibc.atan) <= 3)
        #expect(worst(-1...1, { Elementary.atan2($0, -0.3) }, { Glibc.atan2($0, -0.3) }) <= 3)
    }

    @Test func `the error function is within 24 ulp of the reference`() {
        #expect(worst(-5.9...5.9, Elementary.erf, Glibc.erf) <= 24)
    }

    @Test func `special values are those of the functions' limits`() {
        #expect(Elementary.exp(-.infinity) == 0 && Elementary.exp(.infinity) == .infinity)
        #expect(Elementary.exp(.nan).isNaN && Elementary.log(-1).isNaN)
        #expect(Elementary.log(0) == -.infinity && Elementary.log(1) == 0)
        #expect(Elementary.log(.leastNonzeroMagnitude) == Glibc.log(.leastNonzeroMagnitude))
        #expect(Elementary.tanh(100) == 1 && Elementary.erf(-7) == -1)
        #expect(Elementary.atan2(0, -1) == Double.pi && Elementary.atan2(0, 0) == 0)
    }
}
