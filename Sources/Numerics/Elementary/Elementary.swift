import CKernels

/// Transcendental functions of single numbers whose bits are the same everywhere.
///
/// Never libm's, which picks variants by CPU: those of the kernels (docs/NUMERICS.md), by IEEE-754
/// operations in a stated order. Errors are at most 1 ulp but where another bound is given; NaN gives
/// NaN, signed zeros and infinities what the function's limits give.
///
/// ```swift
/// let distance = Elementary.exp(0.5 * Elementary.log(2))
/// let (x, y) = (Elementary.cos(distance), Elementary.sin(distance))
/// ```
public enum Elementary {
    private static func call(_ function: Int, _ x: Double) -> Double {
        unsafe Kernels.forNumbers.table(Double.self).pointee.scalar(Int32(function), x)
    }

    /// eˣ.
    public static func exp(_ x: Double) -> Double { call(BITLAW_EXP, x) }

    /// eˣ − 1, without cancellation near 0.
    public static func expm1(_ x: Double) -> Double { call(BITLAW_EXPM1, x) }

    /// The natural logarithm.
    public static func log(_ x: Double) -> Double { call(BITLAW_LOG, x) }

    /// log(1 + x), without cancellation near 0.
    public static func log1p(_ x: Double) -> Double { call(BITLAW_LOG1P, x) }

    /// xʸ for x > 0; error at most 1 + 2⁻⁵|y log x| ulp.
    public static func power(_ x: Double, _ y: Double) -> Double {
        unsafe Kernels.forNumbers.table.pointee.power(x, y)
    }

    /// The sine; of any angle.
    public static func sin(_ x: Double) -> Double { call(BITLAW_SIN, x) }

    /// The cosine; of any angle.
    public static func cos(_ x: Double) -> Double { call(BITLAW_COS, x) }

    /// The hyperbolic tangent.
    public static func tanh(_ x: Double) -> Double { call(BITLAW_TANH, x) }

    /// 1/(1 + e⁻ˣ).
    public static func logistic(_ x: Double) -> Double { call(BITLAW_LOGISTIC, x) }

    /// log(1 + eˣ).
    public static func softplus(_ x: Double) -> Double { call(BITLAW_SOFTPLUS, x) }

    /// The error function.
    public static func erf(_ x: Double) -> Double { call(BITLAW_ERF, x) }

    /// The arc sine, in [−π/2, π/2]; NaN outside of [−1, 1].
    public static func asin(_ x: Double) -> Double {
        unsafe Kernels.forNumbers.table.pointee.arc_sine(x)
    }

    /// The arc cosine, in [0, π]; NaN outside of [−1, 1].
    public static func acos(_ x: Double) -> Double {
        unsafe Kernels.forNumbers.table.pointee.arc_cosine(x)
    }

    /// The arc tangent, in (−π/2, π/2); within 3 ulp.
    ///
    /// Coefficients of FDLIBM (Sun Microsystems, 1993).
    public static func atan(_ x: Double) -> Double {
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

    /// The angle of the point (x, y), in (−π, π]; 0 at the origin; within 3 ulp.
    public static func atan2(_ y: Double, _ x: Double) -> Double {
        if x == 0 && y == 0 { return 0 }
        if x == 0 { return y > 0 ? 1.5707963267948966 : -1.5707963267948966 }
        let base = atan(y / x)
        if x > 0 { return base }
        return y < 0 ? base - 3.141592653589793 : base + 3.141592653589793
    }
}
