import Canon
import Experiment
import Glibc
import Laws
import Numerics
import TestSupport
import Testing

private func points(_ x: [Double], _ y: [Double]) -> [StageInput] {
    zip(x, y).map { measured("error", [("samples", .number($0))], ["y": $1]) }
}

private func fit(_ x: [Double], _ y: [Double], _ form: String, bootstrap: Int = 0) throws -> JSON {
    try run(
        LawFitStage.self,
        [
            "x": "samples", "y": "y", "form": .string(form),
            "bootstrap": .number(Double(bootstrap)),
        ], ["points": points(x, y)]
    ).json("law")
}

private func value(_ law: JSON, _ name: String) -> Double {
    law["parameters"]?[name]?["value"]?.double ?? .nan
}

@Suite struct LawOptimumTests {
    /// The least sum of squared log residuals over a grid of exponents and floors, the prefactor by
    /// golden-section search: slow, and with nothing in common with the fit.
    private func gridOptimum(_ x: [Double], _ y: [Double]) -> Double {
        let (u, v) = (x.map { Glibc.log($0) }, y.map { Glibc.log($0) })
        let mean = u.reduce(0, +) / Double(u.count)
        let least = y.min() ?? 1
        var best = Double.infinity
        for step in -4...20 {
            let alpha = 0.1 * Double(step)
            for part in 0..<16 {
                let floor = least * (1 - Glibc.pow(0.6, Double(part)))
                func objective(_ a: Double) -> Double {
                    zip(u, v).reduce(0) { sum, point in
                        let r =
                            Glibc.log(floor + Glibc.exp(a - alpha * (point.0 - mean))) - point.1
                        return sum + r * r
                    }
                }
                var (low, high) = ((v.min() ?? 0) - 12, (v.max() ?? 0) + 3)
                for _ in 0..<30 {
                    let (p, q) = (high - 0.618034 * (high - low), low + 0.618034 * (high - low))
                    if objective(p) < objective(q) { high = q } else { low = p }
                }
                best = min(best, objective((low + high) / 2))
            }
        }
        return best
    }

    @Test(arguments: 0..<trials(24))
    func `no point of a grid is better than the fit with a floor`(index: Int) throws {
        var stream = RandomStream(seed: 31, purpose: "data", index: UInt64(index))
        let x = (0..<9).map { 10 * Glibc.pow(10, 0.5 * Double($0)) }
        let (floor, exponent) = (
            stream.uniform() < 0.3 ? 0 : stream.uniform(), stream.uniform(in: 0.1..<1.2)
        )
        let noise = stream.logUniform(in: 0.001..<0.5)
        let y = x.map {
            (floor + 3 * Glibc.pow($0, -exponent)) * Glibc.exp(noise * stream.normal())
        }
        let law = try fit(x, y, "power-law-with-floor")
        let objective = law["objective"]?["value"]?.double ?? .infinity
        #expect(objective <= gridOptimum(x, y) * (1 + 1e-9) + 1e-12)
        #expect((law["certificate"]?["scaledGradient"]?.double ?? 1) < 1e-6)
        #expect(value(law, "E") >= 0 && value(law, "E") <= (y.max() ?? 0))
    }

    /// Data that no law was planted in: a law with finite numbers and a small gradient, or a refusal.
    @Test func `whatever the points are, the answer is a converged law or a sentence`() throws {
        for index in 0..<trials(200) {
            var stream = RandomStream(seed: 32, purpose: "data", index: UInt64(index))
            let count = 2 + stream.integer(below: 12)
            let spread = stream.logUniform(in: 1e-6..<100)
            let scale = Glibc.exp(50 * stream.normal())
            let x = (0..<count).map { _ in Double(1 + stream.integer(below: 1 + 3 * count)) }
            let y = (0..<count).map { _ in
                min(1e300, max(1e-300, scale * Glibc.exp(spread * stream.normal())))
            }
            for form in ["power-law", "power-law-with-floor"] {
                do {
                    let law = try fit(x, y, form, bootstrap: 20)
                    #expect((law["certificate"]?["scaledGradient"]?.double ?? 1) < 1e-6)
                    #expect(value(law, "A").isFinite && value(law, "alpha").isFinite)
                } catch {
                    let text = "\(error)"
                    let isKnown = [
                        "too few points: ", "the fit did not converge: ",
                        "the law's numbers overflow: ", "no interior minimum: ",
                        "unidentifiable: ",
                    ].contains { text.hasPrefix($0) }
                    #expect(isKnown, "\(text)")
                }
            }
        }
    }

    @Test func `points of one value have the exponent 0`() throws {
        let law = try fit([1, 10, 100, 1000], [0.7, 0.7, 0.7, 0.7], "power-law")
        #expect(value(law, "alpha").magnitude < 1e-12)
        #expect((value(law, "A") - 0.7).magnitude < 1e-12)
    }

    @Test func `a law whose prefactor overflows is refused, not written as infinity`() {
        // Two neighbouring x, 10⁻³⁰⁰ and 10³⁰⁰ apart in y.
        #expect(
            failure { _ = try fit([1000, 1001], [1e300, 1e-300], "power-law") }.hasPrefix(
                "the law's numbers overflow: A of power-law is no finite number"))
    }
}
