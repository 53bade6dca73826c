import Numerics

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
