import Canon
import ComputeOptimal
import Numerics
import System
import Testing
import Workbench

/// Bounds and their optima: closed forms, and reference numbers from an independent program.
@Suite struct OptimalBoundTests {
    @Test func `every bound's optimum is the reference's within its tolerance`() throws {
        for row in try OptimalReference.rows("bound.") {
            let parts = row.id.split(separator: ".").map(String.init)
            let variant = try #require(RiskBound.Variant(rawValue: parts[1]))
            let bound = RiskBound(variant, dimension: row.number("d"), complexity: row.number("K"))
            let optimum = bound.optimum(compute: row.number("C"))
            let value = row.values[0]
            let ours = [
                "p": optimum.parameters, "T": optimum.samples, "err": optimum.error,
                "slope": optimum.slope,
            ]
            let mine = try #require(ours[parts[2]])
            let scale = parts[2] == "slope" ? 1 : value
            #expect(
                (mine - value).magnitude <= row.bound * scale,
                "\(row.id) \(row.parameters): expected \(value), found \(mine)")
        }
    }

    @Test func `the stripped bound is least at the square root of compute`() {
        for compute in [1e4, 3.7e7, 1e15, 1e26] {
            for (d, k) in [(8.0, 8.0), (64, 8), (4, 64)] where compute.squareRoot() >= 2 * d {
                let optimum = RiskBound(.stripped, dimension: d, complexity: k).optimum(
                    compute: compute)
                let root = compute.squareRoot()
                #expect((optimum.parameters / root - 1).magnitude < 1e-6)
                #expect((optimum.error / (2 * k * d / root) - 1).magnitude < 1e-12)
                #expect((optimum.slope - 0.5).magnitude < 1e-6)
            }
        }
    }

    @Test(arguments: RiskBound.Variant.allCases)
    func `no point of a dense grid lies below the optimum`(variant: RiskBound.Variant) {
        for compute in [1e4, 1e6, 1e13, 1e26] {
            let bound = RiskBound(variant, dimension: 16, complexity: 8)
            let optimum = bound.optimum(compute: compute)
            var least = Double.infinity
            for i in 0...20_000 {
                let most = Elementary.log(compute / bound.parametersPerUnit)
                let n = Elementary.exp(Double(i) / 20_000 * most)
                let t = compute / bound.parameters(units: n)
                if t >= bound.leastSamples { least = min(least, bound.value(units: n, samples: t)) }
            }
            #expect(optimum.error <= least * (1 + 1e-12), "\(variant) at \(compute)")
        }
    }

    @Test
    func `the least value is found at an end, behind a kink and in the deeper of two valleys`() {
        #expect(LineMinimum.find(from: 1, to: 3) { $0 }.place == 1)
        #expect(
            (LineMinimum.find(from: -1, to: 3) { ($0 - 0.3).magnitude }.place - 0.3).magnitude
                < 1e-4)
        let two = LineMinimum.find(from: -2, to: 2) { x in (x * x - 1) * (x * x - 1) + 0.1 * x }
        let x = two.place
        #expect(x < -1 && (4 * x * x * x - 4 * x + 0.1).magnitude < 1e-6)
        #expect(LineMinimum.find(from: 0, to: 1) { $0 < 0.5 ? .nan : $0 }.place >= 0.5)
    }

    @Test func `the stage writes every optimum with its slope`() throws {
        let made = try run(
            OptimalBoundStage.self,
            [
                "variants": ["stripped"], "dimensions": [8], "complexities": [8], "from": 1e6,
                "to": 1e8,
            ])
        let table = try Table(csv: made.bytes("optima"))
        #expect(
            table[column: "C"]?.compactMap { $0.double } == [
                1e6, 3162277.66016838, 1e7, 31622776.6016838, 1e8,
            ]
                || table.rows.count == 5)
        #expect(
            table[column: "slope"]?.allSatisfy { (($0.double ?? 0) - 0.5).magnitude < 1e-5 } == true
        )
    }
}
