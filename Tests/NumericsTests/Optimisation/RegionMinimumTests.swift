import Glibc
import Numerics
import Testing

@Suite struct RegionMinimumTests {
    private static func shares(_ count: Int) throws -> InputRegion {
        try #require(
            InputRegion(
                lower: [Double](repeating: 0, count: count),
                upper: [Double](repeating: 1, count: count), sum: 1))
    }

    /// Projections onto the simplex, by hand.
    @Test(
        arguments: [
            ([2.0, 0, 0], [1.0, 0, 0]), ([0.5, 0.5, 0.5], [1 / 3.0, 1 / 3.0, 1 / 3.0]),
            ([0.8, 0.6, -1], [0.6, 0.4, 0]), ([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
        ] as [([Double], [Double])])
    func `the nearest shares are those of the projection`(point: [Double], nearest: [Double]) throws
    {
        let found = try Self.shares(3).nearest(to: point)
        for (a, b) in zip(found, nearest) { #expect((a - b).magnitude < 1e-12) }
    }

    @Test func `a region without a point is none`() {
        #expect(InputRegion(lower: [0.6, 0.6], upper: [1, 1], sum: 1) == nil)
        #expect(InputRegion(lower: [0, 0], upper: [0.4, 0.4], sum: 1) == nil)
        #expect(InputRegion(lower: [1], upper: [0], sum: nil) == nil)
    }

    /// Σ exp(−k x) on shares is least where k exp(−k x) is the same for all shares above 0.
    @Test func `the least sum of exponentials is that of the closed form`() throws {
        let k = [2.0, 5, 9, 0.01]
        let region = try Self.shares(4)
        // The last share is worth nothing: 0. x = (log k + m)/k of the others, with sum 1.
        let free = k.prefix(3)
        let m =
            (1 - free.reduce(0) { $0 + Glibc.log($1) / $1 }) / free.reduce(0) { $0 + 1 / $1 }
        let expected = free.map { (Glibc.log($0) + m) / $0 } + [0]
        #expect(expected.allSatisfy { $0 >= 0 })
        for start in region.starts {
            let found = RegionMinimum.find(in: region, from: start) { points in
                points.map { x in zip(k, x).reduce(0) { $0 + Elementary.exp(-$1.0 * $1.1) } }
            }
            #expect(found.rest < 1e-6)
            for (a, b) in zip(found.place, expected) { #expect((a - b).magnitude < 1e-6) }
        }
    }

    @Test func `without a sum a bound holds what would leave the region`() throws {
        let region = try #require(InputRegion(lower: [-1, -1], upper: [1, 1], sum: nil))
        let found = RegionMinimum.find(in: region, from: [0, 0]) { points in
            points.map { ($0[0] - 0.3) * ($0[0] - 0.3) + ($0[1] - 5) * ($0[1] - 5) }
        }
        #expect((found.place[0] - 0.3).magnitude < 1e-7)
        #expect(found.place[1] == 1)
    }
}
