import Canon
import EqualCompute
import Experiment
import Numerics
import System
import Testing
import Workbench

/// Comparisons at equal compute: published step counts, gradients, resumption, trends.
@Suite struct EqualComputeTests {
    /// Tokens a second, hours, batch, published steps: READMEs of the public repository
    /// languini-kitchen/languini-kitchen, projects gpt and lstm.
    @Test(arguments: [
        (55416.0, 6.0, 128, 18265), (55416, 12, 128, 36529), (55416, 24, 256, 36529),
        (16618, 48, 256, 21908), (16618, 96, 256, 43817), (94781, 6, 80, 49982),
        (36930, 12, 80, 38950), (11143, 24, 84, 22385), (11143, 48, 80, 47010),
        (11143, 96, 160, 47010),
    ])
    func `steps are the published ones`(speed: Double, hours: Double, batch: Int, steps: Int) throws
    {
        let made = try run(
            ComputeStepsStage.self,
            [
                "tokens_per_second": .number(speed), "hours": .number(hours),
                "batch": .number(Double(batch)), "length": 512,
            ]
        ).json("steps")
        #expect(made["steps"]?.integer == steps)
    }

    @Test func `the reference's rows agree, and steps need one throughput`() throws {
        for row in try OptimalReference.rows("languini.steps") {
            let made = try run(
                ComputeStepsStage.self,
                [
                    "tokens_per_second": .number(row.number("tok_per_s")),
                    "hours": .number(row.number("hours")), "batch": .number(row.number("batch")),
                    "length": 512,
                ]
            ).json("steps")
            #expect(made["steps"]?.double == row.values[0])
        }
        let text = failure {
            _ = try run(ComputeStepsStage.self, ["hours": 1, "batch": 1, "length": 1])
        }
        #expect(text.contains("either the parameter or the input `throughput`, found neither"))
    }

    private func text(_ count: Int, classes: Int, streams: Int) -> TextStreams {
        var stream = RandomStream(seed: 8, purpose: "text")
        return TextStreams(
            (0..<count).map { _ in Int32(stream.integer(below: classes)) }, streams: streams)
    }

    @Test(arguments: TextArchitecture.allCases)
    func `the gradient is the loss's slope`(architecture: TextArchitecture) throws {
        let shape = TextShape(architecture, classes: 7, embedding: 4, hidden: 6, context: 3)
        let model = TextModel(shape, streams: 3, length: 5, arithmetic: try .portable())
        let text = text(60, classes: 7, streams: 3)
        var stream = RandomStream(seed: 1, purpose: "initial")
        let start = shape.initialParameters(&stream)
        let (parameters, gradient) = (Buffer(start), Buffer<Float>(count: start.count))
        let scratch = Buffer<Float>(count: start.count)
        // Chunk 1 starts from the state that chunk 0 left.
        _ = model.gradient(parameters, text, chunk: 0, into: scratch)
        let memory = model.memory
        _ = model.gradient(parameters, text, chunk: 1, into: gradient)
        let layout = shape.layout
        let parts = [0, layout.weights, layout.recurrent, layout.output, layout.count]
        for (low, high) in zip(parts, parts.dropFirst()) where high > low {
            let own = gradient.elements(low..<high)
            let length = Float(own.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
            #expect(length > 1e-3)
            func loss(_ shift: Float) -> Double {
                var moved = start
                for (place, slope) in own.enumerated() {
                    moved[low + place] += shift * slope / length
                }
                model.memory = memory
                return model.gradient(Buffer(moved), text, chunk: 1, into: scratch)
            }
            let slope = (loss(0.004) - loss(-0.004)) / 0.008
            #expect(
                (slope / Double(length) - 1).magnitude < 0.01,
                "\(low)..<\(high): \(slope), \(length)")
        }
    }

    @Test(arguments: TextArchitecture.allCases)
    func `training that is stopped and taken up again ends in the same bits`(
        architecture: TextArchitecture
    ) throws {
        let shape = TextShape(architecture, classes: 7, embedding: 4, hidden: 6, context: 3)
        let text = text(100, classes: 7, streams: 2)
        func make() throws -> TextTraining {
            TextTraining(
                shape, streams: 2, length: 5, steps: 30, rate: 0.01, warmup: 3, seed: 2,
                arithmetic: try .portable())
        }
        let once = try make()
        while once.step < 30 { _ = once.advance(text) }
        var twice = try make()
        while twice.step < 30 {
            if twice.step == 13 {
                let state = twice.state
                twice = try make()
                #expect(!twice.restore(Array(state.dropLast())))
                #expect(twice.restore(state))
            }
            _ = twice.advance(text)
        }
        #expect(once.parameters.elements == twice.parameters.elements)
    }

    @Test func `both networks learn the text better than its letters' frequencies`() throws {
        let made = try run(
            ComputeTextStage.self, ["characters": 60000, "test": 6000, "words": 40, "branching": 4])
        let letters = made.bytes("test")
        var counts: [UInt8: Double] = [:]
        for letter in letters { counts[letter, default: 0] += 1 }
        let n = Double(letters.count)
        let entropy = counts.values.reduce(0) { $0 - $1 / n * Elementary.log($1 / n) }
        #expect(entropy > 2 && entropy < 3.4)
        for architecture in ["window", "gru"] {
            let score = try run(
                ComputeTrainStage.self,
                [
                    "architecture": .string(architecture), "hidden": 32, "batch": 8, "length": 16,
                    "rate": 0.01,
                ],
                [
                    "steps": [given(["steps": 400, "hours": 1, "batch": 8, "length": 16])],
                    "train": [given(made.bytes("train"))], "test": [given(letters)],
                ]
            ).json("score")
            let nll = score["nll"]?.double ?? .nan
            #expect(nll < entropy - 0.7, "\(architecture): \(nll) of \(entropy)")
            #expect(
                ((score["perplexity"]?.double ?? 0) / Elementary.exp(nll) - 1).magnitude < 1e-12)
        }
    }

    @Test func `a throughput names its machine, and rounds the fastest repeat`() throws {
        let made = try run(
            ComputeThroughputStage.self,
            ["architecture": "window", "hidden": 8, "batch": 4, "length": 8, "repeats": 3]
        ).json("throughput")
        let steps = (made["step_seconds"]?.elements ?? []).compactMap { $0.double }
        let speed = made["tokens_per_second"]?.double ?? 0
        #expect(steps.count == 3 && speed == (32 / (steps.min() ?? 1)).rounded())
        #expect(made["machine"]?.text == MachineFingerprint.ofMeasurements)
    }

    @Test func `the crossing of two trends is where they meet`() throws {
        var scores: [StageInput] = []
        for (name, slope, level) in [("gru", -0.3, 20.0), ("window", -0.1, 10.0)] {
            for hours in [1.0, 2, 4] {
                for replicate in 0..<3 {
                    let perplexity =
                        level * Elementary.power(hours, slope) * (1 + 1e-4 * Double(replicate))
                    scores.append(
                        given(
                            [
                                "architecture": .string(name), "hours": .number(hours),
                                "perplexity": .number(perplexity), "parameters": 10,
                            ], from: "train", at: [("replicate", .number(Double(replicate)))]))
                }
            }
        }
        let made = try run(ComputeTrendsStage.self, [:], ["scores": scores])
        let trends = try made.json("trends")
        // 20 h^−0.3 = 10 h^−0.1 at h = 2⁵.
        let crossing = trends["crossing"]
        #expect(((crossing?["value"]?.double ?? 0) / 32 - 1).magnitude < 1e-3)
        #expect(
            (crossing?["low"]?.double ?? 99) <= 32.01 && (crossing?["high"]?.double ?? 0) >= 31.99)
        #expect(((trends["gru"]?["slope"]?["value"]?.double ?? 0) + 0.3).magnitude < 1e-3)
        #expect(trends["parallel_samples"] == 0)
    }
}
