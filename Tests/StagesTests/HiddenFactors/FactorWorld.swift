import Canon
import Experiment
import HiddenFactors

/// Figures and facts in which the pilot of docs/HIDDEN-FACTORS.md is what was measured; bent one by
/// one by the tests.
struct FactorWorld {
    /// Means of a figure by curve and x; every mean comes with its facts.
    struct Figure {
        var section = ""
        var curves: [(value: JSON, facts: [String: Double], points: [(Double, Double)])]
    }

    var figures: [String: Figure] = [:]
    var entropies: [[String: Double]] = [
        ["M": 256, "mean": 4.1, "expected": 4.096, "violation": 1e-16]
    ]
    var ranks: [[String: Double]] = [
        [
            "N": 256, "M": 256, "rank": 13, "bound": 13, "chibar": 16, "rank_modulo_rows": 12,
            "next_pivot": 1e-15,
        ]
    ]

    init() {
        func figure(_ section: String, _ curves: [(JSON, [String: Double], [(Double, Double)])])
            -> Figure
        {
            Figure(
                section: section, curves: curves.map { (value: $0.0, facts: $0.1, points: $0.2) })
        }
        func pairs(_ x: [Double], _ y: [Double]) -> [(Double, Double)] { Array(zip(x, y)) }
        figures["capacity"] = figure(
            "capacity",
            [
                (2, ["chibar": 6], pairs([3, 6, 12], [0.4, 1e-3, 4e-4])),
                (4, ["chibar": 12], pairs([6, 12, 24], [7e-3, 2e-4, 8e-5])),
            ])
        figures["compression"] = figure(
            "compression",
            [("", [:], pairs([32, 64, 128, 256], [7.5e-6, 3.6e-5, 8.7e-5, 1.15e-4]))])
        figures["width-flops"] = figure(
            "width",
            [("", ["chibar": 8], pairs([4, 8, 16, 32], [4.8e-3, 9.7e-4, 8.1e-4, 7.1e-4]))])
        figures["width-steps"] = figure(
            "width", [("", ["chibar": 8], pairs([4, 8, 16, 32], [0.2, 0.064, 0.017, 0.0034]))])
        figures["single-pass-final"] = figure(
            "single-pass",
            [
                (0.1, [:], pairs([32, 64, 128, 256], [3e-3, 1e-2, 1.9e-2, 2.9e-2])),
                (1, [:], pairs([32, 64, 128, 256], [1e-3, 2e-3, 3e-3, 4e-3])),
            ])
        figures["filtration"] = figure(
            "filtration",
            [("", ["uniform_excess": 4.1], pairs([0.1, 0.4, 0.8, 1], [1.5e-4, 0.095, 7.2, 14.5]))])
        figures["filtration-train"] = figure(
            "filtration", [("", [:], pairs([0.1, 0.4, 0.8, 1], [1e-4, 1e-3, 0.01, 0.02]))])
        figures["embeddings"] = figure(
            "embeddings",
            [
                ("fixed", [:], pairs([1, 1000], [3.6, 3e-4])),
                (
                    "learned", ["uniform_excess": 4.1, "input_free_excess": 2.9],
                    pairs([1, 1000], [4.0, 8.5])
                ),
            ])
        figures["embeddings-train"] = figure(
            "embeddings",
            [
                ("fixed", [:], pairs([1, 1000], [4, 3e-4])),
                ("learned", [:], pairs([1, 1000], [4, 2e-4])),
            ])
        let cuts: [(String, Double, Double)] = [
            ("10 of 2", 64, 3e-4), ("5 of 4", 256, 0.02), ("2 of 32", 16384, 6),
            ("1 of 1024", 16384, 8),
        ]
        figures["factorings"] = figure(
            "generalisation",
            cuts.map { (.string($0.0), ["chi": $0.1, "N": 1024], [($0.1, $0.2)]) })
        figures["factorings-train"] = figure(
            "generalisation",
            cuts.map { (.string($0.0), ["chi": $0.1, "N": 1024], [($0.1, 1e-3)]) })
        let gammas = [0.05, 0.1, 0.2, 0.4, 0.6, 0.9]
        let splits = [
            [5.7e-3, 7e-4, 2.4e-4, 2.2e-4, 2.1e-4, 2e-4],
            [1.2, 0.21, 8.9e-3, 1.1e-3, 8.9e-4, 8.4e-4],
            [3.9, 1.7, 0.22, 1.2e-2, 3.3e-3, 2.1e-3], [5.4, 4, 1.1, 0.13, 1.9e-2, 5e-3],
        ]
        figures["split"] = figure(
            "split",
            splits.enumerated().map { index, losses in
                (
                    .number(Double(index + 1)), ["chi": Double(32 << index), "N": 1024],
                    pairs(gammas, losses)
                )
            })
        for (parents, best) in [(1, [0.1, 0.2]), (2, [0.2, 0.4]), (3, [0.3, 0.6])] {
            let gain = [16, 3.6, 2.3][parents - 1]
            figures["reuse-\(parents)"] = figure(
                "reuse",
                zip([30.0, 3000], best).map { budget, optimum in
                    (.number(budget), [:], [(optimum, 1), (0.9, gain)])
                })
            figures["layers-\(["one-parent", "first", "fours"][parents - 1])"] = figure(
                "blocks",
                [
                    (0, [:], [(1, 1), (1e11, parents == 1 ? 2e-4 : 0.3)]),
                    (1, [:], [(1, 1), (2e11, 1e-4)]),
                    (2, [:], [(1, 1), (2e11, 2e-4), (3e11, 1e-4)]),
                ])
        }
        figures["rates"] = figure(
            "blocks",
            [
                (1, [:], pairs([0.1, 0.03, 0.01], [3, 1, 2])),
                (2, [:], pairs([0.1, 0.03, 0.01], [3, 1, 2])),
            ])
        figures["ratios"] = figure(
            "blocks", [("10 of 2", [:], pairs([1, 2, 4], [3, 1.2, 1]))])
        figures["long-first"] = figure(
            "blocks",
            [
                ("cosine from 0.03", [:], [(1, 1), (1e4, 1e-5)]),
                ("cosine from 0.003", [:], [(1, 1), (1e4, 2e-5)]),
                ("log-cosine from 0.03", [:], [(1, 1), (1e4, 3e-5)]),
            ])
        figures["counts-known"] = figure(
            "baselines",
            [(64, ["chi": 64], [1e4, 1e5, 1e6].map { ($0, 0.5 * 64 / (2 * $0)) })])
        figures["single-pass-table"] = figure(
            "baselines",
            [
                ("network", ["N": 4096, "M": 4096], pairs([1e4, 1e5, 1e6], [3, 0.8, 0.03])),
                ("unknown graph", [:], pairs([1e4, 1e5, 1e6], [2, 1.2, 0.1])),
            ])
        let stored = [
            (0.1, [3.6, 0.54, 7.5e-3, 1.6e-3, 3.9e-4]), (0.8, [5.8, 6.4, 6.9, 6.8, 6.7]),
        ]
        figures["filtration-curves"] = figure(
            "filtration",
            stored.map {
                (.number($0.0), ["N": 4096, "M": 4096], pairs([1, 10, 100, 300, 1000], $0.1))
            })
    }

    var inputs: [String: [StageInput]] {
        let series = figures.keys.sorted().map { name -> StageInput in
            let curves = figures[name]?.curves ?? []
            let json: JSON = [
                "format": "bitlaw/factor-series/1", "name": .string(name),
                "section": .string(figures[name]?.section ?? ""),
                "title": .string("figure <\(name)>"),
                "x": "x", "y": "y", "level": .null, "level_name": "", "mark": "chibar",
                "curves": .array(
                    curves.map { curve in
                        [
                            "value": curve.value,
                            "label": .string(curve.value.text ?? curve.value.canonicalText),
                            "facts": .object(curve.facts.mapValues { .number($0) }),
                            "points": .array(
                                curve.points.map { x, y in
                                    [
                                        "x": .number(x), "count": 3, "mean": .number(y),
                                        "geometric": .number(0.9 * y), "low": .number(0.5 * y),
                                        "high": .number(2 * y), "slope": .null,
                                    ]
                                }),
                        ]
                    }),
            ]
            return given(json, from: "\(name)-stage")
        }
        func facts(_ list: [[String: Double]], _ stage: String) -> [StageInput] {
            list.enumerated().map { index, values in
                given(.object(values.mapValues { .number($0) }), from: "\(stage)[case=\(index)]")
            }
        }
        return [
            "series": series, "entropies": facts(entropies, "entropy"),
            "ranks": facts(ranks, "rank"),
        ]
    }

    /// The verdicts by number.
    func verdicts() throws -> [Int: String] {
        let claims = try run(FactorReportStage.self, [:], inputs).json("claims").elements ?? []
        var verdicts: [Int: String] = [:]
        for claim in claims {
            if let number = claim["number"]?.integer { verdicts[number] = claim["verdict"]?.text }
        }
        return verdicts
    }
}
