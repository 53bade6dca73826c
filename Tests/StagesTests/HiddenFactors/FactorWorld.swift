import Canon
import Experiment
import Numerics
import System
import TestSupport
import Workbench

/// Results as the pages on hidden factors are given them, such that every claim holds.
struct FactorWorld {
    /// Runs of a stage: where each stands, and its numbers.
    var runs: [String: [(at: [(String, JSON)], values: [String: Double])]] = [:]
    /// Figures of factors.series.
    var figures:
        [String: [(value: JSON, facts: [String: Double], points: [(x: Double, y: Double)])]] = [:]

    /// Stages whose runs are rows of one table.
    private static let tables = ["counts", "filtration-epochs", "stored-filtration"]

    init() {
        runs["entropy"] = [
            (
                [("drawn", "a")],
                ["mean": 4.1, "expected": 4.096, "difference": 0.001, "violation": 1e-15]
            )
        ]
        runs["rank"] = [
            (
                [("case", "a")],
                ["rank": 13, "bound": 13, "chibar": 16, "rank_modulo_rows": 12, "next_pivot": 0]
            )
        ]
        for samples in [100.0, 1000, 10_000, 100_000] {
            add(
                "counts", [:],
                ["samples": samples, "excess": 2 / samples, "chi": 8, "rate": 4 / samples])
        }
        for p in [2.0, 4] {
            for (part, loss) in [(0.5, 0.1), (1, 1e-3), (2, 5e-4)] {
                add(
                    "capacity-run", ["p": .number(p), "grid_width": .number(part * 3 * p)],
                    ["train": loss, "chibar": 3 * p])
            }
        }
        for (parents, loss) in [(1.0, 1e-5), (2, 3e-5), (3, 6e-5), (4, 1e-4)] {
            add(
                "compression-run", ["parents": .number(parents)],
                ["train": loss, "chi": 16 * Elementary.exp(0.6931 * parents)])
        }
        for (beta, test, train) in [(0.1, 1e-3, 1e-3), (0.4, 1, 0.1), (0.8, 7, 1)] {
            add(
                "filtration-run", ["beta": .number(beta)],
                ["test": test, "train": train, "uniform_excess": 5.5, "N": 4096, "M": 4096])
        }
        for epoch in [1.0, 10] {
            add("stored-filtration", [:], ["epoch": epoch, "loss": 8])
            add("filtration-epochs", [:], ["x": epoch, "mean": 4])
        }
        for (name, test) in [("fixed", 1e-4), ("learned", 8.0), ("trained-factors", 1e-4)] {
            add(
                "embedding-run", ["embedding": .string(name)],
                ["test": test, "train": 1e-4, "uniform_excess": 5])
        }
        add("facts", [:], ["input_free_excess": 2.5])
        for (chi, test) in [(64.0, 1e-3), (256, 1e-2), (16_384, 9), (16_385, 10)] {
            add(
                "cut-run", ["cut": ["name": .string("\(chi)")]],
                ["test": test, "train": 1e-4, "chi": chi, "N": 1024])
        }
        for parents in [1.0, 2, 3] {
            for (place, gamma) in [0.1, 0.2, 0.4].enumerated() {
                add(
                    "split-run", ["parents": .number(parents), "gamma": .number(gamma)],
                    [
                        "test": Double(place) + 1 < parents ? 0.1 : 1e-3, "gamma": gamma,
                        "parents": parents, "N": 1024, "chi": 32 * Double(1 << Int(parents - 1)),
                    ])
            }
        }
        for (name, parents) in [("first", 2.0), ("one-parent", 1)] {
            let at: JSON = [
                "name": .string(name), "id": .string(name), "parents": .number(parents),
            ]
            for layers in [0.0, 1] {
                add(
                    "layers-run", ["layers": .number(layers), "problem": at],
                    ["test": layers == 0 && parents == 2 ? 0.1 : 1e-3])
            }
            for (rate, test) in [(0.1, 1e-2), (0.03, 1e-4), (0.01, 1e-3)] {
                add("rates-run", ["rate": .number(rate), "problem": at], ["test": test])
            }
            for (ratio, test) in [(1.0, 1.2), (2, 1), (4, 0.9)] {
                add("ratio-run", ["ratio": .number(ratio), "problem": at], ["test": test])
            }
        }
        for (name, schedule, rate, test) in [
            ("cosine from 0.03", "cosine", 0.03, 1e-4), ("cosine from 0.01", "cosine", 0.01, 2e-4),
            ("log-cosine from 0.03", "log-cosine", 0.03, 3e-4),
        ] {
            add(
                "long-run",
                [
                    "pace": [
                        "name": .string(name), "schedule": .string(schedule), "rate": .number(rate),
                    ], "long_problem": ["name": "first"],
                ], ["test": test])
        }
        addFigures()
    }

    private mutating func addFigures() {
        let size = ["N": 4096.0, "M": 4096]
        figures["width-flops"] = [("", ["chibar": 8], [(4, 5e-3), (8, 1e-3), (32, 8e-4)])]
        figures["width-steps"] = [("", ["chibar": 8], [(4, 0.5), (8, 0.06), (32, 0.003)])]
        figures["single-pass-final"] = [1, 0.1].map {
            (.number($0), [:], [(32, 3e-3), (64, 0.01), (128, 0.02)])
        }
        figures["single-pass-table"] = [
            ("network", size, [(10, 3), (30, 1), (100, 0.1)]),
            ("unknown graph", size, [(10, 2), (30, 1.2), (100, 0.3)]),
        ]
        figures["embeddings"] = [("learned", [:], [(1, 4), (1000, 8)])]
        figures["layers"] = [(1, [:], [(10, 1)]), (2, [:], [(10, 2), (20, 1)])]
        for (parents, gain) in [(1.0, 8.0), (2, 4), (3, 2)] {
            figures["reuse-\(Int(parents))"] = [
                (10, [:], [(0.1, 1), (0.3, 2), (0.9, 1.25 * gain)]),
                (30, [:], [(0.1, 0.9), (0.3, 0.1), (0.9, 0.1 * gain)]),
                (100, [:], [(0.1, 0.8), (0.3, 0.01), (0.9, 0.01 * gain)]),
            ]
        }
    }

    private mutating func add(_ stage: String, _ at: [String: JSON], _ values: [String: Double]) {
        let axes = JSON.sorted(at.keys).map { ($0, at[$0] ?? .null) } + [("replicate", 0)]
        runs[stage, default: []].append((axes, values))
    }

    /// An output of an action.
    private func output(_ stage: String, _ name: String, _ at: [(String, JSON)], _ text: String)
        -> StageInput
    {
        let bytes = Array(text.utf8)
        return StageInput(
            producer: stage, output: name,
            coordinates: at.map { Coordinate(axis: $0.0, value: $0.1) },
            digest: Digest(of: bytes.span), read: { bytes }, place: { throw TestMistake("no path") }
        )
    }

    /// What a page is given.
    private var inputs: [StageInput] {
        var inputs: [StageInput] = []
        for stage in JSON.sorted(runs.keys) {
            let all = runs[stage] ?? []
            guard Self.tables.contains(stage) else {
                inputs += all.map {
                    output(
                        stage, "summary", $0.at,
                        JSON.object($0.values.mapValues { .number($0) }).canonicalText)
                }
                continue
            }
            let columns = JSON.sorted(all.first?.values.keys ?? [:].keys)
            let rows = all.map { run in
                columns.map { "\(run.values[$0] ?? 0)" }.joined(separator: ",") + ",known graph\n"
            }
            let at: [(String, JSON)] = stage == "counts" ? [("parents", 1), ("replicate", 0)] : []
            inputs.append(
                output(
                    stage, "table", at,
                    columns.joined(separator: ",") + ",estimator\n" + rows.joined()))
        }
        for name in JSON.sorted(figures.keys) {
            let curves = (figures[name] ?? []).map { curve -> JSON in
                [
                    "value": curve.value, "facts": .object(curve.facts.mapValues { .number($0) }),
                    "points": .array(
                        curve.points.map {
                            ["x": .number($0.x), "mean": .number($0.y), "geometric": .number($0.y)]
                        }),
                ]
            }
            let json: JSON = ["curves": .array(curves)]
            let parts = name.split(separator: "-")
            let at: [(String, JSON)] =
                parts[0] == "reuse"
                ? [("parents", .number(Double(parts[1]) ?? 0))]
                : name == "layers" ? [("problem", ["name": "first", "id": "first"])] : []
            inputs.append(
                output(parts[0] == "reuse" ? "reuse" : name, "series", at, json.canonicalText))
        }
        return inputs
    }

    /// The verdicts by the names of the claims.
    func verdicts() throws -> [String: ClaimOutcome.Verdict] {
        let path = "\(Repository.root)/pipelines/hidden-factors/claims.yaml"
        guard let bytes = try readWholeFile(path) else { throw TestMistake("no \(path)") }
        let judge = ClaimJudge(Results(inputs))
        var verdicts: [String: ClaimOutcome.Verdict] = [:]
        for claim in try ClaimsFile(path: path, bytes: bytes, isStandingAlone: false).claims {
            verdicts[claim.name] = try judge.judge(claim).verdict
        }
        return verdicts
    }
}
