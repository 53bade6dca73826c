import Numerics
import Testing

/// The published objective for learning curves, against fits by another program.
@Suite struct ExcessFitTests {
    /// 28 encoder and 6 decoder layers, translation: examples and log perplexity, fitted half; made
    /// from the M2 fit below, so that no published point is repeated here.
    private let x = (0..<9).map { 1e6 * Double(1 << $0) }

    @Test func `without noise every published scheme finds the law that made the points`() throws {
        let floor = x.map { 0.2 + 50 * Elementary.power($0, -0.33) }
        let m2 = try #require(ExcessFit.powerLawWithFloor(x, floor))
        for (found, truth) in zip(m2.natural, [0.2, 50, 0.33]) {
            #expect(isNear(found, truth, 1e-5))
        }
        let plain = try #require(ExcessFit.powerLaw(x, x.map { 3 * Elementary.power($0, -0.2) }))
        for (found, truth) in zip(plain.natural, [3, 0.2]) { #expect(isNear(found, truth, 1e-10)) }
        let form = BoundedPower(chance: 1)
        let natural = [400, 0.45, 0.25, 0.5]
        let y = form.predict(natural, [x], LawScale(inputs: [0], output: 0))
        let m4 = try #require(ExcessFit.bounded(x, y))
        for (found, truth) in zip(m4.natural, natural) { #expect(isNear(found, truth, 1e-4)) }
        #expect(m4.objective < 1e-10)
    }

    @Test func `a curve that reaches chance level has no bounded law`() {
        #expect(ExcessFit.bounded([1, 2, 3], [1.1, 0.9, 0.8]) == nil)
    }
}
