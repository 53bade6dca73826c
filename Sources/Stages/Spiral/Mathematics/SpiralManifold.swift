package import Canon
import Experiment
import Numerics
package import Workbench

/// The closed curve of the spiral problem, and which side of it a point lies on.
///
/// The article (Dzekman 2024) describes it in words and pictures: it leaves the origin, winds about
/// four times around it, makes a sharp turn and runs back between its own arms. The formulas are
/// our choice: outer edge r₁(t) = P t/2π, inner edge r₂(t) = r₁(t) − (P/2) s(t), angle φ₀ + t, for
/// t in [0, T], T = 2π turns, P = radius/turns; s opens over the first turn and closes over the last
/// `taper` of angle. Both edges meet at the origin and at the tip.
package struct SpiralManifold: Sendable, Equatable {
    /// How often the curve winds around the origin; whole.
    package let turns: Int
    /// The tip's distance from the origin.
    package let radius: Double
    /// The tip's angle, in radians.
    package let tipAngle: Double
    /// The angle over which the width closes towards the tip, in radians.
    package let taper: Double

    static let fullTurn = 6.283185307179586

    /// Names a curve.
    package init(turns: Int, radius: Double, tipAngle: Double, taper: Double) {
        self.turns = turns
        self.radius = radius
        self.tipAngle = tipAngle
        self.taper = taper
    }

    /// The distance between neighbouring turns.
    package var pitch: Double { radius / Double(turns) }

    private var length: Double { SpiralManifold.fullTurn * Double(turns) }

    private func width(_ t: Double) -> Double {
        min(min(1, t / SpiralManifold.fullTurn), max(0, (length - t) / taper))
    }

    func outer(_ t: Double) -> Double { pitch * t / SpiralManifold.fullTurn }

    func inner(_ t: Double) -> Double { outer(t) - pitch / 2 * width(t) }

    /// Whether a point lies inside: on some turn between inner and outer edge, edges excluded.
    package func isInside(_ x: Double, _ y: Double) -> Bool {
        let r = (x * x + y * y).squareRoot()
        var u = Elementary.atan2(y, x) - tipAngle
        while u < 0 { u += SpiralManifold.fullTurn }
        while u >= SpiralManifold.fullTurn { u -= SpiralManifold.fullTurn }
        for turn in 0..<turns {
            let t = u + SpiralManifold.fullTurn * Double(turn)
            if inner(t) < r && r < outer(t) { return true }
        }
        return false
    }

    /// The curve as a polygon: outer edge from the origin to the tip, then the inner edge back.
    package func polygon(steps: Int) -> [(x: Double, y: Double)] {
        func point(_ r: Double, _ t: Double) -> (x: Double, y: Double) {
            (r * Elementary.cos(tipAngle + t), r * Elementary.sin(tipAngle + t))
        }
        let there = (0...steps).map { step in
            let t = length * Double(step) / Double(steps)
            return point(outer(t), t)
        }
        let back = (1..<steps).reversed().map { step in
            let t = length * Double(step) / Double(steps)
            return point(inner(t), t)
        }
        return there + back
    }

    /// The tip.
    package var tip: (x: Double, y: Double) {
        (radius * Elementary.cos(tipAngle), radius * Elementary.sin(tipAngle))
    }

    /// The parameters, as other stages read them.
    package var json: JSON {
        [
            "turns": .number(Double(turns)), "radius": .number(radius),
            "tipAngle": .number(tipAngle), "taper": .number(taper),
        ]
    }

    /// Reads the parameters.
    package init(json: JSON) throws(FormatError) {
        guard let turns = json["turns"]?.integer, let radius = json["radius"]?.double,
            let tipAngle = json["tipAngle"]?.double, let taper = json["taper"]?.double
        else { throw FormatError("expected manifold.json of spiral.manifold") }
        self.init(turns: turns, radius: radius, tipAngle: tipAngle, taper: taper)
    }

    /// Reads manifold.json of another stage.
    init(_ input: StageInput) throws {
        try self.init(json: JSON(parsing: input.bytes()))
    }
}
