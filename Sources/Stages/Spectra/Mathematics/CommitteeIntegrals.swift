import Numerics

/// Averages over jointly Gaussian fields with g(x) = erf(x/√2), and the generalisation error.
///
/// Source: Saad & Solla, Phys. Rev. E 52, 4225 (1995), appendix; here for any covariance.
package enum CommitteeIntegrals {
    static let twoOverPi = 0.6366197723675814

    /// Arguments of arc sines that rounding pushed out of [−1, 1] are put back.
    static func clipped(_ x: Double) -> Double { max(-1, min(1, x)) }

    /// ⟨g(u) g(v)⟩ of the fields with variances `uu`, `vv` and covariance `uv`.
    package static func i2(uu: Double, uv: Double, vv: Double) -> Double {
        twoOverPi * Elementary.asin(clipped(uv / ((1 + uu) * (1 + vv)).squareRoot()))
    }

    /// ⟨g′(u) v g(w)⟩ of the covariance C `[4, 4]` or larger with rows of `width`.
    package static func i3(_ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int) -> Double {
        let (uu, uw) = (1 + c[u * width + u], c[u * width + w])
        let root = (uu * (1 + c[w * width + w]) - uw * uw).squareRoot()
        return twoOverPi * (c[v * width + w] * uu - c[u * width + v] * uw) / (root * uu)
    }

    /// ⟨g′(u) g′(v) g(w) g(z)⟩.
    package static func i4(
        _ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int, _ z: Int
    ) -> Double {
        let (argument, root) = i4Parts(c, width, u, v, w, z)
        return twoOverPi * twoOverPi * Elementary.asin(argument) / root
    }

    /// The argument of I4's arc sine, and the root √Λ₄ below it.
    static func i4Parts(
        _ c: [Double], _ width: Int, _ u: Int, _ v: Int, _ w: Int, _ z: Int
    ) -> (argument: Double, root: Double) {
        let (uu, vv, uv) = (1 + c[u * width + u], 1 + c[v * width + v], c[u * width + v])
        let (uw, uz) = (c[u * width + w], c[u * width + z])
        let (vw, vz) = (c[v * width + w], c[v * width + z])
        let four = uu * vv - uv * uv
        let zero =
            four * c[w * width + z] - vw * vz * uu - uw * uz * vv + uv * (uw * vz + uz * vw)
        let one =
            four * (1 + c[w * width + w]) - vw * vw * uu - uw * uw * vv + 2 * uv * uw * vw
        let two =
            four * (1 + c[z * width + z]) - vz * vz * uu - uz * uz * vv + 2 * uv * uz * vz
        return (clipped(zero / (one * two).squareRoot()), four.squareRoot())
    }
}

/// The overlaps that ε_g depends on: Q `[K, K]`, R `[K, M]`, T `[M, M]` at first order in Σ.
package struct CommitteeOverlaps: Sendable, Equatable {
    /// Student with student, student with teacher, teacher with teacher.
    package var q, r, t: [Double]
    /// Units of the student and of the teacher.
    package let students, teachers: Int

    /// Wraps overlaps.
    package init(q: [Double], r: [Double], t: [Double], students: Int, teachers: Int) {
        self.q = q
        self.r = r
        self.t = t
        self.students = students
        self.teachers = teachers
    }

    /// √M/K, the factor of the student's sum of outputs.
    package var studentScale: Double { Double(teachers).squareRoot() / Double(students) }

    /// 1/√M, the factor of the teacher's.
    package var teacherScale: Double { 1 / Double(teachers).squareRoot() }

    /// ½⟨(teacher − student)²⟩ over fresh inputs, for an activation whose ⟨g(u)g(v)⟩ is `average`.
    ///
    /// Near convergence it is a difference of terms of order 1: below about 10⁻¹³ it is rounding.
    package func error(_ activation: OnlineActivation) -> Double {
        let (cS, cT) = (studentScale, teacherScale)
        var (students, teachers, mixed) = (0.0, 0.0, 0.0)
        let (k, m) = (self.students, self.teachers)
        for i in 0..<k {
            for j in 0..<k {
                students += activation.average(q[i * k + i], q[i * k + j], q[j * k + j])
            }
            for n in 0..<m { mixed += activation.average(q[i * k + i], r[i * m + n], t[n * m + n]) }
        }
        for n in 0..<m {
            for o in 0..<m {
                teachers += activation.average(t[n * m + n], t[n * m + o], t[o * m + o])
            }
        }
        return 0.5 * (cS * cS * students + cT * cT * teachers - 2 * cS * cT * mixed)
    }
}

/// The activation of student and teacher.
package enum OnlineActivation: String, CaseIterable, Sendable {
    /// g(x) = x.
    case linear
    /// g(x) = erf(x/√2).
    case erf
    /// g(x) = max(0, x).
    case relu

    /// ⟨g(u) g(v)⟩ for Gaussian u, v.
    ///
    /// For ReLU the arc-cosine kernel of first order: Cho & Saul, NIPS 22 (2009).
    package func average(_ uu: Double, _ uv: Double, _ vv: Double) -> Double {
        switch self {
        case .linear: return uv
        case .erf: return CommitteeIntegrals.i2(uu: uu, uv: uv, vv: vv)
        case .relu:
            let root = (uu * vv).squareRoot()
            if root == 0 { return 0 }
            let cosine = CommitteeIntegrals.clipped(uv / root)
            let sine = (max(0, 1 - cosine * cosine)).squareRoot()
            let angle = Elementary.acos(cosine)
            return root * (sine + (3.141592653589793 - angle) * cosine) / 6.283185307179586
        }
    }
}

/// Sums of arc sines, several at a time.
enum ArcSines {
    /// Σ factor · asin(argument), one chain of additions in order.
    static func weightedSum(_ arguments: [Double], _ factors: [Double]) -> Double {
        var angles = [Double](repeating: 0, count: arguments.count)
        Elementary.mapArcSine(arguments, into: &angles)
        var sum = 0.0
        for place in angles.indices { sum += factors[place] * angles[place] }
        return sum
    }
}
