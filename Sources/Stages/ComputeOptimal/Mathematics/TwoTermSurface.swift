import Numerics

/// E(n, T) = A n^−α + B T^−β: an error of too few units and one of too few examples.
package struct TwoTermSurface: Sendable, Equatable {
    /// The coefficients.
    package let a, b: Double
    /// The exponents.
    package let alpha, beta: Double

    /// Names a surface.
    package init(a: Double, b: Double, alpha: Double, beta: Double) {
        (self.a, self.b, self.alpha, self.beta) = (a, b, alpha, beta)
    }

    /// d ln p*/d ln C = d ln n*/d ln C, the same at every C.
    package var sizeExponent: Double { beta / (alpha + beta) }

    /// d ln E*/d ln C.
    package var errorExponent: Double { -alpha * beta / (alpha + beta) }

    /// The error at so many units and examples.
    package func value(units n: Double, samples t: Double) -> Double {
        a * Elementary.power(n, -alpha) + b * Elementary.power(t, -beta)
    }

    /// Where E is least with C = c n T, c parameters a unit: αA n^−α = βB T^−β there.
    package func optimum(compute: Double, parametersPerUnit c: Double) -> (
        units: Double, parameters: Double, samples: Double, error: Double
    ) {
        let most = Elementary.log(compute / c)
        let log =
            (Elementary.log(alpha * a) - Elementary.log(beta * b) + beta * most) / (alpha + beta)
        let n = Elementary.exp(log)
        let t = compute / (c * n)
        return (n, c * n, t, value(units: n, samples: t))
    }
}
