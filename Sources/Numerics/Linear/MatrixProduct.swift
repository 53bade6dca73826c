import COpenBLAS

/// A scalar type that networks are trained in: `Float` for work, `Double` for checking gradients.
package protocol TrainingScalar: BinaryFloatingPoint, Sendable {
    /// c ← op(a)·op(b) + keep·c, row-major: the one place where matrices are multiplied.
    ///
    /// Shapes: op(a) is `[m, k]`, op(b) `[k, n]`, c `[m, n]`; `op` transposes where told.
    /// Bits: fixed for one OpenBLAS kernel family on one thread (``BLASRuntime``).
    /// Error: at most γ(k) Σ|aᵢ||bᵢ| an element (Higham 2002, §3.1). Cost: 2·m·n·k flop.
    static func multiply(
        _ a: [Self], transposed: Bool, _ b: [Self], transposed: Bool, into c: inout [Self],
        m: Int, n: Int, k: Int, keep: Self, blas: BLASRuntime)

    /// As above, with `b` a part of a longer array that starts at an offset.
    static func multiply(
        _ a: [Self], transposed: Bool, _ b: [Self], from: Int, transposed: Bool,
        into c: inout [Self], at: Int, m: Int, n: Int, k: Int, keep: Self, blas: BLASRuntime)
}

extension TrainingScalar {
    package static func multiply(
        _ a: [Self], transposed left: Bool, _ b: [Self], transposed right: Bool,
        into c: inout [Self], m: Int, n: Int, k: Int, keep: Self, blas: BLASRuntime
    ) {
        multiply(
            a, transposed: left, b, from: 0, transposed: right, into: &c, at: 0, m: m, n: n, k: k,
            keep: keep, blas: blas)
    }
}

/// CblasRowMajor, CblasNoTrans, CblasTrans of cblas.h.
private let rowMajor: CInt = 101
private func transposition(_ isTransposed: Bool) -> CInt { isTransposed ? 112 : 111 }

private func checkShapes(_ a: Int, _ b: Int, _ c: Int, _ m: Int, _ n: Int, _ k: Int) {
    precondition(
        a >= m * k && b >= k * n && c >= m * n && m > 0 && n > 0 && k > 0,
        "a product [\(m), \(k)] · [\(k), \(n)] with \(a), \(b) and \(c) elements")
}

extension Float: TrainingScalar {
    package static func multiply(
        _ a: [Float], transposed left: Bool, _ b: [Float], from: Int, transposed right: Bool,
        into c: inout [Float], at: Int, m: Int, n: Int, k: Int, keep: Float, blas: BLASRuntime
    ) {
        checkShapes(a.count, b.count - from, c.count - at, m, n, k)
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe blas.sgemm(
                        rowMajor, transposition(left), transposition(right), CInt(m), CInt(n),
                        CInt(k), 1, a.baseAddress, CInt(left ? m : k),
                        b.baseAddress?.advanced(by: from),
                        CInt(right ? k : n), keep, c.baseAddress?.advanced(by: at), CInt(n))
                }
            }
        }
    }
}

extension Double: TrainingScalar {
    package static func multiply(
        _ a: [Double], transposed left: Bool, _ b: [Double], from: Int, transposed right: Bool,
        into c: inout [Double], at: Int, m: Int, n: Int, k: Int, keep: Double, blas: BLASRuntime
    ) {
        checkShapes(a.count, b.count - from, c.count - at, m, n, k)
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe blas.dgemm(
                        rowMajor, transposition(left), transposition(right), CInt(m), CInt(n),
                        CInt(k), 1, a.baseAddress, CInt(left ? m : k),
                        b.baseAddress?.advanced(by: from),
                        CInt(right ? k : n), keep, c.baseAddress?.advanced(by: at), CInt(n))
                }
            }
        }
    }
}
