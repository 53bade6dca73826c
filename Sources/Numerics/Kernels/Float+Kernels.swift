import CKernels

extension Float: KernelScalar {
    package static func tile(_ kernels: Kernels) -> (rows: Int, columns: Int, vector: Int) {
        let table = unsafe kernels.table.pointee.f32
        return (Int(table.tile_rows), Int(table.tile_columns), Int(table.vector))
    }

    package static func product(_ kernels: Kernels, _ job: ProductJob<Float>) {
        var call = unsafe bitlaw_product_f32(
            m: job.m, n: job.n, k: job.k, a: job.a, a_stride: job.aStride, b: job.b,
            b_stride: job.bStride, c: job.c, c_stride: job.cStride, bias: job.bias, gate: job.gate,
            gate_stride: job.gateStride, packed: job.packed,
            a_transposed: job.isATransposed ? 1 : 0, b_transposed: job.isBTransposed ? 1 : 0,
            start: Int32(job.start), finish: Int32(job.finish))
        unsafe kernels.table.pointee.f32.product(&call)
    }

    package static func packedCount(_ kernels: Kernels, _ n: Int, _ k: Int) -> Int {
        unsafe kernels.table.pointee.f32.packed_count(n, k)
    }

    package static func sum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Float>) -> Float {
        unsafe kernels.table.pointee.f32.sum(n, x)
    }

    package static func sumWide(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Float>) -> Double {
        unsafe kernels.table.pointee.f32.sum_wide(n, x)
    }

    package static func dot(
        _ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>
    ) -> Float {
        unsafe kernels.table.pointee.f32.dot(n, x, y)
    }

    package static func maximum(_ kernels: Kernels, _ n: Int, _ x: UnsafePointer<Float>) -> Float {
        unsafe kernels.table.pointee.f32.maximum(n, x)
    }

    package static func rowSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ stride: Int,
        _ sums: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.row_sums(rows, columns, x, stride, sums)
    }

    package static func columnSums(
        _ kernels: Kernels, _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ stride: Int,
        _ adds: Int32, _ sums: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.column_sums(rows, columns, x, stride, adds, sums)
    }

    package static func vectorProduct(
        _ kernels: Kernels, _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ stride: Int,
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.vector_product(m, k, a, stride, x, y)
    }

    package static func rankOne(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        unsafe kernels.table.pointee.f32.rank_one(m, n, x, y, a, stride)
    }

    package static func gather(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ table: UnsafePointer<Float>,
        _ index: UnsafePointer<Int32>, _ rows: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.gather(count, width, table, index, rows)
    }

    package static func scatterAdd(
        _ kernels: Kernels, _ count: Int, _ width: Int, _ rows: UnsafePointer<Float>,
        _ index: UnsafePointer<Int32>, _ table: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.scatter_add(count, width, rows, index, table)
    }

    package static func map(
        _ kernels: Kernels, _ function: Int32, _ n: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.map(function, n, x, y)
    }

    package static func scalar(_ kernels: Kernels, _ function: Int32, _ x: Float) -> Float {
        unsafe kernels.table.pointee.f32.scalar(function, x)
    }

    package static func fused(_ kernels: Kernels, _ a: Float, _ b: Float, _ c: Float) -> Float {
        unsafe kernels.table.pointee.f32.fused(a, b, c)
    }

    package static func activate(
        _ kernels: Kernels, _ activation: Int32, _ n: Int, _ z: UnsafeMutablePointer<Float>,
        _ slope: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.activate(activation, n, z, slope)
    }

    package static func multiply(
        _ kernels: Kernels, _ n: Int, _ factors: UnsafePointer<Float>,
        _ values: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.multiply(n, factors, values)
    }

    package static func scale(
        _ kernels: Kernels, _ n: Int, _ factor: Float, _ values: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.scale(n, factor, values)
    }

    package static func momentum(
        _ kernels: Kernels, _ n: Int, _ mu: Float, _ rate: Float, _ gradient: UnsafePointer<Float>,
        _ velocity: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.momentum(n, mu, rate, gradient, velocity, values)
    }

    package static func adam(
        _ kernels: Kernels, _ n: Int, _ step: Float, _ correction: Float, _ keep: Float,
        _ gradient: UnsafePointer<Float>, _ first: UnsafeMutablePointer<Float>,
        _ second: UnsafeMutablePointer<Float>, _ values: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.adam(
            n, step, correction, keep, gradient, first, second, values)
    }

    package static func crossEntropy(
        _ kernels: Kernels, _ rows: Int, _ classes: Int, _ scale: Float,
        _ places: UnsafePointer<Int32>?, _ targets: UnsafePointer<Int32>,
        _ z: UnsafeMutablePointer<Float>, _ stride: Int,
        _ losses: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.cross_entropy(
            rows, classes, scale, places, targets, z, stride, losses)
    }

    package static func logisticLoss(
        _ kernels: Kernels, _ n: Int, _ scale: Float, _ targets: UnsafePointer<Float>,
        _ z: UnsafeMutablePointer<Float>, _ losses: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.logistic_loss(n, scale, targets, z, losses)
    }

    package static func normalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Float>,
        _ shift: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>,
        _ normalized: UnsafeMutablePointer<Float>, _ deviations: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.normalize(
            rows, width, gain, shift, x, normalized, deviations)
    }

    package static func unnormalize(
        _ kernels: Kernels, _ rows: Int, _ width: Int, _ gain: UnsafePointer<Float>,
        _ normalized: UnsafePointer<Float>, _ deviations: UnsafePointer<Float>,
        _ delta: UnsafeMutablePointer<Float>, _ gainGradient: UnsafeMutablePointer<Float>,
        _ shiftGradient: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.unnormalize(
            rows, width, gain, normalized, deviations, delta, gainGradient, shiftGradient)
    }

    package static func pack(
        _ kernels: Kernels, _ transposed: Int32, _ n: Int, _ k: Int, _ b: UnsafePointer<Float>,
        _ stride: Int, _ packed: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.pack(transposed, n, k, b, stride, packed)
    }

    package static func normals(
        _ kernels: Kernels, _ key: SIMD2<UInt32>, _ index: UInt64, _ block: UInt64, _ n: Int,
        _ x: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.table.pointee.f32.normals(key[0], key[1], index, block, n, x)
    }

    package static func rankTwo(
        _ kernels: Kernels, _ m: Int, _ n: Int, _ x: UnsafePointer<Float>,
        _ u: UnsafePointer<Float>,
        _ z: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>,
        _ stride: Int
    ) {
        unsafe kernels.table.pointee.f32.rank_two(m, n, x, u, z, v, a, stride)
    }

    package static func rotations(
        _ kernels: Kernels, _ count: Int, _ cosines: UnsafePointer<Float>,
        _ sines: UnsafePointer<Float>,
        _ rows: UnsafePointer<Int32>, _ columns: Int, _ a: UnsafeMutablePointer<Float>,
        _ stride: Int
    ) {
        unsafe kernels.table.pointee.f32.rotations(count, cosines, sines, rows, columns, a, stride)
    }
}
