import Numerics
import TestSupport
import Testing

/// Normal numbers in groups of 64: their definition, in every variant.
@Suite struct GroupedNormalsTests {
    /// The definition in docs/NUMERICS.md, in exact (double) arithmetic.
    private func reference(_ words: SIMD4<UInt32>) -> [Double] {
        func pair(_ a: UInt32, _ b: UInt32) -> (Double, Double) {
            let radius = (-2 * Elementary.log((Double(a) + 0.5) * 0x1p-32)).squareRoot()
            let angle = 2 * Double.pi * Double(b) * 0x1p-32
            return (radius * Elementary.cos(angle), radius * Elementary.sin(angle))
        }
        let (first, second) = (pair(words[0], words[1]), pair(words[2], words[3]))
        return [first.0, first.1, second.0, second.1]
    }

    @Test func `every variant draws the same stream, and it is the one that is defined`() {
        let stream = RandomStream(seed: 9, purpose: "inputs", index: 3)
        let expected = Buffer<Float>(count: 640)
        let last = Kernels.available[Kernels.available.count - 1]
        stream.groupedNormals(first: 5, groups: 10, into: expected, kernels: last)
        for kernels in Kernels.available {
            let found = Buffer<Float>(count: 640)
            stream.groupedNormals(first: 5, groups: 10, into: found, kernels: kernels)
            #expect(found.elements == expected.elements, "\(kernels.variant)")
            // A group on its own is the same group.
            let one = Buffer<Float>(count: 64)
            stream.groupedNormals(first: 8, groups: 1, into: one, kernels: kernels)
            #expect(one.elements == expected.elements(192..<256), "\(kernels.variant)")
        }
        var words = RandomStream(seed: 9, purpose: "inputs", index: 3)
        for _ in 0..<(4 * 16 * 5) { _ = words.next() }
        for group in 0..<10 {
            for block in 0..<16 {
                let drawn = SIMD4((0..<4).map { _ in words.next() })
                for (part, value) in reference(drawn).enumerated() {
                    let found = Double(expected[64 * group + 16 * part + block])
                    #expect((found - value).magnitude < 0x1p-20, "\(found), not \(value)")
                }
            }
        }
    }

    /// Bounds are five standard errors over 6.4 million draws.
    @Test func `moments and tails of the stream are those of the normal distribution`() {
        let stream = RandomStream(seed: 2, purpose: "moments")
        let room = Buffer<Float>(count: 64 * 1000)
        var (sums, beyond, pairs) = ([0.0, 0, 0, 0], 0.0, 0.0)
        for part in 0..<trials(100) {
            stream.groupedNormals(first: UInt64(1000 * part), groups: 1000, into: room)
            let x = room.elements.map { Double($0) }
            for (place, value) in x.enumerated() {
                let square = value * value
                sums[0] += value
                sums[1] += square
                sums[2] += square * value
                sums[3] += square * square
                if value.magnitude > 4 { beyond += 1 }
                if place >= 16 { pairs += value * x[place - 16] }
            }
        }
        let n = Double(trials(6_400_000))
        for (order, (moment, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
            let gap = (sums[order] / n - moment).magnitude
            #expect(gap < 5 * (variance / n).squareRoot(), "moment \(order + 1): \(gap)")
        }
        #expect((pairs / n).magnitude < 5 / n.squareRoot())
        #expect((beyond - 6.334e-5 * n).magnitude < 5 * (6.334e-5 * n).squareRoot())
    }
}
