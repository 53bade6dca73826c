import CKernels

/// Elementwise work, sums and losses over buffers. Bits: as docs/NUMERICS.md defines, in both
/// profiles. Nothing allocates; every function takes time in proportion to its elements.
extension Arithmetic {
    /// Σ x[i]: 32 lanes, element i in lane i mod 32, folded by halves.
    public func sum<Scalar: KernelScalar>(_ x: Buffer<Scalar>, _ range: Range<Int>) -> Scalar {
        unsafe Scalar(
            kernels.table(Scalar.self).pointee.sum(
                range.count, x.pointer(at: range.lowerBound, size: range.count)))
    }

    /// Σ x[i] as above, in lanes of doubles.
    public func sumWide<Scalar: KernelScalar>(_ x: Buffer<Scalar>, _ range: Range<Int>) -> Double {
        unsafe kernels.table(Scalar.self).pointee.sum_wide(
            range.count, x.pointer(at: range.lowerBound, size: range.count))
    }

    /// Σ x[i]·y[i]: 32 lanes as above, each a chain of fused multiply-adds.
    public func dot<Scalar: KernelScalar>(
        _ x: Buffer<Scalar>, at first: Int = 0, _ y: Buffer<Scalar>, at second: Int = 0, count: Int
    ) -> Scalar {
        unsafe Scalar(
            kernels.table(Scalar.self).pointee.dot(
                count, x.pointer(at: first, size: count), y.pointer(at: second, size: count)))
    }

    /// a·b + c, rounded once.
    public func fused<Scalar: KernelScalar>(_ a: Scalar, _ b: Scalar, _ c: Scalar) -> Scalar {
        unsafe Scalar(kernels.table(Scalar.self).pointee.fused(a.double, b.double, c.double))
    }

    /// sums[j] ← Σᵢ x[i,j], or added to what it holds: one chain down each column.
    package func columnSums<Scalar: KernelScalar>(
        rows: Int, columns: Int, _ x: MatrixPlace<Scalar>, adds: Bool = false,
        into sums: Buffer<Scalar>, at offset: Int = 0
    ) {
        unsafe kernels.table(Scalar.self).pointee.column_sums(
            rows, columns, x.pointer(rows, columns), x.stride, adds ? 1 : 0,
            sums.pointer(at: offset, size: columns))
    }

    /// z ← activation(z), slope ← its derivative there.
    package func activate<Scalar: KernelScalar>(
        _ activation: Activation, _ z: Buffer<Scalar>, slope: Buffer<Scalar>, count: Int
    ) {
        unsafe kernels.table(Scalar.self).pointee.activate(
            activation.number, count, z.pointer(at: 0, size: count),
            slope.pointer(at: 0, size: count))
    }

    /// values ← values·factors.
    public func multiply<Scalar: KernelScalar>(
        _ values: Buffer<Scalar>, by factors: Buffer<Scalar>, count: Int
    ) {
        unsafe kernels.table(Scalar.self).pointee.multiply(
            count, factors.pointer(at: 0, size: count), values.pointer(at: 0, size: count))
    }

    /// values ← values·factor.
    public func scale<Scalar: KernelScalar>(
        _ values: Buffer<Scalar>, _ range: Range<Int>, by factor: Scalar
    ) {
        unsafe kernels.table(Scalar.self).pointee.scale(
            range.count, factor.double, values.pointer(at: range.lowerBound, size: range.count))
    }

    /// y ← f(x), within 1 ulp.
    public func map<Scalar: KernelScalar>(
        _ function: ElementaryFunction, _ x: Buffer<Scalar>, into y: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.map(
            function.number, x.count, x.pointer(at: 0, size: x.count),
            y.pointer(at: 0, size: x.count))
    }

    /// rows[i] ← table[index[i]], each `width` numbers.
    package func gather<Scalar: KernelScalar>(
        width: Int, _ table: Buffer<Scalar>, at offset: Int = 0, entries: Int,
        _ index: Buffer<Int32>, count: Int, into rows: Buffer<Scalar>
    ) {
        check(index, count, below: entries)
        unsafe kernels.table(Scalar.self).pointee.gather(
            count, width, table.pointer(at: offset, size: entries * width),
            index.pointer(at: 0, size: count), rows.pointer(at: 0, size: count * width))
    }

    /// table[index[i]] ← table[index[i]] + rows[i], i ascending.
    package func scatterAdd<Scalar: KernelScalar>(
        width: Int, _ rows: Buffer<Scalar>, _ index: Buffer<Int32>, count: Int,
        into table: Buffer<Scalar>, at offset: Int = 0, entries: Int
    ) {
        check(index, count, below: entries)
        unsafe kernels.table(Scalar.self).pointee.scatter_add(
            count, width, rows.pointer(at: 0, size: count * width),
            index.pointer(at: 0, size: count), table.pointer(at: offset, size: entries * width))
    }

    /// Logits z `[rows, classes]` become `scale` times the gradient of the cross-entropy; `losses`
    /// gets the cross-entropy of each row.
    ///
    /// With `places`, row r stands for all of targets places[r] ..< places[r + 1]: loss and gradient are
    /// the sums over them, the softmax is computed once.
    package func crossEntropy<Scalar: KernelScalar>(
        rows: Int, classes: Int, scale: Scalar, places: Buffer<Int32>? = nil, at offset: Int = 0,
        targets: Buffer<Int32>, _ z: MatrixPlace<Scalar>, losses: Buffer<Scalar>
    ) {
        var first = unsafe targets.pointer(at: places == nil ? offset : 0, size: 0)
        if let places {
            let (low, high) = (Int(places[offset]), Int(places[offset + rows]))
            for row in offset..<(offset + rows) {
                precondition(places[row] <= places[row + 1], "places that go back")
            }
            check(targets, at: low, high - low, below: classes)
            unsafe first = targets.pointer(at: 0, size: high)
        } else {
            check(targets, at: offset, rows, below: classes)
        }
        unsafe kernels.table(Scalar.self).pointee.cross_entropy(
            rows, classes, scale.double,
            places.map { unsafe UnsafePointer($0.pointer(at: offset, size: rows + 1)) }, first,
            z.pointer(rows, classes), z.stride, losses.pointer(at: offset, size: rows))
    }

    /// Logits z become `scale` times the gradient of the logistic loss for targets 0 and 1.
    package func logisticLoss<Scalar: KernelScalar>(
        count: Int, scale: Scalar, targets: Buffer<Scalar>, _ z: Buffer<Scalar>,
        losses: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.logistic_loss(
            count, scale.double, targets.pointer(at: 0, size: count),
            z.pointer(at: 0, size: count), losses.pointer(at: 0, size: count))
    }

    /// z becomes `scale` times the gradient of ½(z − target)²; `losses` gets these.
    ///
    /// Differences and losses are doubles, each rounded once to the type of z.
    package func squaredLoss<Scalar: KernelScalar>(
        count: Int, scale: Scalar, targets: Buffer<Scalar>, _ z: Buffer<Scalar>,
        losses: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.squared_loss(
            count, scale.double, targets.pointer(at: 0, size: count),
            z.pointer(at: 0, size: count), losses.pointer(at: 0, size: count))
    }

    private func check(_ index: Buffer<Int32>, at offset: Int = 0, _ count: Int, below bound: Int) {
        for place in offset..<(offset + count) {
            precondition(
                index[place] >= 0 && index[place] < bound, "index \(index[place]) of \(bound)")
        }
    }
}

/// The functions that the kernels know.
public enum ElementaryFunction: String, CaseIterable, Sendable {
    /// The exponential function, less 1, the logarithm, that of 1 + x.
    case exp, expm1, log, log1p
    /// Hyperbolic tangent, error function, 1/(1 + e⁻ˣ), log(1 + eˣ).
    case tanh, erf, logistic, softplus
    /// The circular functions.
    case sin, cos

    /// Its number in `CKernels.h`.
    var number: Int32 {
        let number =
            switch self {
            case .exp: BITLAW_EXP
            case .expm1: BITLAW_EXPM1
            case .log: BITLAW_LOG
            case .log1p: BITLAW_LOG1P
            case .tanh: BITLAW_TANH
            case .erf: BITLAW_ERF
            case .logistic: BITLAW_LOGISTIC
            case .softplus: BITLAW_SOFTPLUS
            case .sin: BITLAW_SIN
            case .cos: BITLAW_COS
            }
        return Int32(number)
    }
}

extension Activation {
    /// Its number in `CKernels.h`.
    var number: Int32 {
        let number =
            switch self {
            case .relu: BITLAW_RELU
            case .tanh: BITLAW_ACTIVATE_TANH
            case .gelu: BITLAW_GELU
            case .erf: BITLAW_ACTIVATE_ERF
            }
        return Int32(number)
    }
}
