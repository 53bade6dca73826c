import CKernels
import COpenBLAS

/// CblasRowMajor, CblasNoTrans, CblasTrans of cblas.h.
private let rowMajor: CInt = 101
private func transposition(_ isTransposed: Bool) -> CInt { isTransposed ? 112 : 111 }

/// Matrix products by OpenBLAS: the `blas` profile.
extension KernelScalar {
    /// Does a product's job with the library; bits are fixed for one kernel family on one thread.
    ///
    /// The addresses of the job are those of this type's numbers.
    static func product(_ blas: BLASRuntime, _ job: bitlaw_product) {
        let (m, n, k) = unsafe (job.m, job.n, job.k)
        let (start, finish) = unsafe (Int(job.start), Int(job.finish))
        if m == 0 || n == 0 { return }
        let c = unsafe job.c.assumingMemoryBound(to: Self.self)
        let bias = unsafe job.bias.assumingMemoryBound(to: Self.self)
        let gates = unsafe job.gate.assumingMemoryBound(to: Self.self)
        for row in 0..<m {
            let target = unsafe c.advanced(by: row * job.c_stride)
            if start == BITLAW_START_BIAS {
                unsafe target.update(from: bias, count: n)
            } else if start == BITLAW_START_ZERO && k == 0 {
                unsafe target.update(repeating: 0, count: n)
            }
        }
        if k > 0 { unsafe multiply(blas, job) }
        if finish == BITLAW_FINISH_NONE { return }
        for row in 0..<m {
            let target = unsafe c.advanced(by: row * job.c_stride)
            let gate =
                unsafe finish == BITLAW_FINISH_GATE
                ? gates.advanced(by: row * job.gate_stride) : UnsafePointer(target)
            for column in 0..<n {
                if finish == BITLAW_FINISH_SIGN {
                    unsafe target[column] = target[column] < 0 ? -1 : 1
                    continue
                }
                let switched = unsafe gate[column]
                if !(switched > 0) { unsafe target[column] = 0 }
            }
        }
    }

    private static func multiply(_ blas: BLASRuntime, _ job: bitlaw_product) {
        let keeps = unsafe Int(job.start) != BITLAW_START_ZERO
        let (left, right) = unsafe (
            transposition(job.a_transposed != 0), transposition(job.b_transposed != 0)
        )
        let (m, n, k) = unsafe (CInt(job.m), CInt(job.n), CInt(job.k))
        let strides = unsafe (CInt(job.a_stride), CInt(job.b_stride), CInt(job.c_stride))
        if Self.self == Float.self {
            unsafe blas.sgemm(
                rowMajor, left, right, m, n, k, 1, job.a.assumingMemoryBound(to: Float.self),
                strides.0, job.b.assumingMemoryBound(to: Float.self), strides.1, keeps ? 1 : 0,
                job.c.assumingMemoryBound(to: Float.self), strides.2)
        } else if Self.self == Double.self {
            unsafe blas.dgemm(
                rowMajor, left, right, m, n, k, 1, job.a.assumingMemoryBound(to: Double.self),
                strides.0, job.b.assumingMemoryBound(to: Double.self), strides.1, keeps ? 1 : 0,
                job.c.assumingMemoryBound(to: Double.self), strides.2)
        }
    }
}
