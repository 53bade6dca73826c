import Numerics
import Testing

/// Empirical Bayes from groups' values and their errors.
@Suite struct ShrinkageFitTests {
    @Test func `the moment estimate is that of DerSimonian and Laird`() throws {
        // By hand: w = 1, Q = Σ (v − 3)² = 10, τ² = (10 − 4)/(5 − 1) = 1.5.
        let found = try #require(
            Shrinkage(values: [1, 2, 3, 4, 5], variances: [1, 1, 1, 1, 1]))
        #expect(abs(found.mean - 3) < 1e-15)
        #expect(abs(found.deviation * found.deviation - 1.5) < 1e-14)
    }

    @Test func `groups that differ by their errors alone have a deviation of almost nothing`()
        throws
    {
        let found = try #require(
            Shrinkage(values: [2, 2.1, 1.9], variances: [0.04, 0.04, 0.04]))
        #expect(abs(found.deviation - 0.002) < 1e-15)
        #expect(Shrinkage(values: [1, 2], variances: [1, 1]) == nil)
    }
}
