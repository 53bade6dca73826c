/// How errors of integration are held: |error| below absolute + relative·|y|, root mean square over a state.
package struct FlowTolerance: Sendable, Equatable {
    /// The two bounds; through a plateau 10⁻⁸ and 10⁻¹² are needed, for it amplifies what came before.
    package var relative = 1e-8, absolute = 1e-12

    /// Names tolerances.
    package init(relative: Double = 1e-8, absolute: Double = 1e-12) {
        self.relative = relative
        self.absolute = absolute
    }

    /// The error in units of the tolerance.
    func norm(_ error: Buffer<Double>, _ from: Buffer<Double>, _ to: Buffer<Double>) -> Double {
        var sum = 0.0
        let count = error.count
        let (e, a, b) = unsafe (
            error.pointer(at: 0, size: count), from.pointer(at: 0, size: count),
            to.pointer(at: 0, size: count)
        )
        for place in 0..<count {
            let size = unsafe max(a[place].magnitude, b[place].magnitude)
            let part = unsafe e[place] / (absolute + relative * size)
            sum += part * part
        }
        return (sum / Double(max(1, count))).squareRoot()
    }
}

/// What an integration tells about itself.
package struct FlowWork: Sendable, Equatable {
    /// Steps that were kept, steps that were taken back, evaluations of the right-hand side.
    package var accepted = 0, rejected = 0, evaluations = 0
}

/// A point of a trajectory: time, sums z and their slopes.
package struct FlowPoint: Sendable {
    /// α.
    package let alpha: Double
    /// z and dz/dα.
    package let z, slope: [Double]
}

/// An integration that stops at given times.
package protocol FlowIntegrator {
    /// Goes on from `from` to `to`; `observe` sees every step's beginning.
    ///
    /// - Throws: ``NumericsError`` when the step falls below the resolution of time.
    mutating func advance(
        _ y: Buffer<Double>, from: Double, to: Double, observe: (FlowPoint) -> Void
    ) throws(NumericsError)
    /// What it cost.
    var work: FlowWork { get }
}

/// Which integrator: decided by the flow, its fastest rate and the time to come; never by a clock.
package enum FlowMethod: String, CaseIterable, Sendable {
    /// Stiff where the fastest mode would hold an explicit method to more than 2,000 steps.
    case automatic
    /// Dormand and Prince's pair of orders 5 and 4.
    case explicit
    /// Extrapolated linearly implicit Euler.
    case stiff

    /// An integrator for a flow up to a time; the fastest mode's rate is about 0.7 ηλ₁.
    package func integrator(
        _ flow: any BlockFlow, rate: Double, until alpha: Double,
        tolerance: FlowTolerance = FlowTolerance()
    ) -> any FlowIntegrator {
        let steps = 0.7 * rate * flow.eigenvalues[0] * alpha / 3
        switch self {
        case .explicit: return DormandPrince(flow, tolerance)
        case .stiff: return ExtrapolatedEuler(flow, tolerance)
        case .automatic:
            return steps > 2000
                ? ExtrapolatedEuler(flow, tolerance) : DormandPrince(flow, tolerance)
        }
    }
}
