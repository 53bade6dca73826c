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
