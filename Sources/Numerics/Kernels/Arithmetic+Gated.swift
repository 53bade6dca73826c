import CKernels

/// Root-mean-square normalisation, gates, and cross-entropy to a distribution.
extension Arithmetic {
    /// Each row of y ← that of x `[rows, width]` times i = 1/√(Σx²/width + 10⁻⁶); `inverses` gets i.
    ///
    /// Source: Zhang & Sennrich, arXiv 1910.07467, without gain. Sums of 32 lanes; y may be x.
    package func rms<Scalar: KernelScalar>(
        rows: Int, width: Int, _ x: Buffer<Scalar>, into y: Buffer<Scalar>, inverses: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.rms(
            rows, width, x.pointer(at: 0, size: rows * width),
            y.pointer(at: 0, size: rows * width), inverses.pointer(at: 0, size: rows))
    }

    /// The way back: `into` ← the gradient of x from `delta`, that of y; or has it added.
    package func rmsBack<Scalar: KernelScalar>(
        rows: Int, width: Int, y: Buffer<Scalar>, inverses: Buffer<Scalar>, delta: Buffer<Scalar>,
        adds: Bool, into: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.rms_back(
            rows, width, y.pointer(at: 0, size: rows * width),
            inverses.pointer(at: 0, size: rows), delta.pointer(at: 0, size: rows * width),
            adds ? 1 : 0, into.pointer(at: 0, size: rows * width))
    }

    /// Rows (a, b) of `pairs` `[rows, 2·hidden]`: product ← silu(a)·b, a ← silu(a) = a·logistic(a),
    /// slope ← its derivative.
    ///
    /// Source: the SwiGLU of Shazeer, arXiv 2002.05202.
    package func gate<Scalar: KernelScalar>(
        rows: Int, hidden: Int, _ pairs: Buffer<Scalar>, slope: Buffer<Scalar>,
        into product: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.gate(
            rows, hidden, pairs.pointer(at: 0, size: 2 * rows * hidden),
            slope.pointer(at: 0, size: rows * hidden), product.pointer(at: 0, size: rows * hidden))
    }

    /// The way back: `pairs`, as ``gate(rows:hidden:_:slope:into:)`` left them, become the gradients of
    /// a and b from `delta`, that of the product.
    package func gateBack<Scalar: KernelScalar>(
        rows: Int, hidden: Int, delta: Buffer<Scalar>, slope: Buffer<Scalar>,
        _ pairs: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.gate_back(
            rows, hidden, delta.pointer(at: 0, size: rows * hidden),
            slope.pointer(at: 0, size: rows * hidden),
            pairs.pointer(at: 0, size: 2 * rows * hidden))
    }

    /// −Σ p log softmax(z) for one row of logits z and a distribution p, both `[classes]`; z becomes
    /// `weight` times its gradient, softmax(z) − p, where that is wanted, and is used up otherwise.
    package func softCrossEntropy<Scalar: KernelScalar>(
        classes: Int, weight: Scalar, p: Buffer<Scalar>, at place: Int, wantsGradient: Bool,
        _ z: Buffer<Scalar>, at offset: Int
    ) -> Scalar {
        unsafe Scalar(
            kernels.table(Scalar.self).pointee.soft_cross_entropy(
                classes, weight.double, p.pointer(at: place, size: classes), wantsGradient ? 1 : 0,
                z.pointer(at: offset, size: classes)))
    }

    /// out[i,j] ← x[i]·y[j] of numbers that are not negative, 0 where that is below 2⁻⁶⁰; x `[m]`, y `[n]`.
    package func outer<Scalar: KernelScalar>(
        m: Int, n: Int, _ x: Buffer<Scalar>, at first: Int, _ y: Buffer<Scalar>, at second: Int,
        into out: Buffer<Scalar>, at offset: Int = 0
    ) {
        unsafe kernels.table(Scalar.self).pointee.outer(
            m, n, x.pointer(at: first, size: m), y.pointer(at: second, size: n),
            out.pointer(at: offset, size: m * n))
    }

    /// rows[i] ← rows[i] + table[index[i]], each `width` numbers.
    package func gatherAdd<Scalar: KernelScalar>(
        width: Int, _ table: Buffer<Scalar>, at offset: Int = 0, entries: Int,
        _ index: Buffer<Int32>, at first: Int = 0, count: Int, into rows: Buffer<Scalar>
    ) {
        for place in first..<(first + count) {
            precondition(index[place] >= 0 && index[place] < entries, "index \(index[place])")
        }
        unsafe kernels.table(Scalar.self).pointee.gather_add(
            count, width, table.pointer(at: offset, size: entries * width),
            index.pointer(at: first, size: count), rows.pointer(at: 0, size: count * width))
    }
}
