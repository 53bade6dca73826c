import Canon
import Glibc
import Laws
import Testing
import Workbench

private let warmUp: JSON = [
    "until": 2160, "shape": "linear", "from": 0, "to": 3e-4, "reaches_end": true,
]

/// The schedules of the three fitted curves.
private let schedules: JSON = [
    "constant_24000": [warmUp, ["until": 24000]],
    "cosine_24000": [warmUp, ["until": 24000, "shape": "cosine", "to": 3e-5]],
    "wsdcon_9": [warmUp, ["until": 8000], ["until": 16000, "to": 9e-5]],
]

@Suite struct LawScheduleTests {
    @Test func `phases give the rates of their steps`() throws {
        let curves: JSON = [
            "a": [
                ["until": 3, "shape": "linear", "from": 0, "to": 4, "reaches_end": true],
                ["until": 5], ["until": 7, "shape": "exponential", "to": 1],
                ["until": 9, "shape": "cosine", "to": 0],
            ]
        ]
        let table = try Table(
            csv: run(ScheduleRatesStage.self, ["curves": curves]).bytes("rates"))
        let rates = table.rows.compactMap { $0[2].double }
        for (found, expected) in zip(rates, [0, 2, 4, 4, 4, 4, 2, 1, 0.5]) {
            #expect((found - expected).magnitude < 1e-12)
        }
        #expect(rates.count == 9)
    }

    @Test(
        arguments: [
            (["a": []], "curves: a: expected a list of phases"),
            (["a": [["until": 0]]], "curves: a: phase 1: until: expected a step beyond 0"),
            (
                ["a": [["until": 4]]],
                "curves: a: phase 1: from: expected a rate of at least 0, found none"
            ),
            (
                ["a": [["until": 4, "shape": "cosinus", "from": 1]]],
                "phase 1: shape: expected constant, linear, cosine, exponential, found \"cosinus\""
            ),
            (["a": [["untill": 4]]], "phase 1: unknown member `untill`"),
        ] as [(JSON, String)])
    func `a phase that does not fit is told`(curves: JSON, message: String) {
        let text = failure { _ = try run(ScheduleRatesStage.self, ["curves": curves]) }
        #expect(text.contains(message), "\(text)")
    }

    /// The measured curves of Luo et al., their published parameters, and scipy's value of the objective.
    @Test(arguments: [
        (
            "100M",
            [2.6514477, 0.60115152, 437.94643, 0.45295811, 2.1324561, 0.59785199, 0.65523644]
        ),
        (
            "400M",
            [2.3747447, 0.65421216, 523.42464, 0.42878731, 2.0246273, 0.59350493, 0.63472457]
        ),
    ])
    func `the published law has the reference's objective`(size: String, natural: [Double]) throws {
        guard let curves = try sharedFile("data/lr-schedules/curves.csv") else { return }
        let rates = try run(ScheduleRatesStage.self, ["curves": schedules]).bytes("rates")
        let names = ["L0", "A", "B", "alpha", "C", "beta", "gamma"]
        let json = try run(
            LawScheduleStage.self,
            [
                "curve": "schedule", "where": .string("size == '\(size)' and role == 'train'"),
                "at": .object(Dictionary(zip(names, natural.map { .number($0) })) { $1 }),
            ], ["points": [given(curves)], "schedule": [given(rates)]]
        ).json("law")
        for row in try ModernLawReference.rows("mpl-\(size)-objective-at") {
            let found = json["objective"]?["value"]?.double
            #expect(row.holds(found), "\(found ?? .nan), expected \(row.value)")
        }
        #expect(json["isFitted"] == false)
    }

    @Test(arguments: [("100M", 0.999), ("400M", 0.99)])
    func `the annealing law is a formula over the sums of a schedule`(
        size: String, decay: Double
    ) throws {
        guard let curves = try sharedFile("data/lr-schedules/curves.csv") else { return }
        let train = try run(
            TableImportStage.self,
            [
                "columns": [
                    ["name": "size", "type": "text"], ["name": "schedule", "type": "text"],
                    ["name": "role", "type": "text"], ["name": "step"], ["name": "loss"],
                ],
                "where": ["role == 'train'", .string("size == '\(size)'")],
            ], ["file": [given(curves)]]
        ).bytes("table")
        let rates = try run(ScheduleRatesStage.self, ["curves": schedules]).bytes("rates")
        let sums = try run(
            ScheduleSumsStage.self,
            ["curve": "schedule", "decay": .number(decay), "from_step": 2160],
            ["points": [given(train)], "schedule": [given(rates)]]
        ).bytes("table")
        let json = try run(
            LawFitStage.self,
            [
                "form": "L0 + A*S1^-alpha - C*S2", "y": "loss", "objective": "huber",
                "bootstrap": 0,
                "parameters": [
                    "L0": ["min": 0], "A": ["min": 0], "C": ["min": 0],
                    "alpha": ["min": 0.05, "max": 3],
                ],
            ], ["points": [given(sums)]]
        ).json("law")
        for row in try ModernLawReference.rows("anneal-\(size)-\(decay)-huber")
        where row.parameter != "mean absolute error" {
            let found =
                row.parameter == "objective"
                ? json["objective"]?["value"]?.double
                : json["parameters"]?[row.parameter]?["value"]?.double
            #expect(row.holds(found), "\(row.parameter): \(found ?? .nan), expected \(row.value)")
        }
    }
}

@Suite struct LawMinimizeTests {
    /// Laws of two shares whose sum of exponentials has a closed minimum.
    private func laws() throws -> [[UInt8]] {
        var text = "r_a,r_b,one,two\n"
        for place in 1..<20 {
            let a = Double(place) / 20
            text += "\(a),\(1 - a),\(1 + Glibc.exp(-4 * a)),\(2 + Glibc.exp(-2 * (1 - a)))\n"
        }
        return try ["one", "two"].map { y in
            try run(
                LawFitStage.self,
                [
                    "form": "c + exp(u*r_a + v*r_b)", "y": .string(y), "space": "linear",
                    "bootstrap": 0, "parameters": ["c": ["min": 0]],
                ], ["points": [given(text)]]
            ).bytes("law")
        }
    }

    @Test func `the best mixture of two laws is that of the closed form`() throws {
        let inputs = try laws().enumerated().map { given($0.element, from: "law\($0.offset)") }
        // 4 exp(−4a) = 2 · 3 exp(−2(1 − a)): the slopes of both are the same.
        let a: Double = (2 + Glibc.log(2.0 / 3.0)) / 6
        let json = try run(LawMinimizeStage.self, ["weights": [1, 3]], ["laws": inputs])
            .json("minimum")
        #expect(((json["inputs"]?["r_a"]?["value"]?.double ?? 0) - a).magnitude < 1e-4)
        #expect(json["inputs"]?["r_a"]?["isBeyond"] == false)
        #expect(json["warnings"] == [])
    }

    @Test func `a minimum outside of the fitted range is said to extrapolate`() throws {
        let inputs = try laws().enumerated().map { given($0.element, from: "law\($0.offset)") }
        let json = try run(
            LawMinimizeStage.self, ["weights": [1, 0], "within": "bounds"], ["laws": inputs]
        ).json("minimum")
        #expect(json["inputs"]?["r_a"]?["value"] == 1)
        #expect(json["inputs"]?["r_a"]?["isBeyond"] == true)
        let text = (json["warnings"]?.elements ?? []).compactMap { $0.text }.joined()
        #expect(text.contains("r_a = 1.00 lies outside of the fitted 0.0500 to 0.950"), "\(text)")
        let refused = failure {
            _ = try run(LawMinimizeStage.self, ["weights": [1]], ["laws": inputs])
        }
        #expect(
            refused == "weights: expected one for each of 2 laws (law0, law1), found 1")
    }
}
