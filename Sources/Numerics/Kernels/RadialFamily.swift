import CKernels

/// Covariances of a Gaussian process that the distance r of two points alone decides; 1 at r = 0.
package enum RadialFamily: String, CaseIterable, Sendable {
    /// exp(−r²/2).
    case squared = "squared-exponential"
    /// exp(−r).
    case matern12 = "matern-1/2"
    /// (1 + √3 r) exp(−√3 r).
    case matern32 = "matern-3/2"
    /// (1 + √5 r + 5r²/3) exp(−√5 r).
    case matern52 = "matern-5/2"

    private var number: Int32 {
        let number =
            switch self {
            case .squared: BITLAW_RADIAL_SQUARED
            case .matern12: BITLAW_RADIAL_MATERN12
            case .matern32: BITLAW_RADIAL_MATERN32
            case .matern52: BITLAW_RADIAL_MATERN52
            }
        return Int32(number)
    }

    /// Covariances `[m, n]` of points `x`, `[m, dimensions]`, and `y`, `[dimensions, n]`.
    ///
    /// Bits: docs/NUMERICS.md; those of two points are the same either way round.
    package func covariances(
        m: Int, n: Int, dimensions: Int, _ x: MatrixPlace<Double>, _ y: MatrixPlace<Double>,
        into out: MatrixPlace<Double>, kernels: Kernels = .forNumbers
    ) {
        precondition(
            x.stride == dimensions && !x.isTransposed && !y.isTransposed && !out.isTransposed,
            "points lie in rows, and in columns")
        unsafe kernels.table.pointee.radial(
            number, m, n, dimensions, x.pointer(m, dimensions), y.pointer(dimensions, n), y.stride,
            out.pointer(m, n), out.stride)
    }
}
