import CKernels

/// Many small matrices `[rows, columns]` of one shape beside each other: element (i, j) of matrix l stands at
/// (i·columns + j)·width + l.
package struct InterleavedPlace<Scalar: KernelScalar> {
    /// What they lie in.
    package let buffer: Buffer<Scalar>
    /// The first element.
    package let offset: Int
    /// The shape as a product sees it.
    package let rows, columns: Int
    /// Whether rows in memory are the matrices' columns.
    package let isTransposed: Bool

    /// Names a place.
    package init(
        _ buffer: Buffer<Scalar>, at offset: Int = 0, rows: Int, columns: Int,
        isTransposed: Bool = false
    ) {
        (self.buffer, self.offset, self.rows, self.columns) = (buffer, offset, rows, columns)
        self.isTransposed = isTransposed
    }

    fileprivate func pointer(width: Int) -> UnsafeMutablePointer<Scalar> {
        unsafe buffer.pointer(at: offset, size: rows * columns * width)
    }

    /// From one row to the next, and from one column to the next.
    fileprivate func steps(width: Int) -> [Int] {
        isTransposed ? [width, rows * width] : [columns * width, width]
    }
}

/// What a product of interleaved matrices does to its target.
package enum InterleavedManner: Sendable {
    /// c ← a·b.
    case set
    /// c ← c + a·b.
    case add
    /// c ← c − a·b.
    case subtract

    fileprivate var number: Int32 {
        switch self {
        case .set: Int32(BITLAW_INTERLEAVED_ZERO)
        case .add: Int32(BITLAW_INTERLEAVED_MORE)
        case .subtract: Int32(BITLAW_INTERLEAVED_LESS)
        }
    }
}

extension Arithmetic {
    /// Products of `width` pairs of small matrices at once, a `[m, k]`, b `[k, n]`, c `[m, n]` each.
    ///
    /// Bits: c[i,j] is one chain over p = 0, 1, … k−1 of fma(±a[i,p], b[p,j], ·) from 0 or from what it
    /// holds; nothing crosses matrices. The width is a multiple of 16. c must overlap neither a nor b, and is
    /// not transposed. The `blas` profile has no such product: it takes this one.
    ///
    /// - Complexity: `2·m·n·k·width` flop; allocates nothing of size.
    package func interleavedProduct<Scalar: KernelScalar>(
        width: Int, _ a: InterleavedPlace<Scalar>, _ b: InterleavedPlace<Scalar>,
        into c: InterleavedPlace<Scalar>, _ manner: InterleavedManner = .set
    ) {
        precondition(
            width >= 0 && width % 16 == 0 && a.columns == b.rows && c.rows == a.rows
                && c.columns == b.columns && !c.isTransposed,
            "\(width) products [\(a.rows), \(a.columns)]·[\(b.rows), \(b.columns)]")
        unsafe kernels.table(Scalar.self).pointee.interleaved(
            a.rows, b.columns, a.columns, width, a.pointer(width: width), a.steps(width: width),
            b.pointer(width: width), b.steps(width: width), manner.number, c.pointer(width: width))
    }
}
