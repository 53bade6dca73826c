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
