/// Transcendental functions in double precision whose bits are the same everywhere.
///
/// Only `+ − × ÷`, square root and fused multiply-add in the order written: never libm's, which
/// picks variants by CPU. Coefficients of `log`, `sin`, `cos` and `atan` are those of FDLIBM
/// (Sun Microsystems, 1993). Errors in ulp were measured against an 80-bit reference; see
/// docs/NUMERICS.md.
package enum Elementary {
    private static let ln2High = 6.93147180369123816490e-01
    private static let ln2Low = 1.90821492927058770002e-10

    /// eˣ.
    package static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.782712893384 { return .infinity }
        if x < -745.1332191019412 { return 0 }
        let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
        let r = (x - k * ln2High) - k * ln2Low
        var sum = 1.0 / 6227020800
        for coefficient in inverseFactorials { sum = coefficient.addingProduct(sum, r) }
        // e^r = 1 + (r + r²·sum): added from the small end.
        let value = 1 + (r + r * r * sum)
        let whole = Int(k)
        let half = whole / 2
        return value * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: whole - half, significand: 1)
    }

    /// 1/12!, 1/11!, … 1/2!: Horner's order.
    private static let inverseFactorials: [Double] = [
        1.0 / 479_001_600, 1.0 / 39_916_800, 1.0 / 3_628_800, 1.0 / 362_880, 1.0 / 40320,
        1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5,
    ]

    /// eˣ − 1, without cancellation near 0.
    package static func expm1(_ x: Double) -> Double {
        if x.magnitude >= 0.35 { return exp(x) - 1 }
        var sum = 1.0 / 6227020800
        for coefficient in inverseFactorials { sum = coefficient.addingProduct(sum, x) }
        return x + x * x * sum
    }

    /// The natural logarithm.
    package static func log(_ x: Double) -> Double {
        if x.isNaN || x < 0 { return .nan }
        if x == 0 { return -.infinity }
        if x == .infinity { return x }
        var k = Double(x.exponent)
        var m = x.significand
        if m > 1.4142135623730951 {
            m *= 0.5
            k += 1
        }
        let f = m - 1
        let s = f / (2 + f)
        let z = s * s
        var r = 1.479819860511658591e-01
        for coefficient in logCoefficients { r = coefficient.addingProduct(r, z) }
        r *= z
        let half = 0.5 * f * f
        return k * ln2High - ((half - (s * (half + r) + k * ln2Low)) - f)
    }

    private static let logCoefficients: [Double] = [
        1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
        2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
    ]

    /// log(1 + x), without cancellation near 0.
    package static func log1p(_ x: Double) -> Double {
        let u = 1 + x
        if u == 1 || !u.isFinite { return u == 1 ? x : log(u) }
        return log(u) - ((u - 1) - x) / u
    }

    /// xʸ for x > 0; relative error grows like |y log x|.
    package static func power(_ x: Double, _ y: Double) -> Double { exp(y * log(x)) }

    /// The sine; |x| up to 10⁶.
    package static func sin(_ x: Double) -> Double {
        let (r, quadrant) = reduced(x)
        switch quadrant & 3 {
        case 0: return sineKernel(r)
        case 1: return cosineKernel(r)
        case 2: return -sineKernel(r)
        default: return -cosineKernel(r)
        }
    }

    /// The cosine; |x| up to 10⁶.
    package static func cos(_ x: Double) -> Double {
        let (r, quadrant) = reduced(x)
        switch quadrant & 3 {
        case 0: return cosineKernel(r)
        case 1: return -sineKernel(r)
        case 2: return -cosineKernel(r)
        default: return sineKernel(r)
        }
    }

    /// x less a multiple of π/2, which is subtracted in three parts (Cody and Waite).
    private static func reduced(_ x: Double) -> (Double, Int) {
        precondition(x.magnitude <= 1e6, "an angle of \(x)")
        let k = (x * 0.6366197723675814).rounded(.toNearestOrEven)
        let r =
            ((x - k * 1.57079632673412561417) - k * 6.07710050630396597660e-11)
            - k * 2.02226624879595063154e-21
        return (r, Int(k))
    }

    private static func sineKernel(_ x: Double) -> Double {
        let z = x * x
        var r = 1.58969099521155010221e-10
        for coefficient in sineCoefficients { r = coefficient.addingProduct(r, z) }
        return x + x * z * r
    }

    private static let sineCoefficients: [Double] = [
        -2.50507602534068634195e-08, 2.75573137070700676789e-06, -1.98412698298579493134e-04,
        8.33333333332248946124e-03, -1.66666666666666324348e-01,
    ]

    private static func cosineKernel(_ x: Double) -> Double {
        let z = x * x
        var r = -1.13596475577881948265e-11
        for coefficient in cosineCoefficients { r = coefficient.addingProduct(r, z) }
        let half = 0.5 * z
        let w = 1 - half
        return w + (((1 - w) - half) + z * z * r)
    }

    private static let cosineCoefficients: [Double] = [
        2.08757232129817482790e-09, -2.75573143513906633035e-07, 2.48015872894767294178e-05,
        -1.38888888888741095749e-03, 4.16666666666666019037e-02,
    ]

    /// The arc tangent, in (−π/2, π/2).
    package static func atan(_ x: Double) -> Double {
        if x.isNaN { return x }
        let a = x.magnitude
        let (high, low, t): (Double, Double, Double)
        if a < 0.4375 {
            (high, low, t) = (0, 0, a)
        } else if a < 0.6875 {
            (high, low, t) = (
                4.63647609000806093515e-01, 2.26987774529616870924e-17, (2 * a - 1) / (2 + a)
            )
        } else if a < 1.1875 {
            (high, low, t) = (
                7.85398163397448278999e-01, 3.06161699786838301793e-17, (a - 1) / (a + 1)
            )
        } else if a < 2.4375 {
            (high, low, t) = (
                9.82793723247329054082e-01, 1.39033110312309984516e-17, (a - 1.5) / (1 + 1.5 * a)
            )
        } else {
            (high, low, t) = (1.57079632679489655800e+00, 6.12323399573676603587e-17, -1 / a)
        }
        let z = t * t
        var r = 1.62858201153657823623e-02
        for coefficient in arcCoefficients { r = coefficient.addingProduct(r, z) }
        let value = high - ((t * z * r - low) - t)
        return x < 0 ? -value : value
    }

    private static let arcCoefficients: [Double] = [
        -3.65315727442169155270e-02, 4.97687799461593236017e-02, -5.83357013379057348645e-02,
        6.66107313738753120669e-02, -7.69187620504482999495e-02, 9.09088713343650656196e-02,
        -1.11111104054623557880e-01, 1.42857142725034663711e-01, -1.99999999998764832476e-01,
        3.33333333333329318027e-01,
    ]

    /// The angle of the point (x, y), in (−π, π]; 0 at the origin.
    package static func atan2(_ y: Double, _ x: Double) -> Double {
        if x == 0 && y == 0 { return 0 }
        if x == 0 { return y > 0 ? 1.5707963267948966 : -1.5707963267948966 }
        let base = atan(y / x)
        if x > 0 { return base }
        return y < 0 ? base - 3.141592653589793 : base + 3.141592653589793
    }

    /// The hyperbolic tangent.
    package static func tanh(_ x: Double) -> Double {
        if x.isNaN { return x }
        let a = x.magnitude
        if a > 22 { return x < 0 ? -1 : 1 }
        let t = expm1(2 * a)
        let value = a < 0.5 ? t / (t + 2) : 1 - 2 / (t + 2)
        return x < 0 ? -value : value
    }

    /// 1/(1 + e⁻ˣ).
    package static func logistic(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + exp(-x)) }
        let e = exp(x)
        return e / (1 + e)
    }

    /// log(1 + eˣ).
    package static func softplus(_ x: Double) -> Double {
        x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    }

    /// The error function: 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms are all positive.
    package static func erf(_ x: Double) -> Double {
        if x.isNaN { return x }
        let a = x.magnitude
        if a >= 6 { return x < 0 ? -1 : 1 }
        let square = a * a
        var term = a
        var sum = a
        var n = 1.0
        while term > sum * 0x1p-60 {
            term = term * 2 * square / (2 * n + 1)
            sum += term
            n += 1
        }
        let value = min(1, 1.1283791670955126 * exp(-square) * sum)
        return x < 0 ? -value : value
    }
}
