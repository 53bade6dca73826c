import CKernels

/// Differential equations of overlaps in eigenspaces k = 1 … L that only meet in sums over them.
///
/// Components y_c,k change as dy_k/dα = λ_k F(coefficients(z), y_k), z_c = Σ_k λ_k y_c,k, and F is linear in
/// the coefficients: that is what explicit and stiff integrators alike live on. States are buffers
/// `[components, levels]`.
package protocol BlockFlow: AnyObject {
    /// The components of each eigenspace.
    var components: Int { get }
    /// The eigenvalues λ.
    var eigenvalues: Buffer<Double> { get }
    /// The coefficients at the sums z.
    func coefficients(_ z: [Double]) -> [Double]
    /// out ← λ F(coefficients, y), or out + that.
    func apply(
        _ coefficients: [Double], _ y: Buffer<Double>, adding: Bool, into out: Buffer<Double>)
    /// Prepares ``solve(_:)`` for 1 − h λ ∂F/∂y at these coefficients.
    func factor(_ h: Double, _ coefficients: [Double])
    /// x ← (1 − h λ ∂F/∂y)⁻¹ x, eigenspace by eigenspace.
    func solve(_ x: Buffer<Double>)
}

extension BlockFlow {
    /// L.
    package var levels: Int { eigenvalues.count }

    /// The length of a state.
    package var size: Int { components * levels }

    /// z, `[components]`: sums of 32 lanes, each a chain of fused multiply-adds.
    package func sums(_ y: Buffer<Double>) -> [Double] {
        let arithmetic = Arithmetic(portable: .forNumbers)
        return (0..<components).map { c in
            arithmetic.dot(eigenvalues, at: 0, y, at: c * levels, count: levels)
        }
    }

    /// dy/dα.
    package func derivative(_ y: Buffer<Double>, into out: Buffer<Double>) {
        apply(coefficients(sums(y)), y, adding: false, into: out)
    }
}

/// Vectors over eigenspaces.
extension Buffer where Element == Double {
    /// rows[i] ← fma(factors[i], source, rows[i]) for rows of `levels` elements, `stride` apart.
    package func addScaled(
        rows: Int, at start: Int, stride: Int, _ factors: [Double], _ source: Buffer<Double>,
        at place: Int, levels: Int
    ) {
        let target = unsafe pointer(at: start, size: (rows - 1) * stride + levels)
        let values = unsafe source.pointer(at: place, size: levels)
        unsafe factors.withUnsafeBufferPointer { factors in
            guard let first = factors.baseAddress else { return }
            unsafe Kernels.forNumbers.table(Double.self).pointee.rank_one(
                rows, levels, first, values, target, stride)
        }
    }

    /// Every `count` elements from `start` on times the factors.
    package func multiply(at start: Int, by factors: Buffer<Double>, at place: Int = 0, levels: Int)
    {
        unsafe Kernels.forNumbers.table(Double.self).pointee.multiply(
            levels, factors.pointer(at: place, size: levels), pointer(at: start, size: levels))
    }

    /// Copies another buffer of the same length.
    package func copy(_ other: Buffer<Double>) {
        let source = unsafe other.pointer(at: 0, size: count)
        unsafe pointer(at: 0, size: count).update(from: source, count: count)
    }
}
