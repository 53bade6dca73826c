import Cache
package import Pipeline

/// What a field of spots is like where the claims look.
package enum SpiralFieldFacts: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "spiral.field-facts", version: 1,
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
                "tip_density, median_density, inside_mixture, inside_uniform.")
        ])

    /// Counts over the test points.
    package static func run(_ context: StageContext) throws {
        let manifold = try SpiralManifold(json: JSON(parsing: context.input("manifold").bytes()))
        let mixture = try SpiralMixture(json: JSON(parsing: context.input("mixture").bytes()))
        let test = try NumpyArray(context.input("test").bytes())
        var inside = [0.0, 0.0]
        var total = [0.0, 0.0]
        var densities: [Double] = []
        for row in 0..<test.rows {
            let set = test.elements[5 * row + 3] == 0 ? 0 : 1
            total[set] += 1
            inside[set] += test.elements[5 * row + 2]
            if set == 0 { densities.append(test.elements[5 * row + 4]) }
        }
        let tip = manifold.tip
        let facts: JSON = [
            "tip_density": .number(mixture.density(tip.x, tip.y)),
            "median_density": .number(Quantiles.median(densities)),
            "inside_mixture": .number(inside[0] / total[0]),
            "inside_uniform": .number(inside[1] / total[1]),
        ]
        try context.write("facts", facts.pretty())
    }
}
