import Numerics
import TestSupport
import Testing

/// Every variant that the CPU has against the definition, bit by bit.
@Suite struct KernelProductTests {
    /// Sizes around every tile of every variant.
    private static let rows = [0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 25, 26]
    private static let columns = [0, 1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 64, 67, 131]

    private func check<Scalar: KernelScalar>(
        _ type: Scalar.Type, m: Int, n: Int, k: Int, _ turn: Int, _ numbers: inout TestNumbers
    ) {
        let (left, right) = (turn & 1 != 0, turn & 2 != 0)
        let (aStride, bStride, cStride) = (
            (left ? m : k) + turn % 3, (right ? k : n) + 1, n + turn % 2
        )
        let aElements: [Scalar] = numbers.array(3 + (left ? k : m) * aStride)
        let bElements: [Scalar] = numbers.array(1 + (right ? n : k) * bStride)
        let cElements: [Scalar] = numbers.array(2 + m * cStride)
        let gates: [Scalar] = numbers.array(m * (n + 1))
        let biases: [Scalar] = numbers.array(n + 1)
        let bias = Buffer(biases)
        let gate = MatrixPlace(Buffer(gates), stride: n + 1)
        let (start, finish) = (turn % 3, turn / 3 % 4)
        let chains = KernelReference.product(
            m: m, n: n, k: k,
            { aElements[3 + (left ? $1 * aStride + $0 : $0 * aStride + $1)] },
            { bElements[1 + (right ? $1 * bStride + $0 : $0 * bStride + $1)] },
            start: { [0, cElements[2 + $0 * cStride + $1], biases[1 + $1]][start] })
        var expected = cElements
        for row in 0..<m {
            for column in 0..<n {
                let value = chains[row * n + column]
                let ends: [Scalar] = [
                    value, value > 0 ? value : 0,
                    gates[row * (n + 1) + column] > 0 ? value : 0, value < 0 ? -1 : 1,
                ]
                expected[2 + row * cStride + column] = ends[finish]
            }
        }
        let a = MatrixPlace(Buffer(aElements), at: 3, stride: aStride, isTransposed: left)
        let b = MatrixPlace(Buffer(bElements), at: 1, stride: bStride, isTransposed: right)
        for kernels in Kernels.available {
            let arithmetic = Arithmetic(portable: kernels)
            let c = Buffer(cElements)
            var packed: Buffer<Scalar>?
            if turn % 4 == 3 {
                packed = Buffer(count: arithmetic.packedCount(n: n, k: k, type))
                arithmetic.pack(n: n, k: k, b, into: packed ?? c)
            }
            arithmetic.product(
                m: m, n: n, k: k, a, b, into: MatrixPlace(c, at: 2, stride: cStride),
                start: [.zero, .target, .bias(bias, at: 1)][start],
                finish: [.none, .relu, .gate(gate), .sign][finish], packed: packed)
            #expect(
                isSame(c.elements, expected),
                "\(type) \(kernels.variant) \(m)x\(n)x\(k) transposed \(left) \(right) \(start) \(finish)"
            )
        }
    }

    @Test(arguments: rows)
    func `a product is one chain an element, in every variant, at every edge`(m: Int) {
        var numbers = TestNumbers(UInt64(m))
        var turn = m
        for n in Self.columns {
            for k in [0, 1, 2, 17, 35] {
                for _ in 0..<trials(2) {
                    check(Float.self, m: m, n: n, k: k, turn, &numbers)
                    check(Double.self, m: m, n: n, k: k, turn, &numbers)
                    turn += 5
                }
            }
        }
    }

    @Test(arguments: 0..<12)
    func `blocks of k and panels leave no trace`(turn: Int) {
        var numbers = TestNumbers(99)
        check(Float.self, m: 14, n: 70, k: 1100, turn, &numbers)
        check(Double.self, m: 14, n: 37, k: 1100, turn, &numbers)
        check(Float.self, m: 1, n: 300, k: 530, turn, &numbers)
        // Panels that a tile fills while it computes, and such as are turned.
        check(Float.self, m: 39, n: 70, k: 1100, turn, &numbers)
        check(Double.self, m: 39, n: 37, k: 530, turn, &numbers)
        check(Float.self, m: 8, n: 8, k: 272, turn, &numbers)
        check(Float.self, m: 37, n: 1, k: 530, turn, &numbers)
        // Tiles of rows: wide targets, and columns of a that are far apart.
        check(Float.self, m: 201, n: 530, k: 50, turn, &numbers)
        check(Double.self, m: 14, n: 300, k: 60, turn, &numbers)
        check(Float.self, m: 530, n: 70, k: 9, turn, &numbers)
    }

    @Test func `infinities and NaN go through a product as through its chains`() {
        for kernels in Kernels.available {
            let a = Buffer<Float>([.infinity, 1, .nan, 1, 3, 0x1p-149])
            let b = Buffer<Float>([0, 1, 1, 1])
            let c = Buffer<Float>(count: 6)
            Arithmetic(portable: kernels).product(
                m: 3, n: 2, k: 2, MatrixPlace(a, stride: 2), MatrixPlace(b, stride: 2),
                into: MatrixPlace(c, stride: 2))
            #expect(isSame(c.elements, [.nan, .infinity, .nan, .nan, 0x1p-149, 3]))
        }
    }
}
