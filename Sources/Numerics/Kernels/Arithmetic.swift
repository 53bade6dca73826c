import CKernels

/// The arithmetic that training uses: what computes, and the name that enters the keys of actions.
///
/// `portable`: every result is defined by IEEE-754 operations in a stated order (docs/NUMERICS.md),
/// the same on every CPU. `blas`: matrix products are OpenBLAS's, everything else is `portable`.
///
/// ```swift
/// // [2, 3] times [3, 1]
/// let arithmetic = try Arithmetic.portable()
/// let a = Buffer<Double>([1, 2, 3, 4, 5, 6])
/// let x = Buffer<Double>([1, 0, -1])
/// let y = Buffer<Double>(count: 2)
/// arithmetic.product(
///     m: 2, n: 1, k: 3, MatrixPlace(a, stride: 3), MatrixPlace(x, stride: 1),
///     into: MatrixPlace(y, stride: 1))
/// print(y.elements)  // [-2.0, -2.0]
/// ```
public struct Arithmetic: Sendable {
    /// The kernels in use.
    package let kernels: Kernels
    /// The library that multiplies matrices; `nil` in the `portable` profile.
    package let blas: BLASRuntime?

    /// Raised when a definition in docs/NUMERICS.md changes so that bits change.
    package static let portableVersion = 1

    /// What enters the keys of actions that compute with it.
    public var profile: String { blas?.profile ?? "portable/\(Arithmetic.portableVersion)" }

    /// Kernels alone: the `portable` profile, also of a variant for tests.
    package init(portable kernels: Kernels) {
        self.kernels = kernels
        blas = nil
    }

    /// Kernels, and a library for products: the `blas` profile.
    package init(kernels: Kernels, blas: BLASRuntime) {
        self.kernels = kernels
        self.blas = blas
    }

    /// The default: `portable`, with the best kernels of this CPU.
    ///
    /// - Throws: ``NumericsError`` where the CPU has no kernels, or the process another rounding mode.
    public static func portable() throws(NumericsError) -> Arithmetic {
        Arithmetic(portable: try Kernels.shared())
    }

    /// The `blas` profile.
    ///
    /// - Throws: ``NumericsError`` as ``Kernels/shared()`` and ``BLASRuntime/shared()``.
    package static func withBLAS() throws(NumericsError) -> Arithmetic {
        Arithmetic(kernels: try Kernels.shared(), blas: try BLASRuntime.shared())
    }
}

/// Where the chains of a product start.
public enum ProductStart<Scalar: KernelScalar> {
    /// At 0.
    case zero
    /// At what the target holds: the product is added.
    case target
    /// At the bias of the column.
    case bias(Buffer<Scalar>, at: Int)
}

/// What happens to an element of a product after its chain.
public enum ProductFinish<Scalar: KernelScalar> {
    /// Nothing.
    case none
    /// x > 0 ? x : 0.
    case relu
    /// g > 0 ? x : 0, g the element of another matrix: a ReLU's gradient, from its output.
    case gate(MatrixPlace<Scalar>)
    /// x < 0 ? −1 : 1.
    case sign
}

extension Arithmetic {
    /// c ← finish(start + a·b), a `[m, k]`, b `[k, n]`, c `[m, n]`.
    ///
    /// Bits (`portable`): c[i,j] is one chain over p = 0, 1, … k−1 of fma(a[i,p], b[p,j], ·) from its
    /// start. Error: at most γ(k) Σ|aᵢₚ||bₚⱼ| an element, γ(k) = k·u/(1 − k·u) (Higham, *Accuracy and
    /// Stability of Numerical Algorithms*, 2nd ed., §3.1). c must overlap neither a nor b.
    ///
    /// `packed` is b once more, as ``pack(n:k:_:into:)`` left it: for a b of many products. It changes
    /// no bit.
    ///
    /// - Complexity: `2·m·n·k` flop; allocates nothing.
    public func product<Scalar: KernelScalar>(
        m: Int, n: Int, k: Int, _ a: MatrixPlace<Scalar>, _ b: MatrixPlace<Scalar>,
        into c: MatrixPlace<Scalar>, start: ProductStart<Scalar> = .zero,
        finish: ProductFinish<Scalar> = .none, packed: Buffer<Scalar>? = nil
    ) {
        precondition(m >= 0 && n >= 0 && k >= 0 && !c.isTransposed, "a product into columns")
        let target = unsafe c.pointer(m, n)
        var job = unsafe bitlaw_product(
            m: m, n: n, k: k, a: a.pointer(m, k), a_stride: a.stride, b: b.pointer(k, n),
            b_stride: b.stride, c: target, c_stride: c.stride, bias: target, gate: target,
            gate_stride: 0, packed: nil, a_transposed: a.isTransposed ? 1 : 0,
            b_transposed: b.isTransposed ? 1 : 0, start: Int32(BITLAW_START_ZERO),
            finish: Int32(BITLAW_FINISH_NONE))
        switch start {
        case .zero: break
        case .target: unsafe job.start = Int32(BITLAW_START_TARGET)
        case .bias(let buffer, let offset):
            unsafe job.start = Int32(BITLAW_START_BIAS)
            unsafe job.bias = UnsafeRawPointer(buffer.pointer(at: offset, size: n))
        }
        switch finish {
        case .none: break
        case .relu: unsafe job.finish = Int32(BITLAW_FINISH_RELU)
        case .sign: unsafe job.finish = Int32(BITLAW_FINISH_SIGN)
        case .gate(let gate):
            unsafe job.finish = Int32(BITLAW_FINISH_GATE)
            unsafe job.gate = UnsafeRawPointer(gate.pointer(m, n))
            unsafe job.gate_stride = gate.stride
        }
        if let packed {
            let size = packedCount(n: n, k: k, Scalar.self)
            unsafe job.packed = UnsafeRawPointer(packed.pointer(at: 0, size: size))
        }
        if let blas {
            unsafe Scalar.product(blas, job)
        } else {
            unsafe kernels.table(Scalar.self).pointee.product(&job)
        }
    }

    /// Elements that ``pack(n:k:_:into:)`` writes.
    public func packedCount<Scalar: KernelScalar>(n: Int, k: Int, _: Scalar.Type) -> Int {
        unsafe kernels.table(Scalar.self).pointee.packed_count(n, k)
    }

    /// Lays out the right operand b `[k, n]` of products in the order in which they read it.
    public func pack<Scalar: KernelScalar>(
        n: Int, k: Int, _ b: MatrixPlace<Scalar>, into packed: Buffer<Scalar>
    ) {
        unsafe kernels.table(Scalar.self).pointee.pack(
            b.isTransposed ? 1 : 0, n, k, b.pointer(k, n), b.stride,
            packed.pointer(at: 0, size: packedCount(n: n, k: k, Scalar.self)))
    }

    /// y[i] ← a[i]·x, a `[m, k]` read along its rows: sums of 32 lanes, each a chain of fused
    /// multiply-adds.
    public func vectorProduct<Scalar: KernelScalar>(
        m: Int, k: Int, _ a: MatrixPlace<Scalar>, _ x: Buffer<Scalar>, at offset: Int = 0,
        into y: Buffer<Scalar>
    ) {
        precondition(!a.isTransposed, "a vector product reads rows")
        unsafe kernels.table(Scalar.self).pointee.vector_product(
            m, k, a.pointer(m, k), a.stride, x.pointer(at: offset, size: k),
            y.pointer(at: 0, size: m))
    }

    /// a[i,j] ← fma(z[i], v[j], fma(x[i], u[j], a[i,j])), a `[m, n]`.
    package func rankTwo<Scalar: KernelScalar>(
        m: Int, n: Int, _ x: Buffer<Scalar>, _ u: Buffer<Scalar>, _ z: Buffer<Scalar>,
        _ v: Buffer<Scalar>, into a: MatrixPlace<Scalar>
    ) {
        precondition(!a.isTransposed, "a rank-two update writes rows")
        unsafe kernels.table(Scalar.self).pointee.rank_two(
            m, n, x.pointer(at: 0, size: m), u.pointer(at: 0, size: n),
            z.pointer(at: 0, size: m), v.pointer(at: 0, size: n), a.pointer(m, n), a.stride)
    }

    /// Rotates rows i = rows[r] and i + 1 of a, r ascending: x ← fma(c, x, −(s·y)), y ← fma(s, x, c·y).
    package func rotate<Scalar: KernelScalar>(
        count: Int, cosines: Buffer<Scalar>, sines: Buffer<Scalar>, rows: Buffer<Int32>,
        height: Int, width: Int, _ a: MatrixPlace<Scalar>
    ) {
        for place in 0..<count {
            precondition(rows[place] >= 0 && Int(rows[place]) + 1 < height, "row \(rows[place])")
        }
        unsafe kernels.table(Scalar.self).pointee.rotations(
            count, cosines.pointer(at: 0, size: count), sines.pointer(at: 0, size: count),
            rows.pointer(at: 0, size: count), width, a.pointer(height, width), a.stride)
    }

    /// a[i,j] ← fma(x[i], y[j], a[i,j]), a `[m, n]`.
    package func rankOne<Scalar: KernelScalar>(
        m: Int, n: Int, _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, at offset: Int = 0,
        into a: MatrixPlace<Scalar>
    ) {
        precondition(!a.isTransposed, "a rank-one update writes rows")
        unsafe kernels.table(Scalar.self).pointee.rank_one(
            m, n, x.pointer(at: 0, size: m), y.pointer(at: offset, size: n), a.pointer(m, n),
            a.stride)
    }
}
