import CKernels

/// A scalar type that the kernels are compiled for.
///
/// The requirements are the C functions as they are (`CKernels.h`), by raw pointers: only
/// ``Arithmetic`` calls them, which checks every bound first.
package protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// Rows and columns of a register tile and elements of a vector, for tests of edges.
    static func tile(_ kernels: Kernels) -> (rows: Int, columns: Int, vector: Int)
    /// A matrix product.
    static func product(_ kernels: Kernels, _ job: ProductJob<Self>)
    /// Elements that ``pack(_:_:_:_:_:_:_:)`` writes.
    static func packedCount(_ kernels: Kernels, _ n: Int, _ k: Int) -> Int
    /// Sum in 32 lanes.
    static func sum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Self>) -> Self
    /// Sum in 32 lanes of doubles.
    static func sumWide(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Self>) -> Double
    /// Inner product in 32 lanes.
    static func dot(
        _ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>
    ) -> Self
    /// The greatest element.
    static func maximum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Self>) -> Self
    /// A sum for each row.
    static func rowSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Self>, _ stride: Int,
        _ sums: UnsafeMutablePointer<Self>)
    /// A chain down each column.
    static func columnSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Self>, _ stride: Int,
        _ adds: Int32, _ sums: UnsafeMutablePointer<Self>)
    /// Inner products of rows with a vector, in 32 lanes each.
    static func vectorProduct(
        _ kernels: Kernels, _ m: Int, _ k: Int, _ a: UnsafePointer<Self>, _ stride: Int,
        _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
    /// a ← fma(x, y, a).
    static func rankOne(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
        _ a: UnsafeMutablePointer<Self>, _ stride: Int)
    /// a ← fma(z, v, fma(x, u, a)).
    static func rankTwo(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Self>, _ u: UnsafePointer<Self>,
        _ z: UnsafePointer<Self>, _ v: UnsafePointer<Self>, _ a: UnsafeMutablePointer<Self>,
        _ stride: Int)
    /// Rotations of neighbouring rows, in order.
    static func rotations(
        _ kernels: Kernels, _ count: Int, _ cosines: UnsafePointer<Self>,
        _ sines: UnsafePointer<Self>, _ rows: UnsafePointer<Int32>, _ columns: Int,
        _ a: UnsafeMutablePointer<Self>, _ stride: Int)
    /// Rows of a table.
    static func gather(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Self>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Self>)
    /// Rows added to those of a table, in order.
    static func scatterAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ rows: UnsafePointer<Self>,
        _ index: UnsafePointer<Int32>, _ table: UnsafeMutablePointer<Self>)
    /// A function of each element.
    static func map(
        _ kernels: Kernels, _ function: Int32, _ n: Int, _ x: UnsafePointer<Self>,
        _ y: UnsafeMutablePointer<Self>)
    /// A function of one number.
    static func scalar(_ kernels: Kernels, _ function: Int32, _ x: Self) -> Self
    /// a·b + c, rounded once.
    static func fused(_ kernels: Kernels, _ a: Self, _ b: Self, _ c: Self) -> Self
    /// Values and slopes of an activation.
    static func activate(
        _ kernels: Kernels, _ activation: Int32, _ n: Int, _ z: UnsafeMutablePointer<Self>,
        _ slope: UnsafeMutablePointer<Self>)
    /// values ← values·factors.
    static func multiply(
        _ kernels: Kernels, _ n: Int, _ factors: UnsafePointer<Self>,
        _ values: UnsafeMutablePointer<Self>)
    /// values ← values·factor.
    static func scale(
        _ kernels: Kernels, _ n: Int, _ factor: Self, _ values: UnsafeMutablePointer<Self>)
    /// A step of gradient descent with momentum.
    static func momentum(
        _ kernels: Kernels, _ n: Int, _ mu: Self, _ rate: Self, _ gradient: UnsafePointer<Self>,
        _ velocity: UnsafeMutablePointer<Self>, _ values: UnsafeMutablePointer<Self>)
    /// A step of Adam.
    static func adam(
        _ kernels: Kernels, _ n: Int, _ step: Self, _ correction: Self, _ keep: Self,
        _ gradient: UnsafePointer<Self>, _ first: UnsafeMutablePointer<Self>,
        _ second: UnsafeMutablePointer<Self>, _ values: UnsafeMutablePointer<Self>)
    /// Softmax, cross-entropy and its gradient.
    static func crossEntropy(
        _ kernels: Kernels, _ rows: Int, _ classes: Int, _ scale: Self,
        _ places: UnsafePointer<Int32>?, _ targets: UnsafePointer<Int32>,
        _ z: UnsafeMutablePointer<Self>, _ stride: Int,
        _ losses: UnsafeMutablePointer<Self>)
    /// Logistic loss and its gradient.
    static func logisticLoss(
        _ kernels: Kernels, _ n: Int, _ scale: Self, _ targets: UnsafePointer<Self>,
        _ z: UnsafeMutablePointer<Self>, _ losses: UnsafeMutablePointer<Self>)
    /// Layer normalisation.
    static func normalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Self>,
        _ shift: UnsafePointer<Self>, _ x: UnsafeMutablePointer<Self>,
        _ normalized: UnsafeMutablePointer<Self>, _ deviations: UnsafeMutablePointer<Self>)
    /// Its gradient.
    static func unnormalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Self>,
        _ normalized: UnsafePointer<Self>, _ deviations: UnsafePointer<Self>,
        _ delta: UnsafeMutablePointer<Self>, _ gainGradient: UnsafeMutablePointer<Self>,
        _ shiftGradient: UnsafeMutablePointer<Self>)
    /// Normal numbers, one of each block of Philox.
    static func normals(
        _ kernels: Kernels, _ key: SIMD2<UInt32>, _ index: UInt64, _ block: UInt64, _ n: Int,
        _ x: UnsafeMutablePointer<Self>)
    /// Root-mean-square normalisation.
    static func rms(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ x: UnsafePointer<Self>,
        _ y: UnsafeMutablePointer<Self>, _ inverses: UnsafeMutablePointer<Self>)
    /// Its gradient.
    static func rmsBack(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ y: UnsafePointer<Self>,
        _ inverses: UnsafePointer<Self>, _ delta: UnsafePointer<Self>, _ adds: Int32,
        _ into: UnsafeMutablePointer<Self>)
    /// SiLU of one half of each row times the other.
    static func gate(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ pairs: UnsafeMutablePointer<Self>,
        _ slope: UnsafeMutablePointer<Self>, _ product: UnsafeMutablePointer<Self>)
    /// Its gradient.
    static func gateBack(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ delta: UnsafePointer<Self>,
        _ slope: UnsafePointer<Self>, _ pairs: UnsafeMutablePointer<Self>)
    /// Cross-entropy of a row to a distribution, and its gradient.
    static func softCrossEntropy(
        _ kernels: Kernels, _ classes: Int, _ weight: Self, _ p: UnsafePointer<Self>,
        _ wantsGradient: Int32, _ z: UnsafeMutablePointer<Self>
    ) -> Self
    /// All products of two vectors' elements.
    static func outer(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>,
        _ out: UnsafeMutablePointer<Self>)
    /// Rows of a table added to rows.
    static func gatherAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Self>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Self>)
    /// Panels of a right operand.
    static func pack(
        _ kernels: Kernels, _ transposed: Int32, _ n: Int, _ k: Int, _ b: UnsafePointer<Self>,
        _ stride: Int, _ packed: UnsafeMutablePointer<Self>)
}

/// op(a)·op(b) by raw pointers; see `CKernels.h`.
@safe package struct ProductJob<Scalar: KernelScalar> {
    var (m, n, k): (Int, Int, Int)
    var a: UnsafePointer<Scalar>
    var aStride: Int
    var b: UnsafePointer<Scalar>
    var bStride: Int
    var c: UnsafeMutablePointer<Scalar>
    var cStride: Int
    var bias: UnsafePointer<Scalar>?
    var gate: UnsafePointer<Scalar>?
    var gateStride = 0
    var packed: UnsafePointer<Scalar>?
    var (isATransposed, isBTransposed) = (false, false)
    var start: Int
    var finish: Int
}
