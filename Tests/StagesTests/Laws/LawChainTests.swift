import Canon
import Experiment
import Glibc
import Laws
import Numerics
import Testing
import Workbench

private let step2: JSON = [
    "name": "step2", "form": "a/(1 + exp(-k*(L - L0))) + b", "y": "acc", "columns": ["L": "bpb"],
    "space": "linear", "input": "then", "group": "run",
    "parameters": [
        "a": ["min": -1, "max": 0], "L0": ["min": 0], "k": ["min": 0],
        "b": ["min": 0, "max": 1],
    ],
]

/// Runs of a planted ladder: loss = 1 + 40/√n, then accuracy = 1 − .7/(1 + exp(−3 (loss − 1.6))).
private func planted(noise: Double) -> String {
    var stream = RandomStream(seed: 11, purpose: "noise")
    var text = "run,n,role,loss,accuracy\n"
    for run in 0..<14 {
        let n = 400 * Glibc.pow(1.6, Double(run))
        let loss = (1 + 40 / n.squareRoot()) * (1 + noise * stream.normal())
        let accuracy = 1 - 0.7 / (1 + Glibc.exp(-3 * (loss - 1.6))) + noise * stream.normal()
        text += "r\(run),\(n),\(run < 11 ? "train" : "target"),\(loss),\(accuracy)\n"
    }
    return text
}

private func chain(
    _ points: String, _ changes: [String: JSON] = [:], second: [String: JSON] = [:],
    seed: UInt64 = 1
) throws -> StageRun {
    let last: [String: JSON] = [
        "form": "1 + a/(1 + exp(-k*(loss - m)))", "y": "accuracy", "space": "linear",
        "parameters": [
            "a": ["min": -1, "max": 0], "k": ["min": 0, "max": 50], "m": ["min": 0, "max": 9],
        ],
        "group": "run",
    ]
    var all: [String: JSON] = [
        "steps": [
            ["form": "E + A/n^alpha", "y": "loss", "group": "run"],
            .object(last.merging(second) { $1 }),
        ],
        "targets": "role == 'target'", "label": "run", "bootstrap": 60,
    ]
    all.merge(changes) { $1 }
    return try run(LawChainStage.self, all, seed: seed, ["points": [given(points)]])
}

@Suite struct LawChainTests {
    @Test func `a planted chain is found, and predicts rows that no step has seen`() throws {
        let made = try chain(planted(noise: 0))
        let json = try made.json("chain")
        let predictions = json["predictions"]?.elements ?? []
        #expect(predictions.map { $0["target"] } == ["r11", "r12", "r13"])
        for one in predictions {
            let step = one["steps"]?["step2"]
            #expect((step?["error"]?.double ?? 1).magnitude < 1e-7)
        }
        #expect(json["steps"]?.elements?.map { $0["points"] } == [11, 11])
        let table = try Table(csv: made.bytes("predictions"))
        #expect(table.columns.prefix(3) == ["target", "step1_value", "step1_low"])
        #expect(table.rows.count == 3)
    }

    /// With every parameter of the last step held, its interval is the image of the first one's.
    @Test func `the interval of the last step holds the uncertainty of the first`() throws {
        let json = try chain(
            planted(noise: 0.004), second: ["parameters": ["a": -0.7, "k": 3, "m": 1.6]]
        ).json("chain")
        let steps = json["byTarget"]?["r13"]?["steps"]
        func image(_ member: String) -> Double {
            let loss = steps?["step1"]?[member]?.double ?? 0
            return 1 - 0.7 / (1 + Glibc.exp(-3 * (loss - 1.6)))
        }
        let low = steps?["step2"]?["low"]?.double ?? 0
        let high = steps?["step2"]?["high"]?.double ?? 0
        #expect(high - low > 1e-3)
        // Quantiles between two samples are straight lines, the law between them is not quite.
        let ends = [image("low"), image("high")].sorted()
        #expect((ends[0] - low).magnitude < 0.01 * (high - low))
        #expect((ends[1] - high).magnitude < 0.01 * (high - low))
    }

    @Test func `a group that two steps share is drawn for both at once`() throws {
        // Both steps fit the same law to the same rows: with the same draws their laws agree in each sample.
        let json = try chain(
            planted(noise: 0.01),
            [
                "steps": [
                    ["form": "E + A/n^alpha", "y": "loss", "group": "run", "as": "accuracy"],
                    [
                        "form": "0*accuracy + E + A/n^alpha", "y": "loss", "group": "run",
                        "parameters": ["E": ["min": -100]],
                    ],
                ]
            ]
        ).json("chain")
        for target in json["predictions"]?.elements ?? [] {
            let (one, two) = (target["steps"]?["step1"], target["steps"]?["step2"])
            for member in ["value", "low", "high"] {
                let found = (one?[member]?.double ?? 0) - (two?[member]?.double ?? 1)
                #expect(found.magnitude < 1e-6, "\(member): \(found)")
            }
        }
    }

    /// Many samples draw fewer than three of the four runs of the first step, which has three parameters.
    @Test func `there is no interval where many samples cannot be fitted, and a warning says so`()
        throws
    {
        let second: JSON = [
            "form": "1 - a*loss", "y": "accuracy", "space": "linear", "group": "run",
        ]
        let first: JSON = [
            "form": "E + A/n^alpha", "y": "loss", "group": "run", "where": "n < 2000",
        ]
        let json = try chain(planted(noise: 0.004), ["steps": [first, second]]).json("chain")
        let samples = json["bootstrap"]?["samples"]?.double ?? 60
        #expect(samples < 57, "\(samples)")
        for target in json["predictions"]?.elements ?? [] {
            #expect(target["steps"]?["step2"]?["low"] == .null)
        }
        let warning = json["warnings"]?.elements?.first?.text ?? ""
        #expect(
            warning.hasPrefix(
                "no interval: \(60 - Int(samples)) of 60 bootstrap samples could not"),
            "\(warning)")
    }

    @Test func `the same seed gives the same bits, another seed others`() throws {
        let points = planted(noise: 0.004)
        let one = try chain(points).bytes("chain")
        #expect(try chain(points).bytes("chain") == one)
        #expect(try chain(points, seed: 2).bytes("chain") != one)
    }

    @Test(
        arguments: [
            (
                ["targets": "role == 'none'"],
                "targets: expected a row of `points` for which it holds"
            ),
            (["targets": "rule == 'target'"], "unknown name `rule`"),
            (
                ["steps": [["form": "E + A/n^alpha", "y": "loss", "frm": 1]]],
                "unknown member `frm`"
            ),
            (["steps": [["form": "E + A/n^alpha"]]], "step1: expected the member `y`"),
            (["steps": ["E + A/n^alpha"]], "steps: step1: expected a mapping"),
            (
                ["steps": [["form": "E + A/n^alpha", "y": "loss", "delta": "wide"]]],
                "step1: delta: expected a number greater than 0, found \"wide\""
            ),
            (
                ["steps": [["form": "E + A/n^alpha", "y": "loss", "input": "then"]]],
                "step1: input: expected an input `then` of the stage, found none"
            ),
            (
                [
                    "steps": [
                        ["form": "E + A/n^alpha", "y": "loss", "as": "bpb"],
                        ["form": "1 - a*loss", "y": "accuracy"],
                    ]
                ],
                "step1: no later step takes its value `bpb`; step2 takes loss; name it with `as`"
            ),
        ] as [([String: JSON], String)])
    func `what does not fit is told with its step`(changes: [String: JSON], message: String) {
        let text = failure { _ = try chain(planted(noise: 0), changes) }
        #expect(text.contains(message), "\(text)")
    }

    /// Bhagia et al.'s ladder, step by step and chained, against scipy.
    @Test(arguments: ["hellaswag_val", "csqa_val"])
    func `the ladder's large models are predicted as by the reference`(task: String) throws {
        guard let runs = try sharedFile("data/olmo-ladder/ladder.csv"),
            let checkpoints = try sharedFile("data/olmo-ladder/checkpoints.csv")
        else { return }
        let columns: JSON = [
            ["name": "run", "type": "text"], ["name": "role", "type": "text"],
            ["name": "bpb", "from": .string("\(task)_bpb")],
            ["name": "acc", "from": .string("\(task)_acc")],
        ]
        let curves = try run(
            TableImportStage.self, ["columns": columns, "where": ["role == 'train'"]],
            ["file": [given(checkpoints)]]
        ).bytes("table")
        let smooth = try run(
            TableWindowStage.self,
            [
                "group": ["run"], "drop_first": 0.1, "mean": ["bpb", "acc"], "over": 5,
                "rows": [["bpb": 0, "acc": 1]],
            ], ["table": [given(curves)]]
        ).bytes("table")
        let names = ["logA", "logB", "alpha", "beta", "E"]
        let step1: JSON = [
            "form": "E + exp(logA)/N^alpha + exp(logB)/D^beta", "y": "bpb_loss_avg5",
            "objective": "huber", "where": .string("task == '\(task)'"), "as": "bpb",
            "parameters": .object(Dictionary(names.map { ($0, ["min": 0]) }) { $1 }),
            "group": "run",
        ]
        var second = step2.members ?? [:]
        second["actual"] = "accuracy_avg5"
        let json = try run(
            LawChainStage.self,
            [
                "steps": [step1, .object(second)], "label": "model", "bootstrap": 2,
                "targets": .string("task == '\(task)' and role == 'target'"),
            ], ["points": [given(runs)], "then": [given(smooth)]]
        ).json("chain")
        let steps = json["steps"]?.elements ?? []
        #expect(steps.last?["points"] == 1402)
        for (place, step) in steps.enumerated() {
            for row in try ModernLawReference.rows("olmo-\(task)-step\(place + 1)") {
                // The reference halves squares.
                let found =
                    row.parameter == "objective"
                    ? step["objective"]?["value"]?.double.map { place == 0 ? $0 : $0 / 2 }
                    : step["parameters"]?[row.parameter]?["value"]?.double
                #expect(
                    row.holds(found), "\(task) step \(place + 1) \(row.parameter): \(found ?? .nan)"
                )
            }
        }
        for model in ["7B-4T", "13B-5T"] {
            let target = json["byTarget"]?[model]?["steps"]
            let members = [
                "loss_pred": ("step1", "value"), "loss_relative_error": ("step1", "relativeError"),
                "accuracy_pred": ("step2", "value"), "accuracy_actual_avg5": ("step2", "actual"),
                "accuracy_absolute_error": ("step2", "error"),
                "accuracy_relative_error": ("step2", "relativeError"),
            ]
            for row in try ModernLawReference.rows("olmo-\(task)-chain-\(model)") {
                let place = try #require(members[row.parameter])
                let found = target?[place.0]?[place.1]?.double
                #expect(row.holds(found), "\(task) \(model) \(row.parameter): \(found ?? .nan)")
            }
        }
    }
}

@Suite struct TableWindowTests {
    private let csv = "run,loss,note\na,4,x\nb,9,x\na,2,y\na,3,z\nb,5,y\na,1,w\n"

    @Test func `each group loses its beginning and is smoothed by itself`() throws {
        let table = try run(
            TableWindowStage.self,
            ["group": ["run"], "drop_first": 0.2, "mean": ["loss"], "over": 2],
            ["table": [given(csv)]]
        ).text("table")
        // Of a's 4 rows ⌈.8⌉ = 1 goes, of b's 2 rows ⌈.4⌉ = 1.
        #expect(table == "run,loss,note\na,2,y\na,2.5,z\nb,5,y\na,2,w\n")
    }

    @Test func `rows that are known are appended, with nothing in other columns`() throws {
        let table = try run(
            TableWindowStage.self, ["rows": [["loss": 0]]], ["table": [given(csv)]]
        ).text("table")
        #expect(table.hasSuffix("a,1,w\n,0,\n"))
        let text = failure {
            _ = try run(
                TableWindowStage.self, ["rows": [["los": 0]]], ["table": [given(csv)]])
        }
        #expect(
            text == "rows: no column `los`; expected: loss, note, run; did you mean `loss`?")
    }

    @Test func `what has no mean is told with its place`() {
        let text = failure {
            _ = try run(
                TableWindowStage.self, ["mean": ["note"], "over": 2], ["table": [given(csv)]])
        }
        #expect(text.hasPrefix("given, line 2: mean: expected a number as `note`, found \"x\""))
    }
}
