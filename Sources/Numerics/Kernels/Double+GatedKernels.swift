import CKernels

// Requirements of `KernelScalar` for gated residual networks.
extension Double {
    package static func rms(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ x: UnsafePointer<Double>,
        _ y: UnsafeMutablePointer<Double>, _ inverses: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.rms(rows, width, x, y, inverses)
    }

    package static func rmsBack(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ y: UnsafePointer<Double>,
        _ inverses: UnsafePointer<Double>, _ delta: UnsafePointer<Double>, _ adds: Int32,
        _ into: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.rms_back(rows, width, y, inverses, delta, adds, into)
    }

    package static func gate(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ pairs: UnsafeMutablePointer<Double>,
        _ slope: UnsafeMutablePointer<Double>, _ product: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.gate(rows, hidden, pairs, slope, product)
    }

    package static func gateBack(
        _ kernels: Kernels, _ rows: Int, _ hidden: Int, _ delta: UnsafePointer<Double>,
        _ slope: UnsafePointer<Double>, _ pairs: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.gate_back(rows, hidden, delta, slope, pairs)
    }

    package static func softCrossEntropy(
        _ kernels: Kernels, _ classes: Int, _ weight: Double, _ p: UnsafePointer<Double>,
        _ wantsGradient: Int32, _ z: UnsafeMutablePointer<Double>
    ) -> Double {
        unsafe kernels.table.pointee.f64.soft_cross_entropy(classes, weight, p, wantsGradient, z)
    }

    package static func outer(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Double>,
        _ y: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.outer(m, n, x, y, out)
    }

    package static func gatherAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Double>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.gather_add(count, width, table, index, rows)
    }
}
