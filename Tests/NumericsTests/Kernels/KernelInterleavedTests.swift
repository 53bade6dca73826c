import Numerics
import Testing

/// Interleaved products against chains written out, in every variant.
@Suite struct KernelInterleavedTests {
    private func check<Scalar: KernelScalar>(
        _ type: Scalar.Type, _ m: Int, _ n: Int, _ k: Int, _ manner: InterleavedManner
    ) {
        var numbers = TestNumbers(UInt64(100 * m + 10 * n + k))
        let width = 48
        let a = numbers.array(m * k * width) as [Scalar]
        let b = numbers.array(k * n * width) as [Scalar]
        let before = numbers.array(m * n * width) as [Scalar]
        let one = Arithmetic(portable: Kernels.available[0])
        for isTransposed in [false, true] {
            var expected = before
            for i in 0..<m {
                for j in 0..<n {
                    for l in 0..<width {
                        let place = (i * n + j) * width + l
                        var chain: Scalar = manner == .set ? 0 : before[place]
                        for p in 0..<k {
                            let left = a[(isTransposed ? p * m + i : i * k + p) * width + l]
                            let right = b[(isTransposed ? j * k + p : p * n + j) * width + l]
                            chain = one.fused(manner == .subtract ? -left : left, right, chain)
                        }
                        expected[place] = chain
                    }
                }
            }
            for kernels in Kernels.available {
                let c = Buffer(before)
                Arithmetic(portable: kernels).interleavedProduct(
                    width: width,
                    InterleavedPlace(Buffer(a), rows: m, columns: k, isTransposed: isTransposed),
                    InterleavedPlace(Buffer(b), rows: k, columns: n, isTransposed: isTransposed),
                    into: InterleavedPlace(c, rows: m, columns: n), manner)
                #expect(isSame(c.elements, expected), "\(kernels.variant) \(m) \(n) \(k)")
            }
        }
    }

    @Test(arguments: [(1, 1, 1), (2, 4, 3), (3, 5, 7), (8, 8, 16), (5, 1, 8), (1, 6, 2), (4, 7, 0)])
    func `an element of an interleaved product is one chain of its own matrix`(
        m: Int, n: Int, k: Int
    ) {
        for manner in [InterleavedManner.set, .add, .subtract] {
            check(Float.self, m, n, k, manner)
            check(Double.self, m, n, k, manner)
        }
    }
}
