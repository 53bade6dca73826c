/// The least value of a smooth function on a region of inputs.
package struct RegionMinimum: Sendable, Equatable {
    /// Where.
    package let place: [Double]
    /// The value there.
    package let value: Double
    /// How far the point moves against the slope before the region holds it: 0 at a minimum.
    package let rest: Double

    /// Descends by spectral projected gradients.
    ///
    /// Slopes are central differences with steps of 10⁻⁵ of each input's range; all points of one slope are
    /// evaluated together. Source: Birgin, Martínez & Raydan, SIAM J. Optim. 10 (2000), algorithm SPG2.
    ///
    /// - Parameters:
    ///   - region: where the inputs may lie.
    ///   - start: where the descent begins.
    ///   - values: the function at many points.
    /// - Returns: The end of the descent.
    package static func find(
        in region: InputRegion, from start: [Double], _ values: ([[Double]]) -> [Double]
    ) -> RegionMinimum {
        let steps = zip(region.lower, region.upper).map { 1e-5 * max($1 - $0, 1e-12) }
        func slope(_ x: [Double]) -> [Double] {
            var points: [[Double]] = []
            for j in x.indices {
                for sign in [1.0, -1.0] {
                    var moved = x
                    moved[j] += sign * steps[j]
                    points.append(moved)
                }
            }
            let found = values(points)
            return x.indices.map { (found[2 * $0] - found[2 * $0 + 1]) / (2 * steps[$0]) }
        }
        func moved(_ x: [Double], _ g: [Double], _ t: Double) -> [Double] {
            zip(region.nearest(to: zip(x, g).map { $0 - t * $1 }), x).map { $0 - $1 }
        }
        func size(_ d: [Double]) -> Double { d.reduce(0) { max($0, $1.magnitude) } }
        func dot(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        var x = region.nearest(to: start)
        var f = values([x])[0]
        var g = slope(x)
        var rate = 1 / max(1e-12, size(g))
        var best = (x, f)
        var recent = [f]
        for _ in 0..<1000 {
            let d = moved(x, g, rate)
            if size(d) < 1e-9 * max(1e-3, size(x)) { break }
            let (fall, limit) = (dot(g, d), recent.max() ?? f)
            var part = 1.0
            var next = (x, Double.infinity)
            while part > 1e-10 {
                let y = zip(x, d).map { $0 + part * $1 }
                next = (y, values([y])[0])
                if next.1 <= limit + 1e-4 * part * fall { break }
                part *= 0.5
            }
            guard next.1.isFinite, part > 1e-10 else { break }
            let h = slope(next.0)
            let (s, y) = (zip(next.0, x).map { $0 - $1 }, zip(h, g).map { $0 - $1 })
            let bend = dot(s, y)
            rate = bend > 0 ? max(1e-12, min(1e12, dot(s, s) / bend)) : 1e3 * rate
            (x, f, g) = (next.0, next.1, h)
            if f < best.1 { best = (x, f) }
            recent = Array((recent + [f]).suffix(10))
        }
        let last = slope(best.0)
        return RegionMinimum(
            place: best.0, value: best.1,
            rest: size(moved(best.0, last, 1 / max(1e-12, size(last)))))
    }
}
