import Canon
import Laws
import Numerics
import Testing
import Workbench

/// Approach 3: intervals of N*, D* and D/N by the method of the law's own.
@Suite struct LawAllocateTests {
    private static let points = """
        N,D,loss
        1e8,2e9,3.7321
        1e8,1e10,3.2089
        1e8,5e10,2.9214
        1e8,2e11,2.7986
        1e9,2e9,3.3478
        1e9,1e10,2.8402
        1e9,5e10,2.5418
        1e9,2e11,2.4243
        1e10,2e9,3.1876
        1e10,1e10,2.6563
        1e10,5e10,2.3728
        1e10,2e11,2.2451

        """

    private func law(_ parameters: [String: JSON] = [:]) throws -> JSON {
        let base: [String: JSON] = ["form": "chinchilla", "y": "loss", "bootstrap": 0]
        return try run(
            LawFitStage.self, base.merging(parameters) { $1 }, ["points": [given(Self.points)]]
        ).json("law")
    }

    private func allocation(_ law: JSON, _ parameters: [String: JSON] = [:]) throws -> JSON {
        try run(
            LawAllocateStage.self, ["compute": [6e21]].merging(parameters) { $1 },
            ["law": [given(law)]]
        ).json("allocation")
    }

    private func ends(_ json: JSON?) -> (low: Double, high: Double) {
        (json?["low"]?.double ?? .nan, json?["high"]?.double ?? .nan)
    }

    private func isNear(_ found: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        (found - expected).magnitude <= tolerance * expected.magnitude
    }

    @Test func `least squares without samples have profile intervals, the exponent's is the law's`()
        throws
    {
        let law = try law()
        let found = try allocation(law)
        #expect(found["interval"] == "profile" && found["warnings"]?.elements?.count == 0)
        let (own, theirs) = (ends(found["a"]), ends(law["derived"]?["a"]))
        #expect(own.low < own.high)
        #expect(isNear(own.low, theirs.low, 1e-6) && isNear(own.high, theirs.high, 1e-6))
        let b = ends(found["b"])
        #expect(isNear(b.low, 1 - own.high, 1e-12) && isNear(b.high, 1 - own.low, 1e-12))
    }

    @Test func `data and tokens a parameter follow from the size where compute is given`() throws {
        let row = try allocation(law())["at"]?.elements?.first
        let n = ends(row?["N"])
        #expect(n.low < row?["N"]?["value"]?.double ?? 0)
        let (d, ratio) = (ends(row?["D"]), ends(row?["DperN"]))
        #expect(isNear(d.high, 1e21 / n.low, 1e-9) && isNear(d.low, 1e21 / n.high, 1e-9))
        #expect(isNear(ratio.high, 1e21 / (n.low * n.low), 1e-9))
        #expect(isNear(ratio.low, 1e21 / (n.high * n.high), 1e-9))
    }

    /// `6 * N` is searched, `6*N` has a closed form.
    @Test func `the searched optimum has the interval of the closed one`() throws {
        let law = try law()
        let (closed, searched) = (
            try allocation(law), try allocation(law, ["flops_per_token": "6 * N"])
        )
        for (one, other) in [
            (closed["at"]?.elements?.first?["N"], searched["at"]?.elements?.first?["N"]),
            (closed["a"], searched["a"]),
        ] {
            for member in ["value", "low", "high"] {
                let (expected, found) = (one?[member]?.double ?? .nan, other?[member]?.double ?? 0)
                #expect(isNear(found, expected, 1e-4), "\(member): \(found), not \(expected)")
            }
        }
    }

    @Test func `other losses take their samples, and a law without any says why there is none`()
        throws
    {
        let huber = try law(["objective": "huber", "delta": 0.01, "bootstrap": 60])
        let found = try allocation(huber)
        #expect(found["interval"] == "percentile")
        let n = ends(found["at"]?.elements?.first?["N"])
        #expect(n.low < n.high)
        let none = try allocation(law(["objective": "huber", "delta": 0.01]))
        #expect(none["interval"] == "none" && none["a"]?["low"] == .null)
        #expect(
            none["warnings"]?.elements?.first
                == "no interval: 0 bootstrap samples; expected at least 20; set `bootstrap: 400`")
    }
}
