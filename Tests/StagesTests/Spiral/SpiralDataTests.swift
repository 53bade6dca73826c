import Canon
import Experiment
import Glibc
import Spiral
import System
import TestSupport
import Testing
import Workbench

private let manifold = given(standardCurve.json, from: "manifold")

private func mixture(draw: Int = 0, seed: UInt64 = 3) throws -> StageRun {
    try run(SpiralMixtureStage.self, ["draw": .number(Double(draw))], seed: seed)
}

private func sample(
    _ count: Int, flip: Double = 0, seed: UInt64 = 5, manifold curve: StageInput = manifold
) throws -> NumpyArray {
    try run(
        SpiralSampleStage.self, ["count": .number(Double(count)), "flip": .number(flip)],
        seed: seed, ["manifold": [curve], "mixture": [given(try mixture().bytes("mixture"))]]
    ).array("points")
}

private func column(_ array: NumpyArray, _ place: Int) -> [Double] {
    (0..<array.rows).map { array.elements[$0 * array.columns + place] }
}

@Suite struct SpiralDataTests {
    @Test func `the density is that of its spots, and its integral is 1`() throws {
        let json = try mixture().json("mixture")
        let field = try SpiralMixture(json: json)
        let spots = (json["spots"]?.elements ?? []).map { $0.elements?.compactMap(\.double) ?? [] }
        #expect(spots.count == 30)
        #expect((spots.map { $0[3] }.reduce(0, +) - 1).magnitude < 1e-14)
        for spot in spots {
            #expect(spot[0].magnitude <= 1.05 && spot[1].magnitude <= 1.05)
            #expect((0.05..<0.2).contains(spot[2]) && spot[3] > 0)
        }
        // The trapezoid rule converges faster than any power for Gaussians far from the border.
        var integral = 0.0
        var worst = 0.0
        for row in -150...150 {
            for column in -150...150 {
                let (x, y) = (Double(column) * 0.015, Double(row) * 0.015)
                let density = field.density(x, y)
                integral += density * 0.015 * 0.015
                guard row % 10 == 0 && column % 10 == 0 else { continue }
                let apart = spots.reduce(0.0) { sum, s in
                    let d = (x - s[0]) * (x - s[0]) + (y - s[1]) * (y - s[1])
                    return sum + s[3] * Glibc.exp(-d / (2 * s[2] * s[2]))
                        / (2 * Double.pi * s[2] * s[2])
                }
                worst = max(worst, (density - apart).magnitude / max(apart, 1e-300))
            }
        }
        #expect((integral - 1).magnitude < 1e-9)
        #expect(worst < 1e-13)
    }

    @Test func `points fall where the density says`() throws {
        let field = try SpiralMixture(json: mixture().json("mixture"))
        let count = trials(20_000)
        let points = try sample(count)
        // Sixteen squares: counts against the integral, five standard deviations.
        var counts = [Double](repeating: 0, count: 16)
        for row in 0..<points.rows {
            let (x, y) = (points.elements[3 * row], points.elements[3 * row + 1])
            #expect(x.magnitude <= 1.25 && y.magnitude <= 1.25)
            counts[Int((x + 1.25) / 0.625) * 4 + Int((y + 1.25) / 0.625)] += 1
        }
        var shares = [Double](repeating: 0, count: 16)
        for i in 0..<200 {
            for j in 0..<200 {
                let (x, y) = (
                    -1.25 + 0.0125 * (Double(i) + 0.5), -1.25 + 0.0125 * (Double(j) + 0.5)
                )
                shares[i / 50 * 4 + j / 50] += field.density(x, y) * 0.0125 * 0.0125
            }
        }
        let total = shares.reduce(0, +)
        for (found, share) in zip(counts, shares) {
            let p = share / total
            let mean = Double(count) * p
            let deviation = (mean * (1 - p)).squareRoot()
            #expect((found - mean).magnitude < 5 * deviation + 1)
        }
    }

    @Test func `points know nothing of the curve, and labels are the curve's`() throws {
        let other = SpiralManifold(turns: 2, radius: 1, tipAngle: 0, taper: 1)
        let a = try sample(2000)
        let b = try sample(2000, manifold: given(other.json))
        #expect(column(a, 0) == column(b, 0) && column(a, 1) == column(b, 1))
        #expect(column(a, 2) != column(b, 2))
        for row in 0..<2000 {
            let (x, y) = (a.elements[3 * row], a.elements[3 * row + 1])
            #expect((a.elements[3 * row + 2] == 1) == standardCurve.isInside(x, y))
            #expect((b.elements[3 * row + 2] == 1) == other.isInside(x, y))
        }
    }

    @Test func `a longer sample starts with the shorter one`() throws {
        let (short, long) = (try sample(300), try sample(1000))
        #expect(Array(long.elements[..<900]) == short.elements)
        #expect(try sample(300, seed: 6).elements != short.elements)
    }

    @Test func `flips turn the stated share of labels, keep every point, and are nested`() throws {
        let clean = try sample(20_000)
        let some = try sample(20_000, flip: 0.05)
        let more = try sample(20_000, flip: 0.2)
        #expect(column(clean, 0) == column(some, 0) && column(clean, 1) == column(more, 1))
        func flipped(_ noisy: NumpyArray) -> Set<Int> {
            Set((0..<20_000).filter { noisy.elements[3 * $0 + 2] != clean.elements[3 * $0 + 2] })
        }
        // Five standard deviations of a binomial count.
        #expect((Double(flipped(some).count) - 1000).magnitude < 5 * 30.9)
        #expect((Double(flipped(more).count) - 4000).magnitude < 5 * 56.6)
        #expect(flipped(some).isSubset(of: flipped(more)))
    }

    @Test func `fields of one seed differ by their draw alone`() throws {
        #expect(try mixture(draw: 1).outputs == mixture(draw: 1).outputs)
        #expect(try mixture(draw: 1).outputs != mixture(draw: 2).outputs)
        #expect(try mixture(draw: 1).outputs != mixture(draw: 1, seed: 4).outputs)
    }

    @Test func `test points are of the mixture and uniform on the disc, with label and density`()
        throws
    {
        let field = try mixture().bytes("mixture")
        let test = try run(
            SpiralTestStage.self, ["count": 4000], seed: 8,
            ["manifold": [manifold], "mixture": [given(field)]]
        ).array("points")
        #expect(test.rows == 8000 && test.columns == 5)
        let density = try SpiralMixture(json: JSON(parsing: field))
        var inner = 0
        for row in 0..<8000 {
            let one = Array(test.elements[(5 * row)..<(5 * row + 5)])
            #expect(one[3] == (row < 4000 ? 0 : 1))
            #expect((one[2] == 1) == standardCurve.isInside(one[0], one[1]))
            #expect(one[4] == density.density(one[0], one[1]))
            if row >= 4000 {
                let r = (one[0] * one[0] + one[1] * one[1]).squareRoot()
                #expect(r <= 1.1)
                if r < 0.55 { inner += 1 }
            }
        }
        // A quarter of the disc's area: five standard deviations.
        #expect((Double(inner) - 1000).magnitude < 5 * 27.4)
    }

    @Test func `a field that never reaches the clip ends with advice, not in an endless loop`()
        throws
    {
        let lost = given(["clip": 0.01, "spots": [[5, 5, 0.05, 1]]])
        #expect(
            failure {
                _ = try run(
                    SpiralSampleStage.self, ["count": 1],
                    ["manifold": [manifold], "mixture": [lost]])
            }
                == "expected points of the mixture within [-0.01, 0.01]², found none in 1,000,000; "
                + "raise `clip`, or lower `reach`")
        #expect(
            failure { _ = try run(SpiralMixtureStage.self, ["deviation": [0.2, 0.1]]) }
                == "deviation: expected the smaller bound first, found [0.2, 0.1]")
    }

    @Test func `field facts count what they say`() throws {
        // One spot far from the tip; four mixture points whose place is known.
        let field = given(["clip": 1.25, "spots": [[0, 0, 0.5, 1]]])
        let inside = (0..<360).map { Double($0) * Double.pi / 180 }.map {
            (x: 0.45 * Glibc.cos($0), y: 0.45 * Glibc.sin($0))
        }.filter { standardCurve.isInside($0.x, $0.y) }
        let rows: [[Double]] =
            inside.map { [$0.x, $0.y, 1, 0, 2] }
            + [
                [standardCurve.tip.x, standardCurve.tip.y, 0, 1, 0.25],
                [standardCurve.tip.x + 0.1, standardCurve.tip.y, 0, 1, 0.75], [0, 0, 1, 1, 9],
            ]
        let test = NumpyArray(rows: rows.count, columns: 5, elements: rows.flatMap { $0 })
        let facts = try run(
            SpiralFieldFactsStage.self, [:],
            ["manifold": [manifold], "mixture": [field], "test": [given(test.bytes())]]
        ).json("facts")
        #expect(facts["inside_mixture"] == 1)
        #expect(facts["median_density"] == 2)
        #expect(facts["tip_region_density"] == 0.5)
        #expect(((facts["inside_uniform"]?.double ?? 0) - 1.0 / 3).magnitude < 1e-15)
        // A turned curve, made anew with another tip angle, must count the same points.
        var turned = 0
        for quarter in 1...3 {
            let curve = SpiralManifold(
                turns: 4, radius: 1, tipAngle: (0.75 + 0.5 * Double(quarter)) * Double.pi,
                taper: 0.5 * Double.pi)
            turned += inside.count { curve.isInside($0.x, $0.y) }
        }
        let expected = Double(turned) / Double(3 * inside.count)
        #expect(((facts["inside_turned"]?.double ?? 0) - expected).magnitude < 1e-15)
        // exp(−1/(2 · 0.25)) / (2π · 0.25) at distance 1.
        #expect(
            ((facts["tip_density"]?.double ?? 0) - Glibc.exp(-2) / (0.5 * Double.pi)).magnitude
                < 1e-15)
    }
}

@Suite struct FeatureTests {
    @Test func `polar features are radius and angle`() {
        #expect(Features.polar.of(2, 0) == [2, 0])
        #expect(Features.polar.of(0, 3) == [3, Double.pi / 2])
        #expect(Features.polar.of(-4, 0) == [4, Double.pi])
        #expect(Features.polar.of(3, 4)[0] == 5)
        #expect((Features.polar.of(3, 4)[1] - 0.9272952180016122).magnitude < 1e-15)
        // The seam: just below the negative x axis the angle jumps to −π.
        #expect((Features.polar.of(-1, -1e-9)[1] + Double.pi).magnitude < 1e-8)
        #expect(Features.polar.of(0, 0) == [0, 0])
    }

    @Test func `turns count angles from −½ to ½`() {
        #expect(Features.polarTurns.of(2, 0) == [2, 0])
        #expect(Features.polarTurns.of(0, 2) == [2, 0.25])
        #expect(Features.polarTurns.of(-2, 0) == [2, 0.5])
        #expect(Features.polarTurns.of(0, -2) == [2, -0.25])
    }

    @Test func `the circle has no seam, and the origin has a place on it`() {
        #expect(Features.polarCircle.of(3, 4) == [5, 0.6, 0.8])
        #expect(Features.polarCircle.of(0, 0) == [0, 1, 0])
        let (above, below) = (
            Features.polarCircle.of(-1, 1e-9), Features.polarCircle.of(-1, -1e-9)
        )
        #expect(zip(above, below).allSatisfy { ($0 - $1).magnitude < 1e-8 })
    }

    @Test func `every presentation has the width that it states`() {
        for features in Features.allCases {
            #expect(features.of(0.3, -0.2).count == features.width)
        }
        #expect(Features.names == ["cartesian", "polar", "polar-turns", "polar-circle"])
    }
}
