import CKernels

/// Layer normalisation and the steps of optimizers.
extension Arithmetic {
    /// Each row of x `[rows, width]` becomes fma((x − mean)/√(variance + 10⁻⁵), gain, shift).
    ///
    /// Source: Ba, Kiros & Hinton, arXiv 1607.06450. Mean and variance are sums of 32 lanes.
    package func normalize<Scalar: KernelScalar>(
        rows: Int, width: Int, gain: Buffer<Scalar>, at offset: Int, _ x: Buffer<Scalar>,
        normalized: Buffer<Scalar>, deviations: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.normalize(
            rows, width, gain.pointer(at: offset, size: width),
            gain.pointer(at: offset + width, size: width), x.pointer(at: 0, size: rows * width),
            normalized.pointer(at: 0, size: rows * width), deviations.pointer(at: 0, size: rows))
    }

    /// The way back: `delta` becomes the gradient of the inputs; those of gain and shift are added to
    /// `gradient` at `offset`, one chain each over the rows.
    package func unnormalize<Scalar: KernelScalar>(
        rows: Int, width: Int, gain: Buffer<Scalar>, at offset: Int, normalized: Buffer<Scalar>,
        deviations: Buffer<Scalar>, delta: Buffer<Scalar>, gradient: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.unnormalize(
            rows, width, gain.pointer(at: offset, size: width),
            normalized.pointer(at: 0, size: rows * width), deviations.pointer(at: 0, size: rows),
            delta.pointer(at: 0, size: rows * width), gradient.pointer(at: offset, size: width),
            gradient.pointer(at: offset + width, size: width))
    }

    /// v ← fma(μ, v, g); w ← fma(−rate, v, w).
    package func momentum<Scalar: KernelScalar>(
        _ range: Range<Int>, mu: Scalar, rate: Scalar, gradient: Buffer<Scalar>,
        velocity: Buffer<Scalar>, _ values: Buffer<Scalar>
    ) {
        let (start, count) = (range.lowerBound, range.count)
        unsafe kernels.table(Scalar.self).pointee.momentum(
            count, mu.double, rate.double, gradient.pointer(at: start, size: count),
            velocity.pointer(at: start, size: count), values.pointer(at: start, size: count))
    }

    /// m ← fma(0.9, m, 0.1 g); s ← fma(0.999, s, 0.001 g g); w ← keep w − step m/(√(s correction) + 10⁻⁸).
    ///
    /// Source: Kingma & Ba, arXiv 1412.6980; `keep` below 1 is the decay of Loshchilov & Hutter,
    /// arXiv 1711.05101.
    package func adam<Scalar: KernelScalar>(
        _ range: Range<Int>, step: Scalar, correction: Scalar, keep: Scalar,
        gradient: Buffer<Scalar>, first: Buffer<Scalar>, second: Buffer<Scalar>,
        _ values: Buffer<Scalar>
    ) {
        let (start, count) = (range.lowerBound, range.count)
        unsafe kernels.table(Scalar.self).pointee.adam(
            count, step.double, correction.double, keep.double,
            gradient.pointer(at: start, size: count),
            first.pointer(at: start, size: count), second.pointer(at: start, size: count),
            values.pointer(at: start, size: count))
    }
}
