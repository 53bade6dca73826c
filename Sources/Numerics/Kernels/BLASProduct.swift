import CKernels
import COpenBLAS

/// CblasRowMajor, CblasNoTrans, CblasTrans of cblas.h.
private let rowMajor: CInt = 101
private func transposition(_ isTransposed: Bool) -> CInt { isTransposed ? 112 : 111 }

/// Matrix products by OpenBLAS: the `blas` profile.
extension KernelScalar {
    /// Does a product's job with the library; bits are fixed for one kernel family on one thread.
    static func product(_ blas: BLASRuntime, _ job: ProductJob<Self>) {
        if job.m == 0 || job.n == 0 { return }
        if job.start == BITLAW_START_BIAS, let bias = unsafe job.bias {
            for row in 0..<job.m {
                unsafe job.c.advanced(by: row * job.cStride).update(from: bias, count: job.n)
            }
        }
        if job.k == 0 && job.start == BITLAW_START_ZERO {
            for row in 0..<job.m {
                unsafe job.c.advanced(by: row * job.cStride).update(repeating: 0, count: job.n)
            }
        }
        if job.k > 0 { multiply(blas, job) }
        if job.finish == BITLAW_FINISH_NONE { return }
        for row in 0..<job.m {
            let target = unsafe job.c.advanced(by: row * job.cStride)
            let gate = unsafe job.gate.map { unsafe $0.advanced(by: row * job.gateStride) }
            for column in 0..<job.n {
                let switched = unsafe gate.map { unsafe $0[column] } ?? target[column]
                if !(switched > 0) { unsafe target[column] = 0 }
            }
        }
    }

    private static func multiply(_ blas: BLASRuntime, _ job: ProductJob<Self>) {
        let keeps = job.start != BITLAW_START_ZERO
        let (left, right) = (transposition(job.isATransposed), transposition(job.isBTransposed))
        let (m, n, k) = (CInt(job.m), CInt(job.n), CInt(job.k))
        let strides = (CInt(job.aStride), CInt(job.bStride), CInt(job.cStride))
        if let job = job as? ProductJob<Float> {
            unsafe blas.sgemm(
                rowMajor, left, right, m, n, k, 1, job.a, strides.0, job.b, strides.1,
                keeps ? 1 : 0, job.c, strides.2)
        } else if let job = job as? ProductJob<Double> {
            unsafe blas.dgemm(
                rowMajor, left, right, m, n, k, 1, job.a, strides.0, job.b, strides.1,
                keeps ? 1 : 0, job.c, strides.2)
        }
    }
}
