/// The minimum of a measured curve: where a budget's loss is lowest over model size.
package struct CurveMinimum: Sendable, Equatable {
    /// How a curve is drawn through the points.
    package enum Method: String, Sendable, CaseIterable {
        /// Least squares by a parabola.
        case parabola
        /// Least squares by a cubic; its local minimum.
        case cubic
        /// Akima's interpolation.
        case akima
    }

    /// Where, and the value there.
    package let place, value: Double
    /// The second derivative there.
    package let curvature: Double
    /// Whether the minimum lies strictly inside the points.
    package let isInside: Bool

    /// The minimum of y over u; `nil` where the curve has none (its curvature is not positive), or
    /// there are fewer than 3 (parabola), 4 (cubic) or 5 (Akima) different u.
    ///
    /// `u` ascends strictly. Weights are for least squares; Akima's curve goes through every point.
    package static func find(
        _ u: [Double], _ y: [Double], _ method: Method, weights: [Double]? = nil
    ) -> CurveMinimum? {
        let weights = weights ?? u.map { _ in 1 }
        switch method {
        case .parabola: return polynomial(u, y, weights, degree: 2)
        case .cubic: return polynomial(u, y, weights, degree: 3)
        case .akima: return akima(u, y)
        }
    }

    /// Least squares in powers of centred, scaled u.
    private static func polynomial(
        _ u: [Double], _ y: [Double], _ weights: [Double], degree: Int
    ) -> CurveMinimum? {
        guard u.count > degree, let low = u.first, let high = u.last, high > low else { return nil }
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low))
        let mean = y.reduce(0, +) / Double(y.count)
        let size = degree + 1
        var matrix = [Double](repeating: 0, count: size * size)
        var right = [Double](repeating: 0, count: size)
        for (place, y) in y.enumerated() {
            let t = (u[place] - middle) / half
            var powers = [1.0]
            for _ in 1..<size { powers.append((powers.last ?? 1) * t) }
            for j in 0..<size {
                let power = weights[place] * powers[j]
                right[j] += power * (y - mean)
                for k in 0..<size { matrix[j * size + k] += power * powers[k] }
            }
        }
        guard let c = LinearSystem.solve(matrix, right) else { return nil }
        let t: Double
        if degree == 2 || c[3].magnitude < 1e-12 * c[2].magnitude {
            guard c[2] > 0 else { return nil }
            t = -c[1] / (2 * c[2])
        } else {
            let root = c[2] * c[2] - 3 * c[3] * c[1]
            guard root > 0 else { return nil }
            t = (-c[2] + root.squareRoot()) / (3 * c[3])
        }
        let cubic = degree == 3 ? c[3] : 0
        let bend = 2 * c[2] + 6 * cubic * t
        guard bend > 0 else { return nil }
        return CurveMinimum(
            place: middle + half * t, value: mean + c[0] + t * (c[1] + t * (c[2] + t * cubic)),
            curvature: bend / (half * half), isInside: t > -1 && t < 1)
    }

    /// Slopes from five points, cubics between them: Akima (Journal of the ACM 17, 1970).
    private static func akima(_ u: [Double], _ y: [Double]) -> CurveMinimum? {
        let n = u.count
        guard n >= 5 else { return nil }
        var m: [Double] = []
        for i in 0..<(n - 1) { m.append((y[i + 1] - y[i]) / (u[i + 1] - u[i])) }
        // Two slopes beyond each end, by a parabola through the last three points.
        m.insert(2 * m[0] - m[1], at: 0)
        m.insert(2 * m[0] - m[1], at: 0)
        m.append(2 * m[m.count - 1] - m[m.count - 2])
        m.append(2 * m[m.count - 1] - m[m.count - 2])
        var slopes: [Double] = []
        for i in 0..<n {
            let before = (m[i + 1] - m[i]).magnitude
            let after = (m[i + 3] - m[i + 2]).magnitude
            let sum: Double = after * m[i + 1] + before * m[i + 2]
            slopes.append(
                before + after == 0 ? 0.5 * (m[i + 1] + m[i + 2]) : sum / (before + after))
        }
        guard let lowest = y.indices.min(by: { y[$0] < y[$1] }) else { return nil }
        var best = CurveMinimum(
            place: u[lowest], value: y[lowest], curvature: 0,
            isInside: lowest > 0 && lowest < n - 1)
        for i in 0..<(n - 1) {
            let h: Double = u[i + 1] - u[i]
            let chord: Double = m[i + 2]
            let (from, to): (Double, Double) = (slopes[i], slopes[i + 1])
            let c2: Double = (3 * chord - 2 * from - to) / h
            let c3: Double = (from + to - 2 * chord) / (h * h)
            let root: Double = c2 * c2 - 3 * c3 * from
            guard root > 0 else { continue }
            // The root at which the slope rises, in the form that does not cancel.
            let rise: Double = root.squareRoot()
            let t: Double = c2 > 0 ? -from / (c2 + rise) : (rise - c2) / (3 * c3)
            guard t > 0, t < h else { continue }
            let value: Double = y[i] + t * (from + t * (c2 + t * c3))
            if value < best.value {
                best = CurveMinimum(
                    place: u[i] + t, value: value, curvature: 2 * c2 + 6 * c3 * t, isInside: true)
            }
        }
        return best.isInside ? best : nil
    }
}
