/// Which integrator: decided by the flow, its fastest rate and the time to come; never by a clock.
package enum FlowMethod: String, CaseIterable, Sendable {
    /// Stiff where the fastest mode would hold an explicit method to more steps than stiff ones cost.
    ///
    /// A stiff step solves for every component at once: what it costs grows with their number, so 2,000
    /// explicit steps for up to 8 components (two units and two teachers), in proportion for more.
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
            let most = 250 * Double(max(8, flow.components))
            return steps > most
                ? ExtrapolatedEuler(flow, tolerance) : DormandPrince(flow, tolerance)
        }
    }
}
