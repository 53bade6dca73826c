import Numerics
import TestSupport
import Testing

@Suite struct RandomTests {
    /// Random123, tests/kat_vectors: zeros, all ones, digits of π.
    @Test(arguments: [
        (
            SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
            SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
        ),
        (
            SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
            SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
        ),
        (
            SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
            SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
            SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
        ),
    ])
    func `Philox gives Random123's known answers`(
        counter: SIMD4<UInt32>, key: SIMD2<UInt32>, words: SIMD4<UInt32>
    ) {
        #expect(Philox4x32.block(counter: counter, key: key) == words)
    }

    @Test func `a stream does not depend on the order in which others are drawn`() {
        var a = RandomStream(seed: 7, purpose: "a")
        var b = RandomStream(seed: 7, purpose: "b")
        let alone = (0..<9).map { _ in a.next() }
        var again = RandomStream(seed: 7, purpose: "a")
        var mixed: [UInt32] = []
        for _ in 0..<9 {
            _ = b.normal()
            mixed.append(again.next())
        }
        #expect(mixed == alone)
        var other = RandomStream(seed: 7, purpose: "a", index: 1)
        #expect((0..<9).map { _ in other.next() } != alone)
    }

    /// Bounds are five standard errors of the moment over 100,000 draws.
    @Test func `moments agree with the distributions`() {
        var stream = RandomStream(seed: 3, purpose: "moments")
        let n = Double(trials(100_000))
        var (sum, squares, uniform, gamma) = (0.0, 0.0, 0.0, 0.0)
        for _ in 0..<Int(n) {
            let z = stream.normal()
            sum += z
            squares += z * z
            uniform += stream.uniform()
            gamma += stream.gamma(shape: 0.5)
        }
        #expect((sum / n).magnitude < 5 / n.squareRoot())
        #expect((squares / n - 1).magnitude < 5 * (2 / n).squareRoot())
        #expect((uniform / n - 0.5).magnitude < 5 * (1 / 12 / n).squareRoot())
        #expect((gamma / n - 0.5).magnitude < 5 * (0.5 / n).squareRoot())
    }

    @Test func `a permutation holds every number once`() {
        var stream = RandomStream(seed: 1, purpose: "order")
        let order = stream.permutation(1000)
        #expect(order != Array(0..<1000))
        #expect(order.sorted() == Array(0..<1000))
    }

    @Test func `Dirichlet weights are positive and sum to one`() {
        var stream = RandomStream(seed: 1, purpose: "weights")
        let weights = stream.dirichlet(concentration: 1, count: 30)
        #expect(weights.allSatisfy { $0 > 0 })
        #expect((weights.reduce(0, +) - 1).magnitude < 1e-12)
    }

    @Test(arguments: [0, 1, 3, 7, 8, 9, 40])
    func `many normals at once are those drawn one by one`(count: Int) {
        for kernels in Kernels.available {
            for skipped in [0, 1] {
                var one = RandomStream(seed: 3, purpose: "normals", index: 1 << 40 + 5)
                for _ in 0..<skipped { _ = one.next() }
                var many = one
                var single = one
                let expected = (0..<(count + 1)).map { _ in one.normal() }
                let found = Buffer<Double>(count: count)
                many.normals(into: found, count: count, kernels: kernels)
                #expect(isSame(found.elements + [many.normal()], expected), "\(kernels.variant)")
                let floats = Buffer<Float>(count: count)
                single.normals(into: floats, count: count, kernels: kernels)
                #expect(isSame(floats.elements, expected.dropLast().map { Float($0) }))
            }
        }
    }
}
