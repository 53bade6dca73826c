import Canon
import Glibc
import Numerics
import Spiral
import TestSupport
import Testing
import Workbench

/// The curve as a polygon of 200,000 points, written from the formulas with libm: independent of
/// the code under test.
private struct BrutePolygon {
    let points: [(x: Double, y: Double)]
    /// The edges that touch each of 4,000 strips of equal height.
    private var strips: [[Int]]
    private static let bottom = -1.1
    private static let height = 2.2 / 4000

    init() {
        let (turns, phi) = (4.0, 0.75 * Double.pi)
        let (end, pitch, taper) = (2 * Double.pi * turns, 1 / turns, 0.5 * Double.pi)
        func width(_ t: Double) -> Double {
            min(min(1, t / (2 * Double.pi)), max(0, (end - t) / taper))
        }
        var points: [(x: Double, y: Double)] = []
        for step in 0...100_000 {
            let t = end * Double(step) / 100_000
            let r = pitch * t / (2 * Double.pi)
            points.append((r * Glibc.cos(phi + t), r * Glibc.sin(phi + t)))
        }
        for step in (1..<100_000).reversed() {
            let t = end * Double(step) / 100_000
            let r = pitch * t / (2 * Double.pi) - pitch / 2 * width(t)
            points.append((r * Glibc.cos(phi + t), r * Glibc.sin(phi + t)))
        }
        self.points = points
        strips = Array(repeating: [], count: 4000)
        for index in points.indices {
            let (a, b) = (points[index].y, points[(index + 1) % points.count].y)
            for strip in BrutePolygon.strip(min(a, b))...BrutePolygon.strip(max(a, b)) {
                strips[strip].append(index)
            }
        }
    }

    private static func strip(_ y: Double) -> Int {
        max(0, min(3999, Int((y - bottom) / height)))
    }

    /// How often a ray to the right crosses the polygon, and the winding number.
    func crossings(_ x: Double, _ y: Double) -> (count: Int, winding: Int) {
        var (count, winding) = (0, 0)
        for index in strips[BrutePolygon.strip(y)] {
            let (a, b) = (points[index], points[(index + 1) % points.count])
            guard (a.y > y) != (b.y > y), x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x) else {
                continue
            }
            count += 1
            winding += b.y > a.y ? 1 : -1
        }
        return (count, winding)
    }

    /// The distance of a point from the polygon's corners.
    func distance(_ x: Double, _ y: Double) -> Double {
        points.map { ($0.x - x) * ($0.x - x) + ($0.y - y) * ($0.y - y) }.min()?.squareRoot() ?? 0
    }

    static let shared = BrutePolygon()
}

private func length(_ points: [(x: Double, y: Double)]) -> Double {
    points.indices.reduce(0) { sum, index in
        let (a, b) = (points[index], points[(index + 1) % points.count])
        return sum + ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    }
}

private func area(_ points: [(x: Double, y: Double)]) -> Double {
    points.indices.reduce(0) { sum, index in
        let (a, b) = (points[index], points[(index + 1) % points.count])
        return sum + 0.5 * (a.x * b.y - b.x * a.y)
    }
}

@Suite struct SpiralManifoldTests {
    @Test func `the label rule agrees with a polygon of 200,000 points at 200,000 points`() {
        var stream = RandomStream(seed: 11, purpose: "points")
        var disagreements = 0
        for _ in 0..<trials(200_000) {
            let (x, y) = (stream.uniform(in: -1.1..<1.1), stream.uniform(in: -1.1..<1.1))
            let (count, winding) = BrutePolygon.shared.crossings(x, y)
            // The curve does not cross itself: even-odd and nonzero are one rule.
            if (count % 2 == 1) != (winding != 0) { disagreements += 1 }
            if standardCurve.isInside(x, y) != (winding != 0) { disagreements += 1 }
        }
        #expect(disagreements == 0)
    }

    @Test func `the label changes on the curve and nowhere near it`() {
        var stream = RandomStream(seed: 12, purpose: "points")
        let points = BrutePolygon.shared.points
        var wrong = 0
        for _ in 0..<trials(20_000) {
            // A step of 10⁻⁴ off an edge's middle, to either side, away from the two ends.
            let index = stream.integer(below: points.count)
            let (a, b) = (points[index], points[(index + 1) % points.count])
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let size = (dx * dx + dy * dy).squareRoot()
            let (x, y) = ((a.x + b.x) / 2, (a.y + b.y) / 2)
            let tip = ((x - standardCurve.tip.x), (y - standardCurve.tip.y))
            guard x * x + y * y > 0.0025, tip.0 * tip.0 + tip.1 * tip.1 > 0.0001 else { continue }
            // The outer edge runs counter-clockwise around the inside, which lies to its left.
            if !standardCurve.isInside(x - 1e-4 * dy / size, y + 1e-4 * dx / size) { wrong += 1 }
            if standardCurve.isInside(x + 1e-4 * dy / size, y - 1e-4 * dx / size) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    /// Length, area and tip as computed apart with numpy, from a coarser polygon; the area once more
    /// as ½ ∫ (r₁² − r₂²) dt by the midpoint rule.
    @Test func `length, area and tip are those of the reference`() {
        var integral = 0.0
        for step in 0..<80_000 {
            let t = 8 * Double.pi * (Double(step) + 0.5) / 80_000
            let outer = 0.25 * t / (2 * Double.pi)
            let open = min(min(1, t / (2 * Double.pi)), (8 * Double.pi - t) / (0.5 * Double.pi))
            let inner = outer - 0.125 * open
            integral += 0.5 * (outer * outer - inner * inner) * 8 * Double.pi / 80_000
        }
        for points in [BrutePolygon.shared.points, standardCurve.polygon(steps: 100_000)] {
            #expect((length(points) - 22.649382997706788).magnitude < 1e-4)
            #expect((area(points) - 1.286490082855317).magnitude < 1e-5)
            #expect((area(points) - integral).magnitude < 1e-6)
        }
        #expect((standardCurve.tip.x + 0.7071067811865476).magnitude < 1e-15)
        #expect((standardCurve.tip.y - 0.7071067811865476).magnitude < 1e-15)
    }

    @Test func `the polygon's corners lie on the curve, from the origin over the tip and back`() {
        let corners = standardCurve.polygon(steps: 500)
        #expect(corners.count == 1000)
        #expect(corners[0].x == 0 && corners[0].y == 0)
        #expect((corners[500].x - standardCurve.tip.x).magnitude < 1e-14)
        #expect((corners[500].y - standardCurve.tip.y).magnitude < 1e-14)
        for corner in corners.enumerated() where corner.offset % 50 == 7 {
            #expect(BrutePolygon.shared.distance(corner.element.x, corner.element.y) < 1e-4)
        }
    }

    @Test(arguments: [1, 2, 7, 12], [1.0, 90, 360])
    func `every curve that the kind allows has as much inside as its polygon`(
        turns: Int, taper: Double
    ) {
        let curve = SpiralManifold(
            turns: turns, radius: 2, tipAngle: -1, taper: taper * Double.pi / 180)
        let cells = 600
        var inside = 0
        for row in 0..<cells {
            for column in 0..<cells {
                let x = -2.1 + 4.2 * (Double(column) + 0.5) / Double(cells)
                let y = -2.1 + 4.2 * (Double(row) + 0.5) / Double(cells)
                if curve.isInside(x, y) { inside += 1 }
            }
        }
        let counted = Double(inside) * 4.2 * 4.2 / Double(cells * cells)
        #expect((counted - area(curve.polygon(steps: 20_000))).magnitude < 0.01 * counted)
    }

    @Test func `the stage writes the curve's parameters, which read back exactly`() throws {
        let made = try run(SpiralManifoldStage.self)
        #expect(try SpiralManifold(json: made.json("manifold")) == standardCurve)
        let table = try Table(csv: made.bytes("curve"))
        #expect(table.columns == ["x", "y"])
        #expect(table.rows.count == 3000)
        let corners = standardCurve.polygon(steps: 1500)
        #expect(table[column: "x"] == corners.map { .number($0.x) })
        #expect(
            failure { _ = try SpiralManifold(json: ["turns": 4]) }
                == "expected manifold.json of spiral.manifold")
    }
}
