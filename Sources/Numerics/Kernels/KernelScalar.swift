import CKernels

/// A scalar type that the kernels are compiled for: single or double precision.
public protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    /// The kernels of this type, of one instruction set.
    static func kernels(of variant: Kernels) -> ScalarKernels
    /// The same number in double precision, as kernels take single numbers.
    var double: Double { get }
}

extension Float: KernelScalar {
    /// Those for arrays of floats.
    public static func kernels(of variant: Kernels) -> ScalarKernels { variant.single }
    /// Exact.
    public var double: Double { Double(self) }
}

extension Double: KernelScalar {
    /// Those for arrays of doubles.
    public static func kernels(of variant: Kernels) -> ScalarKernels { variant.double }
    /// The number itself.
    public var double: Double { self }
}

/// The kernels of one scalar type: the functions of `CKernels.h`, which take bare addresses.
///
/// A kernel has no other declaration in Swift than the function of ``Arithmetic`` or its like that calls it,
/// with the right type of table, after a look at every bound.
@safe public struct ScalarKernels: Sendable {
    /// A table in the program's read-only data: it never changes and never goes away.
    nonisolated(unsafe) let table: UnsafePointer<bitlaw_real_kernels>
}

extension Kernels {
    /// The table of a scalar type.
    func table<Scalar: KernelScalar>(_: Scalar.Type) -> UnsafePointer<bitlaw_real_kernels> {
        unsafe Scalar.kernels(of: self).table
    }

    /// Rows and columns of a register tile and elements of a vector, for tests of edges.
    package func tile<Scalar: KernelScalar>(
        _: Scalar.Type
    ) -> (rows: Int, columns: Int, vector: Int) {
        let table = unsafe table(Scalar.self)
        return unsafe (
            Int(table.pointee.tile_rows), Int(table.pointee.tile_columns), Int(table.pointee.vector)
        )
    }
}
