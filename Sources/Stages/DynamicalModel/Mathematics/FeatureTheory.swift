import Numerics
import System

/// The mean loss of random features under gradient flow with infinite data: L(t, N).
///
/// In Laplace's space L(t, N) = Σ λ w*² H(2t) with Ĥ(s) = (z/s)/(λ + z) and z the root of
/// s = z (1 − (1/N) Σ λ/(λ + z)) that goes over into s for large s (docs/COMPUTE-OPTIMAL.md). It is
/// turned back by Talbot's contour, along which z is followed by Newton's steps. Right to relative
/// 10⁻⁹ for the equation; the equation itself is the leading order in 1/N.
package struct FeatureTheory: Sendable {
    /// The problem.
    package let spectrum: PowerSpectrum

    /// Prepares for a problem.
    package init(_ spectrum: PowerSpectrum) { self.spectrum = spectrum }

    /// Points of the contour: errors fall as 10^(−0.6·points) until rounding takes over.
    private static let points = 20

    /// The loss at time t > 0 of a model of size N; infinite N is allowed.
    ///
    /// Source of the contour: Abate & Valkó, Int. J. Numer. Meth. Engng 60 (2004).
    ///
    /// - Complexity: some 50 sums over the spectrum's nodes.
    package func loss(time: Double, size: Double) -> Double {
        precondition(time > 0 && size > 0, "t = \(time), N = \(size)")
        if size == .infinity { return spectrum.timeLoss(time) }
        let t = 2 * time
        let points = FeatureTheory.points
        let radius = 0.4 * Double(points) / t
        var s = Complex(radius, 0)
        // From above, where the function of z is convex, Newton's steps cannot pass the root.
        var z = root(s, size, from: Complex(radius + spectrum.sum { l, _ in l } / size, 0))
        var sum = 0.5 * Elementary.exp(radius * t) * transform(s, z).re
        for k in 1..<points {
            let theta = 3.141592653589793 * Double(k) / Double(points)
            let cotangent = Elementary.cos(theta) / Elementary.sin(theta)
            let next = Complex(radius * theta * cotangent, radius * theta)
            z = root(next, size, from: z + (next - s))
            s = next
            let growth = Elementary.exp(s.re * t)
            let turn = Complex(growth * Elementary.cos(s.im * t), growth * Elementary.sin(s.im * t))
            let bend = theta + (theta * cotangent - 1) * cotangent
            sum += (turn * transform(s, z) * Complex(1, bend)).re
        }
        return radius / Double(points) * sum
    }

    /// Σ λ w*² (z/s)/(λ + z).
    private func transform(_ s: Complex, _ z: Complex) -> Complex {
        var (re, im) = (0.0, 0.0)
        for i in spectrum.eigenvalues.indices {
            let x = spectrum.eigenvalues[i] + z.re
            let factor = spectrum.counts[i] * spectrum.energies[i] / (x * x + z.im * z.im)
            re += factor * x
            im -= factor * z.im
        }
        return Complex(re, im) * z / s
    }

    /// The root of s = z (1 − (1/N) Σ λ/(λ + z)) near a guess.
    private func root(_ s: Complex, _ size: Double, from guess: Complex) -> Complex {
        var z = guess
        for _ in 0..<60 {
            var (re, im, slopeRe, slopeIm) = (0.0, 0.0, 0.0, 0.0)
            for i in spectrum.eigenvalues.indices {
                let lambda = spectrum.eigenvalues[i]
                let x = lambda + z.re
                let inverse = 1 / (x * x + z.im * z.im)
                let (u, v) = (x * inverse, -z.im * inverse)
                let weight = spectrum.counts[i] * lambda
                re += weight * u
                im += weight * v
                slopeRe += weight * (u * u - v * v)
                slopeIm += weight * 2 * u * v
            }
            let rest = Complex(1 - re / size, -im / size)
            let value = z * rest - s
            let slope = rest + z * Complex(slopeRe / size, slopeIm / size)
            let step = value / slope
            z = z - step
            if step.magnitudeSquared < 1e-28 * z.magnitudeSquared { break }
        }
        return z
    }

    /// The best N for a compute of C = N·t, and the loss there.
    package func optimum(compute: Double) -> (size: Double, loss: Double) {
        let most = Elementary.log(compute)
        let least = LineMinimum.find(from: 0, to: most, cells: 24) { u in
            let n = Elementary.exp(u)
            return Elementary.log(loss(time: compute / n, size: n))
        }
        return (Elementary.exp(least.place), Elementary.exp(least.value))
    }
}

/// A complex number.
struct Complex {
    let re, im: Double

    init(_ re: Double, _ im: Double) { (self.re, self.im) = (re, im) }

    var magnitudeSquared: Double { re * re + im * im }

    static func + (x: Complex, y: Complex) -> Complex { Complex(x.re + y.re, x.im + y.im) }
    static func - (x: Complex, y: Complex) -> Complex { Complex(x.re - y.re, x.im - y.im) }
    static func * (x: Complex, y: Complex) -> Complex {
        Complex(x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re)
    }
    static func / (x: Complex, y: Complex) -> Complex {
        let scale = 1 / y.magnitudeSquared
        return Complex(
            (x.re * y.re + x.im * y.im) * scale, (x.im * y.re - x.re * y.im) * scale)
    }
}
