import Numerics

/// The closed equations in the smallest form that a start allows.
///
/// K = M ≥ 2 from the start free of random numbers treats all units alike: four numbers an
/// eigenspace stay four numbers (``SymmetricFlow``), at any M. Everything else takes all K·M + K²
/// (``CommitteeFlow``).
enum OverlapEquations {
    case general(CommitteeFlow)
    case symmetric(SymmetricFlow)

    /// The equations as an integrator sees them.
    var flow: any BlockFlow {
        switch self {
        case .general(let flow): flow
        case .symmetric(let flow): flow
        }
    }

    /// ε_g at sums z.
    func error(_ z: [Double]) -> Double {
        switch self {
        case .general(let flow): flow.overlaps(z).error(.erf)
        case .symmetric(let flow): flow.error(z)
        }
    }

    /// R, row after row, and the upper half of Q.
    func overlaps(_ z: [Double]) -> [Double] {
        switch self {
        case .general(let flow):
            return OnlineParameters.overlapValues(flow.overlaps(z))
        case .symmetric(let flow):
            let (q, c, r, s) = flow.overlaps(z)
            let m = flow.units
            return (0..<m).flatMap { i in (0..<m).map { $0 == i ? r : s } }
                + (0..<m).flatMap { i in (i..<m).map { $0 == i ? q : c } }
        }
    }

    /// R of the first student with every teacher; linear in z, so that it serves for slopes too.
    func firstRow(_ z: [Double]) -> [Double] {
        switch self {
        case .general(let flow): return Array(z[..<flow.teachers])
        case .symmetric(let flow):
            let (_, _, r, s) = flow.overlaps(z)
            return [r] + Array(repeating: s, count: flow.units - 1)
        }
    }

    /// T at first order, `[M, M]`.
    var teacher: [Double] {
        switch self {
        case .general(let flow): return flow.teacher
        case .symmetric(let flow):
            let m = flow.units
            return (0..<(m * m)).map { $0 / m == $0 % m ? 1 : 0 }
        }
    }
}
