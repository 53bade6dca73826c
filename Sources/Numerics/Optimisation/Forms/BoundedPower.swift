/// M4: (y − e)/(e₀ − y)^a = b x^(−c), a law between chance level e₀ and floor e.
///
/// Alabdulmohsin et al., arXiv 2209.06640, eq. 5 (their c is ours with the sign turned). y is found
/// by Newton's method on t, y = e + (e₀ − e)/(1 + e^(−t)), in which both sides are monotone.
package struct BoundedPower: LawForm {
    /// The chance level, in the unit of y; `nil` where it is fitted.
    package let chance: Double?

    /// The form.
    package init(chance: Double?) { self.chance = chance }

    /// `m4`.
    package let name = "m4"
    /// The law as text.
    package let formula = "y with (y - e)/(e0 - y)^a = b·x^-c"
    /// One input.
    package let inputs = ["x"]
    /// b, c, e, a, and e₀ where it is fitted.
    package var parameters: [LawParameter] {
        [
            LawParameter("b", "prefactor", unit: "y^(1-a)·x^c", needs: ["c", "a"]),
            LawParameter("c", "exponent"),
            LawParameter("e", "floor", unit: "y"), LawParameter("a", "how it leaves chance level"),
        ] + (chance == nil ? [LawParameter("e0", "chance level", unit: "y")] : [])
    }
    /// log b, c, e, a, e₀.
    package var coordinates: [LawCoordinate] {
        [
            LawCoordinate("b", -200, 200), LawCoordinate("c", 0, 50),
            LawCoordinate("e", 0, .infinity, isLowerBoundMeant: true),
            LawCoordinate("a", 0, 60, isLowerBoundMeant: true),
        ] + (chance == nil ? [LawCoordinate("e0", 0, .infinity)] : [])
    }

    /// Floors by curvatures; b and c by linear regression.
    package func starts(
        _ points: ScaledPoints, weights: [Double], isRelative: Bool
    ) -> [[Double]] {
        let y = points.y
        let level = chance.map { $0 / points.scale.y } ?? 1.05 * (y.max() ?? 1)
        let least = y.min() ?? 1
        var starts: [[Double]] = []
        for fraction in [0, 0.3, 0.6, 0.8, 0.9, 0.96, 0.99] {
            for a in [0, 0.3, 1, 2] {
                let e = fraction * least
                var sums = (w: 0.0, x: 0.0, z: 0.0, xx: 0.0, xz: 0.0)
                for i in y.indices where weights[i] != 0 && y[i] < level {
                    let u = points.logs[0][i]
                    let z = Elementary.log(y[i] - e) - a * Elementary.log(level - y[i])
                    sums.w += weights[i]
                    sums.x += weights[i] * u
                    sums.z += weights[i] * z
                    sums.xx += weights[i] * u * u
                    sums.xz += weights[i] * u * z
                }
                let slope =
                    (sums.w * sums.xz - sums.x * sums.z)
                    / (sums.w * sums.xx - sums.x * sums.x)
                guard slope.isFinite, slope < 0 else { continue }
                starts.append(
                    [(sums.z - slope * sums.x) / sums.w, -slope, e, a]
                        + (chance == nil ? [level] : []))
            }
        }
        return starts
    }

    /// Solves for y; slopes by the theorem of implicit functions.
    package func evaluate(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], slopes: Bool,
        into values: inout LawValues
    ) {
        let p = theta.count
        let (a, e) = (theta[3], theta[2])
        let level = chance.map { $0 / points.scale.y } ?? theta[4]
        let span = max(level - e, 1e-12)
        let logSpan = Elementary.log(span)
        if slopes { values.basis.reserve(terms: 1, eta: 0, points: points.count, order: 0) }
        for i in 0..<points.count where weights[i] != 0 {
            let u = points.logs[0][i]
            let target = theta[0] - theta[1] * u - (1 - a) * logSpan
            let t = BoundedPower.root(target, a)
            let share = Elementary.logistic(t)
            let y = e + span * share
            values.f[i] = y
            guard slopes else { continue }
            values.basis.logs[i] = t
            let byT = span * share * (1 - share) / (1 - share + a * share)
            values.slopes[i * p] = byT
            values.slopes[i * p + 1] = -u * byT
            values.slopes[i * p + 2] = 1 - share + byT * (1 - a) / span
            values.slopes[i * p + 3] = byT * (logSpan - Elementary.softplus(t))
            if chance == nil { values.slopes[i * p + 4] = share - byT * (1 - a) / span }
        }
    }

    /// Exact, by the theorem of implicit functions once more; t stays in the values' basis.
    package func addCurvature(
        _ theta: [Double], _ points: ScaledPoints, weights: [Double], values: LawValues,
        into matrix: inout [Double]
    ) {
        let p = theta.count
        let (a, level) = (theta[3], chance.map { $0 / points.scale.y } ?? theta[4])
        let span = max(level - theta[2], 1e-12)
        let logSpan = Elementary.log(span)
        // How the span moves, and how the target bends: −(1 − a) log span and a log span do.
        let widths: [Double] = [0, 0, -1, 0, 1]
        for i in 0..<points.count where weights[i] != 0 {
            let t = values.basis.logs[i]
            let share = Elementary.logistic(t)
            let slope = share * (1 - share)
            let byT = 1 - share + a * share
            let pull = (1 - a) / span
            let target = [1, -points.logs[0][i], pull, logSpan - Elementary.softplus(t), -pull]
            for j in 0..<p {
                for k in 0..<p {
                    let (first, other) = (target[j] / byT, target[k] / byT)
                    var bend = pull / span * widths[j] * widths[k]
                    if j == 3 { bend += widths[k] / span - share * other }
                    if k == 3 { bend += widths[j] / span - share * first }
                    bend -= slope * (a - 1) * first * other
                    let second =
                        span * slope * (bend / byT + (1 - 2 * share) * first * other)
                        + slope * (widths[j] * other + widths[k] * first)
                    matrix[j * p + k] += weights[i] * second
                }
            }
        }
    }

    /// The t with −softplus(−t) + a·softplus(t) = target; 40 where a = 0 and there is none.
    static func root(_ target: Double, _ a: Double) -> Double {
        if a < 1e-12 && target >= -1e-17 { return 40 }
        var t = target <= 0 ? target : target / max(a, 1e-3)
        for _ in 0..<100 {
            let value = -Elementary.softplus(-t) + a * Elementary.softplus(t)
            let share = Elementary.logistic(t)
            let step = (value - target) / (1 - share + a * share)
            let next = max(-600, min(600, t - max(-50, min(50, step))))
            if (next - t).magnitude <= 1e-15 * max(1, t.magnitude) { return next }
            t = next
        }
        return t
    }

    /// b in units of y^(1−a) x^c.
    package func natural(_ theta: [Double], _ scale: LawScale) -> [Double] {
        [
            Elementary.exp(
                theta[0] + (1 - theta[3]) * scale.output + theta[1] * scale.inputs[0]),
            theta[1], theta[2] * scale.y, theta[3],
        ] + (chance == nil ? [theta[4] * scale.y] : [])
    }

    /// The inverse of ``natural(_:_:)``.
    package func coordinates(of natural: [Double], _ scale: LawScale) -> [Double] {
        [
            Elementary.log(natural[0]) - (1 - natural[3]) * scale.output
                - natural[1] * scale.inputs[0],
            natural[1], natural[2] / scale.y, natural[3],
        ] + (chance == nil ? [natural[4] / scale.y] : [])
    }
}
