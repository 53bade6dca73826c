import Canon
import Experiment
import Laws
import Numerics
import Testing
import Workbench

/// The three approaches, comparison, prediction: on data whose truth is known.
@Suite struct LawStageTests {
    private func number(_ json: JSON, _ name: String) -> Double {
        json[name]?["value"]?.double ?? .nan
    }

    /// Noise-free IsoFLOP curves of a Chinchilla surface; sizes up to `width` off the optimum.
    private func curves(
        alpha: Double, beta: Double, width: Double, count: Int = 15
    ) throws -> (points: StageInput, law: JSON) {
        let natural = [1.69, 406.4, 410.7, alpha, beta]
        let scale = LawScale(inputs: [0, 0], output: 0)
        var table = Table(columns: ["N", "C", "loss"])
        let a = beta / (alpha + beta)
        let g = Elementary.exp(
            Elementary.log(alpha * natural[1] / (beta * natural[2])) / (alpha + beta))
        for budget in [1e19, 1e20, 1e21, 1e22] {
            let best = g * Elementary.power(budget / 6, a)
            for step in 0..<count {
                let t = 2 * Double(step) / Double(count - 1) - 1
                let n = best * Elementary.exp(t * Elementary.log(width))
                let loss = PowerSum.chinchilla.predict(
                    natural, [[n], [budget / (6 * n)]], scale)[0]
                table.append([.number(n), .number(budget), .number(loss)])
            }
        }
        var parameters: [String: JSON] = [:]
        for (name, value) in zip(["E", "A", "B", "alpha", "beta"], natural) {
            parameters[name] = ["value": .number(value)]
        }
        let law: JSON = [
            "format": "bitlaw/law/1", "form": "chinchilla", "parameters": .object(parameters),
            "scale": ["inputs": [0, 0], "output": 0, "ends": [0, 0]],
        ]
        return (given(table.csv()), law)
    }

    @Test func `a parabola's exponent is exact and its prefactor is off as the bias check says`()
        throws
    {
        for (width, expected) in [(2.0, -0.0033), (8, -0.029)] {
            let (points, law) = try curves(alpha: 0.34, beta: 0.28, width: width)
            let result = try run(
                LawIsoflopStage.self, ["at": [1e24], "bootstrap": 0],
                ["points": [points], "law": [given(law)]])
            let json = try result.json("allocation")
            #expect((number(json, "a") - 0.28 / 0.62).magnitude < 1e-6)
            let biases = json["gridBias"]?["N"]?.elements?.compactMap { $0.double } ?? []
            #expect(biases.count == 4)
            // The facts give the error of D*, which is that of 1/N* under C = 6ND.
            for bias in biases {
                let tokens = 1 / (1 + bias) - 1
                #expect(
                    (tokens - expected).magnitude < 0.15 * expected.magnitude,
                    "grid of ±\(width): \(tokens)")
            }
            #expect(try MarkupCheck(result.drawn("plot")).oddCoordinates == [])
        }
    }

    @Test func `a symmetric surface has no bias, and Akima's minimum hardly any`() throws {
        let (symmetric, law) = try curves(alpha: 0.3, beta: 0.3, width: 16)
        let json = try run(
            LawIsoflopStage.self, ["bootstrap": 0], ["points": [symmetric], "law": [given(law)]]
        ).json("allocation")
        for bias in json["gridBias"]?["N"]?.elements ?? [] {
            #expect((bias.double ?? 1).magnitude < 1e-6)
        }
        let (points, _) = try curves(alpha: 0.465, beta: 0.155, width: 8)
        let akima = try run(
            LawIsoflopStage.self, ["bootstrap": 0, "minimum": "akima", "at": [1e21]],
            ["points": [points]]
        ).json("allocation")
        #expect((number(akima, "a") - 0.25).magnitude < 1e-4)
    }

    @Test func `budgets without an interior minimum are named`() throws {
        var table = Table(columns: ["N", "C", "loss"])
        for budget in [1e19, 1e20, 1e21] {
            for n in [1e8, 2e8, 4e8, 8e8] {
                table.append([.number(n), .number(budget), .number(5 - Elementary.log(n) / 10)])
            }
        }
        let text = failure {
            _ = try run(LawIsoflopStage.self, [:], ["points": [given(table.csv())]])
        }
        #expect(
            text.hasPrefix(
                "expected at least one budget with a minimum inside, found none (1e19: "))
        #expect(text.contains("no interior minimum"))
    }

    @Test func `the envelope of training curves finds the exponent that made them`() throws {
        var table = Table(columns: ["run", "N", "C", "loss"])
        let natural = [1.69, 406.4, 410.7, 0.34, 0.28]
        for size in 0..<24 {
            let n = 1e7 * Elementary.exp(0.35 * Double(size))
            for step in 0..<60 {
                let d = n * Elementary.exp(0.15 * Double(step) - 2)
                let loss = PowerSum.chinchilla.predict(
                    natural, [[n], [d]], LawScale(inputs: [0, 0], output: 0))[0]
                table.append([
                    .number(Double(size)), .number(n), .number(6 * n * d), .number(loss),
                ])
            }
        }
        let json = try run(
            LawEnvelopeStage.self, ["bootstrap": 20, "where": "C > 1e18 and C < 1e21"],
            ["points": [given(table.csv())]]
        ).json("allocation")
        #expect((number(json, "a") - 0.28 / 0.62).magnitude < 0.03)
        #expect((number(json, "b") + number(json, "a") - 1).magnitude < 1e-12)
        let smooth = try run(
            LawEnvelopeStage.self,
            ["bootstrap": 0, "smooth": 0.6, "where": "C > 1e18 and C < 1e21"],
            ["points": [given(table.csv())]]
        ).json("allocation")
        #expect((number(smooth, "a") - 0.28 / 0.62).magnitude < 0.04)
        let final = try run(
            LawEnvelopeStage.self, ["bootstrap": 0, "curves": false],
            ["points": [given(table.csv())]]
        ).json("allocation")
        #expect(final["warnings"]?.elements?.count == 1)
    }

    @Test func `a law file predicts what the fit does, and says how far beyond its points`() throws
    {
        var table = Table(columns: ["samples", "y"])
        for step in 0..<12 {
            let x = 100 * Elementary.exp(0.6 * Double(step))
            let wiggle = 1 + 0.01 * Elementary.sin(9 * Double(step))
            table.append([.number(x), .number((0.1 + 3 / x.squareRoot()) * wiggle)])
        }
        let json = try run(
            LawFitStage.self,
            ["x": "samples", "y": "y", "form": "power-law-with-floor", "bootstrap": 100],
            ["points": [given(table.csv())]]
        ).json("law")
        let law = try LawFile(json)
        let predicted = law.predict([1e6])
        let value = predicted.value
        let parts = ["E", "A", "alpha"].map { json["parameters"]?[$0]?["value"]?.double ?? .nan }
        let direct = parts[0] + parts[1] * Elementary.power(1e6, -parts[2])
        #expect((value / direct - 1).magnitude < 1e-12)
        let found = try predicted.law.get()
        #expect(found.low < value && value < found.high)
        let run = try predicted.newRun.get()
        #expect(run.low < found.low && found.high < run.high)
        #expect(predicted.extrapolation > 10 && predicted.extrapolation < 20)
        #expect(
            failure { _ = try LawFile(["format": "other"]) }.hasPrefix("expected a law of format"))
    }

    @Test func `held parameters stay, and cannot be held without what their unit needs`() throws {
        var table = Table(columns: ["x", "y"])
        for step in 0..<10 {
            let x = Elementary.exp(Double(step))
            table.append([.number(x), .number(0.5 + 2 * Elementary.power(x, -0.7))])
        }
        let base: [String: JSON] = [
            "x": "x", "y": "y", "form": "power-law-with-floor", "bootstrap": 20,
        ]
        let points = ["points": [given(table.csv())]]
        let json = try run(LawFitStage.self, base.merging(["fix": ["E": 0.5]]) { $1 }, points).json(
            "law")
        #expect(json["parameters"]?["E"]?["value"] == 0.5)
        #expect(json["parameters"]?["E"]?["held"] == true)
        #expect((json["parameters"]?["alpha"]?["value"]?.double ?? 0) - 0.7 < 1e-8)
        #expect(
            failure {
                _ = try run(LawFitStage.self, base.merging(["fix": ["A": 2]]) { $1 }, points)
            }
                == "A can only be held together with alpha")
        #expect(
            failure {
                _ = try run(LawFitStage.self, base.merging(["fix": ["B": 2]]) { $1 }, points)
            }
                == "fix: expected numbers for E, A, alpha, found B: 2")
    }

    @Test func `laws and allocations are compared in one table`() throws {
        var table = Table(columns: ["x", "y"])
        for step in 0..<14 {
            let x = Elementary.exp(0.8 * Double(step))
            let wiggle = 1 + 0.003 * Elementary.cos(7 * Double(step))
            table.append([.number(x), .number((0.05 + 2 * Elementary.power(x, -0.5)) * wiggle)])
        }
        let laws = try ["power-law", "power-law-with-floor", "m3"].map { form in
            given(
                try run(
                    LawFitStage.self,
                    ["x": "x", "y": "y", "form": .string(form), "bootstrap": 0, "x_max": 3000],
                    ["points": [given(table.csv())]]
                ).json("law"), from: form)
        }
        let compared = try run(LawCompareStage.self, [:], ["laws": laws])
        let rows = try Table(csv: compared.bytes("table"))
        #expect(rows.rows.count == 3)
        let deltas = rows[column: "delta_aicc"]?.map { $0.double ?? .nan } ?? []
        #expect(deltas[1] == 0 && deltas[0] > 10)
        #expect(try MarkupCheck(compared.drawn("plot")).oddCoordinates == [])
        #expect(
            failure { _ = try run(LawCompareStage.self, [:], [:]) }
                == "expected laws or allocations, found neither")
    }

    @Test func `intervals hold the truth about as often as they say`() throws {
        let csv = try run(
            LawCoverageStage.self,
            [
                "form": "power-law", "parameters": ["A": 3, "alpha": 0.4],
                "inputs": ["x": ["from": 10, "to": 100_000, "points": 12]], "noise": 0.05,
                "simulations": 60, "bootstrap": 60,
            ]
        ).bytes("coverage")
        let table = try Table(csv: csv)
        let profile = table.filtered(["parameter": "alpha", "interval": "profile"])
        let share = profile[column: "coverage"]?.first?.double ?? 0
        #expect((0.85...1).contains(share))
    }
}
