import Canon
import Experiment
import TestSupport
import Workbench

/// Made-up results of the spiral experiment, in which every claim plainly holds; a test bends one
/// thing and looks at the verdicts.
struct SpiralWorld {
    /// The networks' errors on the mixture at n = 1,000, by model; elsewhere they fall as n^-½.
    var networks = ["plain": 0.06, "polar": 0.025, "polar-circle": 0.05, "polar-extras": 0.026]
    /// How many times larger an error is over the disc, and where the density is low.
    var discFactor = 2.0
    var sparseFactor = ["plain": 5.0, "polar": 5.0, "polar-circle": 5.0, "polar-extras": 5.0]
    /// The prefactors of nearest neighbours, on Cartesian and on polar input.
    var neighbours = [1: 2.0, 5: 2.4]
    var polarNeighbours = 1.0
    /// The errors under flipped labels that do not fall.
    var noisy = [1: 0.05, 5: 0.01]
    /// The laws of k = 1.
    var exponent = 0.5
    var polarExponent = 0.49
    var floorLow = 0.0
    var heldOut = 0.03
    /// Ten fields of spots: the error at the tip for a density, and the fractions inside.
    var tipError: @Sendable (Double) -> Double = { 0.5 - $0 }
    var insideMean = 0.29
    var hasExtras = true

    static let sizes = [316.0, 1000, 3162, 10_000, 31_623, 100_000, 316_228, 1_000_000]

    private func errors(_ mixture: Double, sparse: Double = 4) -> [String: Double] {
        [
            "mixture": mixture, "uniform": mixture * discFactor, "tip": mixture,
            "sparse": mixture * sparse, "centre": mixture,
        ]
    }

    /// What the page of the spiral is given, by what it is.
    var inputs: [String: [StageInput]] {
        var inputs: [String: [StageInput]] = [:]
        for (model, level) in networks.sorted(by: { $0.key < $1.key }) {
            for n in SpiralWorld.sizes where n <= 100_000 {
                for replicate in 0..<3 {
                    // Replicates differ by 4 %.
                    let error =
                        level * (1000 / n).squareRoot() * (1 + 0.04 * Double(replicate - 1))
                    inputs["network", default: []].append(
                        measured(
                            "network",
                            [
                                ("model", ["name": .string(model), "gamma": 0]),
                                ("samples", .number(n)), ("replicate", .number(Double(replicate))),
                            ], errors(error, sparse: sparseFactor[model] ?? 5)))
                }
            }
        }
        for features in ["cartesian", "polar-turns"] {
            for k in [1, 5] {
                for n in SpiralWorld.sizes {
                    for replicate in 0..<3 {
                        let prefactor =
                            features == "cartesian" ? neighbours[k] ?? 2 : polarNeighbours
                        inputs["neighbour", default: []].append(
                            measured(
                                "neighbour",
                                [
                                    ("features", .string(features)), ("k", .number(Double(k))),
                                    ("samples", .number(n)),
                                    ("replicate", .number(Double(replicate))),
                                ],
                                errors(prefactor / n.squareRoot())))
                    }
                }
            }
        }
        guard hasExtras else { return inputs }
        for k in [1, 5] {
            for n in SpiralWorld.sizes where n <= 100_000 {
                inputs["noisy", default: []].append(
                    measured(
                        "noisy-neighbour",
                        [("k", .number(Double(k))), ("samples", .number(n)), ("replicate", 0)],
                        errors((noisy[k] ?? 0) + 2 / n.squareRoot())))
            }
        }
        for field in 0..<10 {
            let density = 0.01 + 0.04 * Double(field)
            let at = [("field", JSON.number(Double(field)))]
            // Fields differ by 0.02 around the mean.
            let inside = insideMean + (field % 2 == 0 ? 0.02 : -0.02)
            inputs["fields", default: []].append(
                measured(
                    "field-facts", at,
                    [
                        "tip_density": density, "tip_region_density": density,
                        "median_density": 0.5, "inside_mixture": inside, "inside_turned": 0.29,
                        "inside_uniform": 0.34,
                    ]))
            inputs["field-errors", default: []].append(
                measured("field-errors", at, ["tip": tipError(density), "mixture": 0.1]))
        }
        // A law of another k first: "k=1" must not be found in "k=11".
        for (features, k, alpha) in [
            ("cartesian", 11.0, 0.9), ("cartesian", 1, exponent), ("polar-turns", 1, polarExponent),
        ] {
            inputs["laws", default: []].append(
                given(
                    law(alpha), from: "law[features=\(features),k=\(Int(k))]",
                    at: [("features", .string(features)), ("k", .number(k))]))
        }
        return inputs
    }

    private func law(_ alpha: Double) -> JSON {
        [
            "x": "samples", "y": "mixture", "confidence": 0.95, "points": 15,
            "range": [316, 31623], "heldOut": ["points": 9, "logError": .number(heldOut)],
            "parameters": [
                "A": ["value": 2, "low": 1.9, "high": 2.1],
                "alpha": [
                    "value": .number(alpha), "low": .number(alpha - 0.01),
                    "high": .number(alpha + 0.01),
                ],
                "E": [
                    "value": .number(floorLow), "low": .number(floorLow),
                    "high": .number(floorLow + 0.001),
                ],
            ],
        ]
    }

    /// The claims' verdicts on the shipped claims, by their number on the shipped page.
    func verdicts() throws -> [Int: String] {
        let page = Repository.text("pipelines/spiral.page.md") ?? ""
        let placing = page[(page.firstRange(of: "{claims: sparse")?.lowerBound ?? page.endIndex)...]
        let claims = Repository.text("pipelines/spiral.claims.yaml") ?? ""
        let made = try run(
            PageStage.self, [:],
            [
                "page": [given("---\ntitle: T\n---\n\n\(placing.prefix { $0 != "}" })}\n")],
                "claims": [given(claims, from: "spiral.claims.yaml")],
                "results": ["network", "neighbour", "noisy", "fields", "field-errors", "laws"]
                    .flatMap {
                        inputs[$0] ?? []
                    },
            ])
        return Dictionary(
            uniqueKeysWithValues: (try made.json("claims").elements ?? []).enumerated().map {
                ($0.offset + 1, $0.element["verdict"]?.text ?? "")
            })
    }
}
