import Glibc
import Numerics
import TestSupport
import Testing

@Suite struct ArcSineTests {
    @Test func `arc sine and arc cosine are within 1 ulp`() {
        #if arch(x86_64)
        var numbers = TestNumbers(5)
        var inputs: [Double] = [0, 1, 0.5, 0x1p-1022, 0x1p-30, 1 - 0x1p-53, 0.5 + 0x1p-53]
        for place in 0..<trials(200_000) {
            let unit = Double(numbers.bits() >> 11) * 0x1p-53
            inputs.append(
                place % 3 == 0 ? unit : place % 3 == 1 ? 1 - unit * unit * unit : unit * 0x1p-20)
        }
        var worst = (0.0, 0.0)
        for x in inputs.flatMap({ [$0, -$0] }) {
            func distance(_ value: Double, _ truth: Float80) -> Double {
                Double((Float80(value) - truth).magnitude / Float80(Double(truth).ulp))
            }
            worst.0 = max(worst.0, distance(Elementary.asin(x), asinl(Float80(x))))
            if x.magnitude < 1 || x == -1 {
                worst.1 = max(worst.1, distance(Elementary.acos(x), acosl(Float80(x))))
            }
        }
        #expect(worst.0 <= 1 && worst.1 <= 1, "\(worst)")
        #endif
        #expect(Elementary.asin(1) == Double.pi / 2 && Elementary.acos(1) == 0)
        #expect(Elementary.asin(1.0000000000000002).isNaN && Elementary.acos(-2).isNaN)
        #expect(Elementary.asin(-0.0).sign == .minus)
    }
}
