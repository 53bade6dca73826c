import Canon
package import Experiment
import Numerics
import Workbench

/// What a field of spots is like where the claims look.
package enum SpiralFieldFactsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.field-facts", version: 3,
        summary: "The density at the tip, and the fractions inside, of one field of spots.",
        source: "our choice: for the claims about sampling (facts 6 and 12 of docs/SPIRAL.md)",
        inputs: [
            InputPort("manifold", "manifold.json of spiral.manifold"),
            InputPort("mixture", "mixture.json of spiral.mixture"),
            InputPort("test", "test.npy of spiral.test"),
        ],
        outputs: [
            OutputPort(
                "facts", fileName: "facts.json",
                "tip_density at the tip, tip_region_density its mean within 0.35 of it, median_density; "
                    + "inside_mixture, inside_uniform, and inside_turned: the mean fraction of the "
                    + "mixture inside the curve turned by one, two and three quarters.")
        ])

    /// Counts over the test points.
    ///
    /// The field's law has the square's symmetry, so where it knows nothing of the curve,
    /// `inside_mixture` and `inside_turned` have one mean over fields, whatever that is.
    package static func run(_ context: StageContext) throws {
        let manifold = try SpiralManifold(context.input("manifold"))
        let mixture = try SpiralMixture(context.input("mixture"))
        let test = try NumpyArray(
            context.input("test"), columns: "x", "y", "label", "set", "density")
        var inside = [0.0, 0.0]
        var total = [0.0, 0.0]
        var densities: [Double] = []
        var turned = 0.0
        var (near, nearDensity) = (0.0, 0.0)
        let tip = manifold.tip
        let reach = SpiralErrors.tipReach
        for row in 0..<test.rows {
            let (x, y) = (test.elements[5 * row], test.elements[5 * row + 1])
            let density = test.elements[5 * row + 4]
            let set = test.elements[5 * row + 3] == 0 ? 0 : 1
            total[set] += 1
            inside[set] += test.elements[5 * row + 2]
            if set == 0 {
                densities.append(density)
                // Turning the point back by quarters is turning the curve on, without rounding.
                for (a, b) in [(y, -x), (-x, -y), (-y, x)] where manifold.isInside(a, b) {
                    turned += 1
                }
            } else if (x - tip.x) * (x - tip.x) + (y - tip.y) * (y - tip.y) < reach * reach {
                near += 1
                nearDensity += density
            }
        }
        let facts: JSON = [
            "tip_density": .number(mixture.density(tip.x, tip.y)),
            "tip_region_density": near > 0 ? .number(nearDensity / near) : .null,
            "median_density": .number(Quantiles.median(densities)),
            "inside_mixture": .number(inside[0] / total[0]),
            "inside_turned": .number(turned / (3 * total[0])),
            "inside_uniform": .number(inside[1] / total[1]),
        ]
        try context.write("facts", facts.pretty())
    }
}
