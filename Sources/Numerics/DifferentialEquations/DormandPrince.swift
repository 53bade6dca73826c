/// Dormand and Prince's explicit pair of orders 5(4), adaptive, for flows that are not stiff.
///
/// Source: Dormand & Prince, J. Comput. Appl. Math. 6 (1980), table 2; step control by the elementary
/// rule with safety 0.9. Bits: the flow's, then chains of fused multiply-adds in the order of stages.
package struct DormandPrince: FlowIntegrator {
    /// What it cost.
    package private(set) var work = FlowWork()
    private let flow: any BlockFlow
    private let tolerance: FlowTolerance
    private var step: Double?
    private let slopes: [Buffer<Double>]
    private let trial, stage, error: Buffer<Double>

    private static let rows: [[Double]] = [
        [1.0 / 5], [3.0 / 40, 9.0 / 40], [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ]
    private static let errors = [
        71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
    ]

    /// Prepares an integration.
    package init(_ flow: any BlockFlow, _ tolerance: FlowTolerance = FlowTolerance()) {
        self.flow = flow
        self.tolerance = tolerance
        let size = flow.size
        slopes = (0..<7).map { _ in Buffer<Double>(count: size) }
        trial = Buffer(count: size)
        stage = Buffer(count: size)
        error = Buffer(count: size)
    }

    /// Goes on to a time; the step size is kept from call to call.
    package mutating func advance(
        _ y: Buffer<Double>, from: Double, to: Double, observe: (FlowPoint) -> Void
    ) throws(NumericsError) {
        var time = from
        flow.derivative(y, into: slopes[0])
        work.evaluations += 1
        var h = step ?? firstStep(y)
        observe(FlowPoint(alpha: time, z: flow.sums(y), slope: flow.sums(slopes[0])))
        while time < to {
            let isLast = time + 1.0001 * h >= to
            let taken = isLast ? to - time : h
            for (row, weights) in Self.rows.enumerated() {
                combine(y, weights, taken, into: row == 5 ? trial : stage)
                flow.derivative(row == 5 ? trial : stage, into: slopes[row + 1])
            }
            work.evaluations += 6
            error.clear(0..<error.count)
            for (s, weight) in Self.errors.enumerated() where weight != 0 {
                error.addScaled(
                    rows: 1, at: 0, stride: error.count, [taken * weight], slopes[s], at: 0,
                    levels: error.count)
            }
            let size = tolerance.norm(error, y, trial)
            let factor =
                size > 0 ? 0.9 * Elementary.exp(-0.2 * Elementary.log(size)) : 5
            if size <= 1 {
                time = isLast ? to : time + taken
                y.copy(trial)
                slopes[0].copy(slopes[6])
                work.accepted += 1
                if !isLast || factor < 1 { h = taken * max(0.2, min(5, factor)) }
                observe(FlowPoint(alpha: time, z: flow.sums(y), slope: flow.sums(slopes[0])))
            } else {
                work.rejected += 1
                h = taken * (size.isFinite ? max(0.1, min(0.9, factor)) : 0.1)
                try checkStep(h, at: time)
            }
        }
        step = h
    }

    private func combine(
        _ y: Buffer<Double>, _ weights: [Double], _ h: Double, into out: Buffer<Double>
    ) {
        out.copy(y)
        for (s, weight) in weights.enumerated() where weight != 0 {
            out.addScaled(
                rows: 1, at: 0, stride: out.count, [h * weight], slopes[s], at: 0,
                levels: out.count)
        }
    }

    /// A step whose Euler part changes the state by a hundredth of itself at most.
    private func firstStep(_ y: Buffer<Double>) -> Double {
        let slope = tolerance.norm(slopes[0], y, y)
        return slope > 0 ? min(1, 1e-2 * max(1, tolerance.norm(y, y, y)) / slope) : 1e-3
    }
}

/// Refuses a step that time cannot resolve.
func checkStep(_ h: Double, at time: Double) throws(NumericsError) {
    if h > 1e-14 * max(1, time.magnitude) { return }
    throw NumericsError(
        description:
            "integration: expected steps above the resolution of time, found \(h) at alpha = \(time)\n"
            + "  fix: the learning rate is too large for this spectrum, or a tolerance below rounding"
    )
}
