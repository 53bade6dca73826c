import Glibc
import Numerics
import TestSupport
import Testing

/// Elementary functions: the same bits in every variant, and at most 1 ulp from the truth.
@Suite struct ElementaryTests {
    /// Inputs of every kind: any bits, and stretches where the functions do something.
    private static func doubles(_ count: Int, _ seed: UInt64) -> [Double] {
        var numbers = TestNumbers(seed)
        return (0..<count).map { place in
            let word = numbers.bits() &* 0x9e37_79b9_7f4a_7c15
            let unit = Double(Int64(bitPattern: word)) * 0x1p-63
            switch place % 5 {
            case 0: return Double(bitPattern: word)
            case 1: return unit * 800
            case 2: return unit * 8
            case 3: return unit * 1.5
            default: return 1 + unit * 0x1p-20
            }
        }
    }

    static let specials: [Double] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
        -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 709.782712893384, 709.7827128933841, -745.1332191019412,
        -745.1332191019411, -0.9999999999999999, 0x1p-54, 0x1p30, 0x1p1000,
        // The double nearest to a multiple of π/2 (Muller et al., Handbook, 2nd ed., table 11.1).
        0x1.6ac5b262ca1ffp849,
    ]

    private func map<Scalar: KernelScalar>(
        _ kernels: Kernels, _ function: ElementaryFunction, _ x: [Scalar]
    ) -> [Scalar] {
        let y = Buffer<Scalar>(count: x.count)
        Arithmetic(portable: kernels).map(function, Buffer(x), into: y)
        return y.elements
    }

    @Test(arguments: ElementaryFunction.allCases)
    func `every variant and every lane gives the same bits`(function: ElementaryFunction) {
        let x = Self.specials + Self.doubles(20_000, 3)
        let floats = x.map { Float($0) }
        let last = Kernels.available[Kernels.available.count - 1]
        let (expected, expectedSingle) = (map(last, function, x), map(last, function, floats))
        for kernels in Kernels.available {
            #expect(isSame(map(kernels, function, x), expected), "\(kernels.variant)")
            #expect(isSame(map(kernels, function, floats), expectedSingle), "\(kernels.variant)")
        }
        // Places in a vector, and single numbers, see the same function.
        #expect(isSame(map(last, function, Array(x.dropFirst(3))), Array(expected.dropFirst(3))))
        #expect(isSame(x.map(single(function)), expected))
    }

    private func single(_ function: ElementaryFunction) -> (Double) -> Double {
        switch function {
        case .exp: Elementary.exp
        case .expm1: Elementary.expm1
        case .log: Elementary.log
        case .log1p: Elementary.log1p
        case .tanh: Elementary.tanh
        case .erf: Elementary.erf
        case .logistic: Elementary.logistic
        case .softplus: Elementary.softplus
        case .sin: Elementary.sin
        case .cos: Elementary.cos
        }
    }

    #if arch(x86_64)
    /// glibc's 80-bit functions: their error is 2⁻¹¹ of a double's ulp.
    private static func truth(_ function: ElementaryFunction, _ x: Float80) -> Float80 {
        switch function {
        case .exp: expl(x)
        case .expm1: expm1l(x)
        case .log: logl(x)
        case .log1p: log1pl(x)
        case .tanh: tanhl(x)
        case .erf: erfl(x)
        case .logistic: x >= 0 ? 1 / (1 + expl(-x)) : expl(x) / (1 + expl(x))
        case .softplus: x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x))
        case .sin: sinl(x)
        case .cos: cosl(x)
        }
    }

    /// The distance in units of the last place of a double near the truth; infinite where one is NaN
    /// or infinite and the other is not, or a zero has the wrong sign.
    private static func distance(_ value: Double, _ truth: Float80) -> Double {
        let nearest = Double(truth)
        if nearest.isNaN || value.isNaN { return nearest.isNaN && value.isNaN ? 0 : .infinity }
        if nearest.isInfinite || value.isInfinite { return nearest == value ? 0 : .infinity }
        if nearest == 0 && value == 0 { return nearest.sign == value.sign ? 0 : .infinity }
        return Double((Float80(value) - truth).magnitude / Float80(nearest.ulp))
    }

    /// 100,000 inputs a function; a release takes ten million (`BITLAW_TRIALS=100`).
    @Test(arguments: ElementaryFunction.allCases)
    func `doubles are within 1 ulp of an extended-precision reference`(
        function: ElementaryFunction
    ) {
        var left = trials(100_000)
        var (worst, place) = (0.0, 0.0)
        var seed: UInt64 = 1
        while left > 0 {
            let x = seed == 1 ? Self.specials : Self.doubles(min(left, 100_000), seed)
            for (x, y) in zip(x, map(Kernels.available[0], function, x)) {
                let error = Self.distance(y, Self.truth(function, Float80(x)))
                if error > worst { (worst, place) = (error, x) }
            }
            left -= x.count
            seed += 1
        }
        #expect(worst <= 1, "\(function)(\(place)): \(worst) ulp")
    }

    /// Every 4099th of the 2³² floats; every one with `BITLAW_TRIALS=4099`.
    @Test(arguments: ElementaryFunction.allCases)
    func `floats are within 1 ulp of a double-precision reference`(function: ElementaryFunction) {
        let step = max(1, 4099 / trials(1))
        var (worst, place) = (0.0, Float(0))
        var start = 0
        while start < 1 << 32 {
            let end = min(1 << 32, start + step * 65536)
            let x = stride(from: start, to: end, by: step).map {
                Float(bitPattern: UInt32(truncatingIfNeeded: $0))
            }
            for (x, y) in zip(x, map(Kernels.available[0], function, x)) {
                let truth = Self.reference(function, Double(x))
                let nearest = Float(truth)
                var error = (Double(y) - truth).magnitude / Double(nearest.ulp)
                if nearest.isNaN || y.isNaN {
                    error = nearest.isNaN && y.isNaN ? 0 : .infinity
                } else if nearest.isInfinite || y.isInfinite {
                    error = nearest == y ? 0 : .infinity
                } else if nearest == 0 && y == 0 {
                    error = nearest.sign == y.sign ? 0 : .infinity
                }
                if error > worst { (worst, place) = (error, x) }
            }
            start = end
        }
        #expect(worst <= 1, "\(function)(\(place)): \(worst) ulp")
    }

    private static func reference(_ function: ElementaryFunction, _ x: Double) -> Double {
        switch function {
        case .exp: Glibc.exp(x)
        case .expm1: Glibc.expm1(x)
        case .log: Glibc.log(x)
        case .log1p: Glibc.log1p(x)
        case .tanh: Glibc.tanh(x)
        case .erf: Glibc.erf(x)
        case .logistic: x >= 0 ? 1 / (1 + Glibc.exp(-x)) : Glibc.exp(x) / (1 + Glibc.exp(x))
        case .softplus: x > 0 ? x + Glibc.log1p(Glibc.exp(-x)) : Glibc.log1p(Glibc.exp(x))
        case .sin: Glibc.sin(x)
        case .cos: Glibc.cos(x)
        }
    }

    @Test func `powers and angles keep their stated bounds`() {
        for x in Self.doubles(trials(20_000), 5) where x.isFinite && x.magnitude < 1e6 {
            let tangent = Self.distance(Elementary.atan(x), atanl(Float80(x)))
            #expect(tangent <= 3, "atan(\(x)): \(tangent) ulp")
            let base = x.magnitude + 0x1p-40
            let exponent = 1.5 - 3 * Elementary.logistic(x)
            let truth = powl(Float80(base), Float80(exponent))
            let bound = 1 + Double((Float80(exponent) * logl(Float80(base))).magnitude) / 32
            let error = Self.distance(Elementary.power(base, exponent), truth)
            #expect(error <= bound, "power(\(base), \(exponent)): \(error) ulp")
        }
    }
    #endif

    @Test func `special values are those of the functions' limits`() {
        #expect(Elementary.exp(-.infinity) == 0 && Elementary.exp(.infinity) == .infinity)
        #expect(Elementary.exp(.nan).isNaN && Elementary.log(-1).isNaN)
        #expect(Elementary.log(0) == -.infinity && Elementary.log(1) == 0)
        #expect(Elementary.log(.leastNonzeroMagnitude) == -744.4400719213812)
        #expect(Elementary.tanh(100) == 1 && Elementary.erf(-7) == -1)
        #expect(Elementary.sin(.infinity).isNaN && Elementary.cos(-.infinity).isNaN)
        #expect(Elementary.log1p(-1) == -.infinity && Elementary.log1p(-1.1).isNaN)
        #expect(Elementary.atan2(0, -1) == Double.pi && Elementary.atan2(0, 0) == 0)
    }
}
