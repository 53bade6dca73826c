/// Linearly implicit Euler steps, extrapolated to order 7: for flows whose eigenvalues span decades.
///
/// A power law makes the equations stiff, L^(1+β) from the slowest to the fastest eigenspace, and plateaus
/// ask for tight tolerances: high order is what pays. The Jacobian is λ_k times a small matrix that all
/// eigenspaces share (its eigenvectors make it diagonal) plus a matrix of rank `components`, since
/// eigenspaces meet in sums only; so a linear system costs O(L), not O(L³) (Woodbury's identity).
///
/// Source: Deuflhard, SIAM Review 27 (1985); Hairer & Wanner, *Solving ODEs II*, 2nd ed., §IV.9 (SEULEX).
package struct ExtrapolatedEuler: FlowIntegrator {
    /// What it cost.
    package private(set) var work = FlowWork()
    private let flow: any BlockFlow
    private let tolerance: FlowTolerance
    private var step: Double?
    private let columns: [Buffer<Double>]
    private let slope, right, first, held, other, error: Buffer<Double>
    private static let order = 7

    /// Prepares an integration.
    package init(_ flow: any BlockFlow, _ tolerance: FlowTolerance = FlowTolerance()) {
        self.flow = flow
        self.tolerance = tolerance
        let size = flow.size
        columns = (0..<Self.order).map { _ in Buffer<Double>(count: size) }
        slope = Buffer(count: size)
        right = Buffer(count: size)
        first = Buffer(count: size)
        held = Buffer(count: size)
        other = Buffer(count: size)
        error = Buffer(count: size)
    }

    /// Goes on to a time; the step size is kept from call to call.
    package mutating func advance(
        _ y: Buffer<Double>, from: Double, to: Double, observe: (FlowPoint) -> Void
    ) throws(NumericsError) {
        var time = from
        var h = step ?? min(1e-3, to - from)
        while time < to {
            let z = flow.sums(y)
            let coefficients = flow.coefficients(z)
            flow.apply(coefficients, y, adding: false, into: first)
            observe(FlowPoint(alpha: time, z: z, slope: flow.sums(first)))
            let slopes = sensitivities(z)
            while true {
                let isLast = time + 1.0001 * h >= to
                let taken = isLast ? to - time : h
                let size = extrapolate(y, taken, coefficients, slopes)
                let exponent = -1 / Double(Self.order)
                let factor =
                    size > 0 ? 0.85 * Elementary.exp(exponent * Elementary.log(size)) : 4
                if size <= 1 {
                    y.copy(columns[0])
                    time = isLast ? to : time + taken
                    if !isLast || factor < 1 { h = taken * max(0.2, min(4, factor)) }
                    work.accepted += 1
                    break
                }
                work.rejected += 1
                h = taken * (size.isFinite ? max(0.1, min(0.8, factor)) : 0.1)
                try checkStep(h, at: time)
            }
        }
        step = h
    }

    /// ∂coefficients/∂z by central differences, one column for each sum.
    private func sensitivities(_ z: [Double]) -> [[Double]] {
        z.indices.map { c in
            let delta = 1e-5 * max(0.1, z[c].magnitude)
            var (up, down) = (z, z)
            up[c] += delta
            down[c] -= delta
            let (high, low) = (flow.coefficients(up), flow.coefficients(down))
            return zip(high, low).map { ($0 - $1) / (up[c] - down[c]) }
        }
    }

    /// Fills column 0 with the extrapolated state at h; returns the error in units of the tolerance.
    private mutating func extrapolate(
        _ y: Buffer<Double>, _ h: Double, _ coefficients: [Double], _ slopes: [[Double]]
    ) -> Double {
        var size = Double.infinity
        for row in 0..<Self.order {
            let parts = row + 1
            let small = h / Double(parts)
            flow.factor(small, coefficients)
            let matrix = capacitance(y, small, slopes)
            // The new entry of the tableau's first column, then its diagonal, kept in place:
            // columns[i] holds T of row `row` with i extrapolations to go.
            let next = held
            next.copy(y)
            for part in 0..<parts {
                if part == 0 {
                    right.copy(first)
                } else {
                    flow.derivative(next, into: right)
                    work.evaluations += 1
                }
                correct(right, y, small, matrix, slopes)
                next.addScaled(
                    rows: 1, at: 0, stride: next.count, [small], right, at: 0, levels: next.count)
            }
            columns[row].copy(next)
            for back in 0..<row {
                // columns[row − back − 1] holds T_{row−1,back}; it becomes T_{row,back+1}.
                let place = row - back - 1
                let ratio = Double(parts) / Double(parts - back - 1)
                extrapolated(columns[place + 1], columns[place], 1 / (ratio - 1))
            }
            if row + 1 == Self.order {
                error.copy(columns[0])
                error.addScaled(
                    rows: 1, at: 0, stride: error.count, [-1], columns[1], at: 0,
                    levels: error.count)
                size = tolerance.norm(error, y, columns[0])
            }
        }
        return size
    }

    /// old ← new + (new − old)·factor.
    private func extrapolated(_ new: Buffer<Double>, _ old: Buffer<Double>, _ factor: Double) {
        let count = new.count
        let (a, b) = unsafe (new.pointer(at: 0, size: count), old.pointer(at: 0, size: count))
        for place in 0..<count {
            unsafe b[place] = a[place] + (a[place] - b[place]) * factor
        }
    }

    /// The factored 1 − h Vᵀ(1 − hD)⁻¹U, `[components, components]`.
    private func capacitance(
        _ y: Buffer<Double>, _ h: Double, _ slopes: [[Double]]
    ) -> SmallLU {
        let n = flow.components
        var matrix = [Double](repeating: 0, count: n * n)
        for c in 0..<n {
            flow.apply(slopes[c], y, adding: false, into: other)
            flow.solve(other)
            for (row, value) in flow.sums(other).enumerated() {
                matrix[row * n + c] = (row == c ? 1 : 0) - h * value
            }
        }
        return SmallLU(matrix, order: n)
    }

    /// x ← (1 − hJ)⁻¹ x, J the Jacobian at y.
    private func correct(
        _ x: Buffer<Double>, _ y: Buffer<Double>, _ h: Double, _ matrix: SmallLU,
        _ slopes: [[Double]]
    ) {
        other.copy(x)
        flow.solve(other)
        let moved = matrix.solve(flow.sums(other))
        var change = [Double](repeating: 0, count: slopes.first?.count ?? 0)
        for (c, amount) in moved.enumerated() {
            for place in change.indices { change[place] += h * amount * slopes[c][place] }
        }
        flow.apply(change, y, adding: true, into: x)
        flow.solve(x)
    }
}

/// A small general matrix, factored with partial pivoting.
package struct SmallLU {
    private var lu: [Double]
    private var order: [Int]
    private let n: Int

    /// Factors an `[n, n]` matrix, row-major.
    package init(_ matrix: [Double], order n: Int) {
        lu = matrix
        order = Array(0..<n)
        self.n = n
        for column in 0..<n {
            var pivot = column
            for row in column..<n
            where lu[row * n + column].magnitude > lu[pivot * n + column].magnitude { pivot = row }
            if pivot != column {
                for place in 0..<n { lu.swapAt(pivot * n + place, column * n + place) }
                order.swapAt(pivot, column)
            }
            for row in (column + 1)..<max(n, column + 1) {
                let factor = lu[row * n + column] / lu[column * n + column]
                lu[row * n + column] = factor
                for place in (column + 1)..<n {
                    lu[row * n + place] -= factor * lu[column * n + place]
                }
            }
        }
    }

    /// The solution; not finite where the matrix is singular.
    package func solve(_ right: [Double]) -> [Double] {
        var x = order.map { right[$0] }
        for row in 0..<n {
            for place in 0..<row { x[row] -= lu[row * n + place] * x[place] }
        }
        for row in (0..<n).reversed() {
            for place in (row + 1)..<max(n, row + 1) { x[row] -= lu[row * n + place] * x[place] }
            x[row] /= lu[row * n + row]
        }
        return x
    }
}
