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
