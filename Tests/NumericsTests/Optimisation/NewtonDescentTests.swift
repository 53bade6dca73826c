import Numerics
import Testing

@Suite struct NewtonDescentTests {
    /// 1,296 points of Chinchilla's law with a noise of 0.5 %, as `law.simulate` draws them.
    private func points(seed: UInt64) -> (n: [Double], d: [Double], loss: [Double]) {
        func spaced(_ low: Double, _ high: Double) -> [Double] {
            (0..<36).map { step in
                let (a, b) = (Elementary.log(low), Elementary.log(high))
                return Elementary.exp(a + (b - a) * Double(step) / 35)
            }
        }
        let tokens = spaced(1e9, 1e12)
        let n = spaced(1e7, 1e10).flatMap { size in tokens.map { _ in size } }
        let d = (0..<36).flatMap { _ in tokens }
        var stream = RandomStream(seed: seed, purpose: "noise", index: 0)
        let truth = PowerSum.chinchilla.predict(
            [1.69, 406.4, 410.7, 0.34, 0.28], [n, d], LawScale(inputs: [0, 0], output: 0))
        return (n, d, truth.map { $0 * Elementary.exp(0.005 * stream.normal()) })
    }

    /// On these two sets a descent that took steps now for the value and now for the gradient went round until
    /// it had taken 500: each step seemed better than the one before, by rounding.
    @Test(arguments: [0x1de0_9294_928c_13ca, 0xa89c_36aa_f0ea_7109] as [UInt64])
    func `no descent goes round where rounding decides`(seed: UInt64) throws {
        let data = points(seed: seed)
        let law = try LawFitter(PowerSum.chinchilla, LawObjective(.squares, in: .log))
            .fit(x: [data.n, data.d], y: data.loss)
        #expect(law.certificate.agreeing == law.certificate.starts)
        #expect(law.certificate.evaluations < 400, "\(law.certificate.evaluations)")
        #expect(law.certificate.scaledGradient < 1e-13)
    }
}
