import Numerics
import Testing

@Suite struct FisherDistributionTests {
    /// `scipy.stats.f.sf(f, above, below)`, scipy 1.17.1.
    @Test(arguments: [
        (0.3, 1, 3, 0.6220024542142741), (1, 2, 7, 0.4149486509808663),
        (4.5, 3, 12, 0.02457347884095369), (12.7, 1, 5, 0.016150996694191632),
        (31, 2, 40, 7.3993980591222505e-09), (7.2, 10, 4, 0.0360552074686411),
        (1.01, 300, 2000, 0.44617952126316585), (60, 5, 100, 1.4280208245633254e-28),
        (2.5, 1, 300_000, 0.11384735222009755),
    ])
    func `the tail agrees with scipy`(f: Double, above: Int, below: Int, expected: Double) {
        let found = FisherDistribution.tail(f, above: above, below: below)
        #expect((found / expected - 1).magnitude < 1e-8, "\(found)")
    }

    @Test func `the tail is 1 at nothing and 0 without end`() {
        #expect(FisherDistribution.tail(0, above: 2, below: 5) == 1)
        #expect(FisherDistribution.tail(.infinity, above: 2, below: 5) == 0)
    }
}
