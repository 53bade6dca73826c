import CKernels

extension Double: KernelScalar {
    package static func tile(_ kernels: Kernels) -> (rows: Int, columns: Int, vector: Int) {
        let table = unsafe kernels.table.pointee.f64
        return (Int(table.tile_rows), Int(table.tile_columns), Int(table.vector))
    }

    package static func product(_ kernels: Kernels, _ job: ProductJob<Double>) {
        var call = unsafe bitlaw_product_f64(
            m: job.m, n: job.n, k: job.k, a: job.a, a_stride: job.aStride, b: job.b,
            b_stride: job.bStride, c: job.c, c_stride: job.cStride, bias: job.bias, gate: job.gate,
            gate_stride: job.gateStride, packed: job.packed,
            a_transposed: job.isATransposed ? 1 : 0, b_transposed: job.isBTransposed ? 1 : 0,
            start: Int32(job.start), finish: Int32(job.finish))
        unsafe kernels.table.pointee.f64.product(&call)
    }

    package static func packedCount(_ kernels: Kernels, _ n: Int, _ k: Int) -> Int {
        unsafe kernels.table.pointee.f64.packed_count(n, k)
    }

    package static func sum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Double>) -> Double {
        unsafe kernels.table.pointee.f64.sum(n, x)
    }

    package static func sumWide(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Double>) -> Double
    {
        unsafe kernels.table.pointee.f64.sum_wide(n, x)
    }

    package static func dot(
        _ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
    ) -> Double {
        unsafe kernels.table.pointee.f64.dot(n, x, y)
    }

    package static func maximum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Double>) -> Double
    {
        unsafe kernels.table.pointee.f64.maximum(n, x)
    }

    package static func rowSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Double>, _ stride: Int,
        _ sums: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.row_sums(rows, columns, x, stride, sums)
    }

    package static func columnSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Double>, _ stride: Int,
        _ adds: Int32, _ sums: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.column_sums(rows, columns, x, stride, adds, sums)
    }

    package static func vectorProduct(
        _ kernels: Kernels, _ m: Int, _ k: Int, _ a: UnsafePointer<Double>, _ stride: Int,
        _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.vector_product(m, k, a, stride, x, y)
    }

    package static func rankOne(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Double>,
        _ y: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>, _ stride: Int
    ) {
        unsafe kernels.table.pointee.f64.rank_one(m, n, x, y, a, stride)
    }

    package static func gather(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Double>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.gather(count, width, table, index, rows)
    }

    package static func scatterAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ rows: UnsafePointer<Double>,
        _ index: UnsafePointer<Int32>, _ table: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.scatter_add(count, width, rows, index, table)
    }

    package static func map(
        _ kernels: Kernels, _ function: Int32, _ n: Int, _ x: UnsafePointer<Double>,
        _ y: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.map(function, n, x, y)
    }

    package static func scalar(_ kernels: Kernels, _ function: Int32, _ x: Double) -> Double {
        unsafe kernels.table.pointee.f64.scalar(function, x)
    }

    package static func fused(_ kernels: Kernels, _ a: Double, _ b: Double, _ c: Double) -> Double {
        unsafe kernels.table.pointee.f64.fused(a, b, c)
    }

    package static func activate(
        _ kernels: Kernels, _ activation: Int32, _ n: Int, _ z: UnsafeMutablePointer<Double>,
        _ slope: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.activate(activation, n, z, slope)
    }

    package static func multiply(
        _ kernels: Kernels, _ n: Int, _ factors: UnsafePointer<Double>,
        _ values: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.multiply(n, factors, values)
    }

    package static func scale(
        _ kernels: Kernels, _ n: Int, _ factor: Double, _ values: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.scale(n, factor, values)
    }

    package static func momentum(
        _ kernels: Kernels, _ n: Int, _ mu: Double, _ rate: Double,
        _ gradient: UnsafePointer<Double>, _ velocity: UnsafeMutablePointer<Double>,
        _ values: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.momentum(n, mu, rate, gradient, velocity, values)
    }

    package static func adam(
        _ kernels: Kernels, _ n: Int, _ step: Double, _ correction: Double, _ keep: Double,
        _ gradient: UnsafePointer<Double>, _ first: UnsafeMutablePointer<Double>,
        _ second: UnsafeMutablePointer<Double>, _ values: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.adam(
            n, step, correction, keep, gradient, first, second, values)
    }

    package static func crossEntropy(
        _ kernels: Kernels, _ rows: Int, _ classes: Int, _ scale: Double,
        _ places: UnsafePointer<Int32>?, _ targets: UnsafePointer<Int32>,
        _ z: UnsafeMutablePointer<Double>, _ stride: Int,
        _ losses: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.cross_entropy(
            rows, classes, scale, places, targets, z, stride, losses)
    }

    package static func logisticLoss(
        _ kernels: Kernels, _ n: Int, _ scale: Double, _ targets: UnsafePointer<Double>,
        _ z: UnsafeMutablePointer<Double>, _ losses: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.logistic_loss(n, scale, targets, z, losses)
    }

    package static func normalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Double>,
        _ shift: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>,
        _ normalized: UnsafeMutablePointer<Double>, _ deviations: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.normalize(
            rows, width, gain, shift, x, normalized, deviations)
    }

    package static func unnormalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Double>,
        _ normalized: UnsafePointer<Double>, _ deviations: UnsafePointer<Double>,
        _ delta: UnsafeMutablePointer<Double>, _ gainGradient: UnsafeMutablePointer<Double>,
        _ shiftGradient: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.unnormalize(
            rows, width, gain, normalized, deviations, delta, gainGradient, shiftGradient)
    }

    package static func pack(
        _ kernels: Kernels, _ transposed: Int32, _ n: Int, _ k: Int, _ b: UnsafePointer<Double>,
        _ stride: Int, _ packed: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.pack(transposed, n, k, b, stride, packed)
    }

    package static func normals(
        _ kernels: Kernels, _ key: SIMD2<UInt32>, _ index: UInt64, _ block: UInt64, _ n: Int,
        _ x: UnsafeMutablePointer<Double>
    ) {
        unsafe kernels.table.pointee.f64.normals(key[0], key[1], index, block, n, x)
    }

    package static func rankTwo(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Double>,
        _ u: UnsafePointer<Double>,
        _ z: UnsafePointer<Double>, _ v: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>,
        _ stride: Int
    ) {
        unsafe kernels.table.pointee.f64.rank_two(m, n, x, u, z, v, a, stride)
    }

    package static func rotations(
        _ kernels: Kernels, _ count: Int, _ cosines: UnsafePointer<Double>,
        _ sines: UnsafePointer<Double>,
        _ rows: UnsafePointer<Int32>, _ columns: Int, _ a: UnsafeMutablePointer<Double>,
        _ stride: Int
    ) {
        unsafe kernels.table.pointee.f64.rotations(count, cosines, sines, rows, columns, a, stride)
    }
}
