import CKernels

// Requirements of `KernelScalar` for gated residual networks.
extension Float {
    package static func rms(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, _ inverses: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.rms(rows, width, x, y, inverses)
    }

    package static func rmsBack(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ y: UnsafePointer<Float>,
        _ inverses: UnsafePointer<Float>, _ delta: UnsafePointer<Float>, _ adds: Int32,
        _ into: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.rms_back(rows, width, y, inverses, delta, adds, into)
    }

    package static func gate(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ pairs: UnsafeMutablePointer<Float>,
        _ slope: UnsafeMutablePointer<Float>, _ product: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.gate(rows, hidden, pairs, slope, product)
    }

    package static func gateBack(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ delta: UnsafePointer<Float>,
        _ slope: UnsafePointer<Float>, _ pairs: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.gate_back(rows, hidden, delta, slope, pairs)
    }

    package static func softCrossEntropy(
        _ kernels: Kernels, _ classes: Int, _ weight: Float, _ p: UnsafePointer<Float>,
        _ wantsGradient: Int32, _ z: UnsafeMutablePointer<Float>
    ) -> Float {
        unsafe kernels.table.pointee.f32.soft_cross_entropy(classes, weight, p, wantsGradient, z)
    }

    package static func outer(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.outer(m, n, x, y, out)
    }

    package static func gatherAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Float>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.gather_add(count, width, table, index, rows)
    }
}
