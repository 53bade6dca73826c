import Canon
import Experiment
import Numerics
import RelativeGradient
import Testing
import Workbench

/// Flows and their gradients against finite differences, identities and known sources.
@Suite struct RelativeGradientTests {
    private func flow(
        _ d: Int, layers: Int, _ density: SourceDensity, seed: UInt64
    ) throws -> InvertibleFlow {
        let flow = InvertibleFlow(
            dimension: d, layers: layers, slope: 0.3, density: density,
            arithmetic: try Arithmetic.portable())
        var stream = RandomStream(seed: seed, purpose: "flow")
        flow.disturb(by: 0.7, stream: &stream)
        for bias in flow.biases {
            for place in 0..<d { bias[place] = stream.normal() }
        }
        return flow
    }

    private func pass(_ rows: Int, _ flow: InvertibleFlow) -> FlowPass {
        let pass = FlowPass(rows: rows, flow)
        var stream = RandomStream(seed: 9, purpose: "data")
        for place in 0..<(rows * flow.dimension) { pass.inputs[0][place] = 2 * stream.normal() }
        return pass
    }

    @Test(arguments: SourceDensity.allCases, [1, 2, 3])
    func `the ordinary gradient is the difference quotient of the likelihood`(
        density: SourceDensity, layers: Int
    ) throws {
        let flow = try flow(4, layers: layers, density, seed: 3)
        let pass = pass(7, flow)
        let gradient = FlowGradient(.ordinary, rows: 7, flow)
        try gradient.compute(flow, pass)
        func likelihood() throws -> Double {
            flow.forward(pass)
            return try flow.likelihood(pass)
        }
        let step = 1e-5
        for (values, slopes) in zip(
            flow.weights + flow.biases, gradient.weights + gradient.biases)
        {
            for place in 0..<values.count {
                let kept = values[place]
                values[place] = kept + step
                let above = try likelihood()
                values[place] = kept - step
                let below = try likelihood()
                values[place] = kept
                #expect(((above - below) / (2 * step) - slopes[place]).magnitude < 1e-7)
            }
        }
    }

    @Test(arguments: SourceDensity.allCases, [1, 2, 4])
    func `the relative gradient is the ordinary one times the square of W, and needs no inverse`(
        density: SourceDensity, layers: Int
    ) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let flow = try flow(6, layers: layers, density, seed: seed)
            let pass = pass(11, flow)
            let ordinary = FlowGradient(.ordinary, rows: 11, flow)
            let relative = FlowGradient(.relative, rows: 11, flow)
            try ordinary.compute(flow, pass)
            try relative.compute(flow, pass)
            #expect(relative.distance(toTransported: ordinary, flow) < 1e-10)
            #expect(zip(relative.biases, ordinary.biases).allSatisfy { $0.elements == $1.elements })
        }
        // Where W has no inverse, the relative gradient still has a value.
        let flow = try flow(6, layers: layers, density, seed: 1)
        for place in 0..<6 { flow.weights[0][place] = 0 }
        try FlowGradient(.relative, rows: 11, flow).compute(flow, pass(11, flow))
        #expect(throws: NumericsError.self) {
            try FlowGradient(.ordinary, rows: 11, flow).compute(flow, pass(11, flow))
        }
    }

    @Test(arguments: [1, 2, 3])
    func `counted operations are those of the formulas`(layers: Int) throws {
        let (d, b) = (64, 10)
        let trial = GradientTrial(
            dimension: d, layers: layers, batch: b, slope: 0.3, density: .sech, seed: 1,
            arithmetic: try Arithmetic.portable())
        #expect(try trial.compute(.relative) == (8 * layers - 2) * b * d * d)
        let factor = d * (d - 1) / 2 + d * (d - 1) * (2 * d - 1) / 3
        let inverse = d * d * (d - 1) + d * d * d + d
        #expect(
            try trial.compute(.ordinary)
                == (6 * layers - 2) * b * d * d + layers * (factor + inverse))
    }

    @Test(arguments: SourceDensity.allCases)
    func `sources have the density's variance, and its likelihood is that of single numbers`(
        density: SourceDensity
    ) throws {
        var stream = RandomStream(seed: 5, purpose: "sources")
        let values = (0..<40_000).map { _ in density.draw(&stream) }
        let square = values.reduce(0.0) { $0 + $1 * $1 } / 40_000
        #expect((square / density.variance - 1).magnitude < 0.04, "\(square)")
        let expected = values.reduce(0.0) { sum, s in
            switch density {
            case .sech:
                let cosh = (Elementary.exp(s) + Elementary.exp(-s)) / 2
                return sum - Elementary.log(Double.pi * cosh)
            case .logistic:
                return sum - s - 2 * Elementary.log1p(Elementary.exp(-s))
            }
        }
        let found = density.logarithms(Buffer(values), try Arithmetic.portable())
        #expect((found / expected - 1).magnitude < 1e-10)
    }

    @Test func `a mixture is undone by the true flow, whatever its condition`() throws {
        for (layers, condition) in [(1, 1.0), (1, 1e4), (2, 50), (3, 10)] {
            let mixture = KnownMixture(
                dimension: 5, layers: layers, slope: 0.2, condition: condition, density: .logistic,
                seed: 2, arithmetic: try Arithmetic.portable())
            var stream = RandomStream(seed: 3, purpose: "data")
            let (sources, mixed) = mixture.data(20, stream: &stream)
            let pass = FlowPass(rows: 20, mixture.truth)
            pass.inputs[0].copy(mixed)
            mixture.truth.forward(pass)
            let error = zip(pass.outputs[layers - 1].elements, sources.elements).map {
                ($0 - $1).magnitude
            }
            #expect((error.max() ?? 1) < 1e-8, "\(layers) layers, condition \(condition)")
        }
    }

    @Test func `Amari's distance is 0 for scaled permutations and 1 for equal elements`() {
        #expect(amariDistance([0, -3, 0, 0, 0, 0.5, 7, 0, 0], order: 3) == 0)
        #expect(amariDistance([2, -2, 2, 2], order: 2) == 1)
        // Rows: 1.5 and 1.25, columns: 1.5 and 1.25, less 1 each, over 4.
        #expect(amariDistance([2, 1, 1, 4], order: 2) == 0.375)
    }

    @Test(arguments: ["ordinary", "relative"])
    func `two known sources are separated, to the truth's likelihood`(gradient: String) throws {
        let made = try run(
            FlowTrainStage.self,
            [
                "dimension": 2, "condition": 3, "samples": 4000, "batch": 4000, "steps": 600,
                "rate": 0.3, "schedule": "constant", "gradient": .string(gradient), "tests": 4000,
                "records": 4,
            ])
        let score = try made.json("score")
        #expect((score["amari"]?.double ?? 1) < 0.05, "\(score)")
        #expect((score["gap"]?.double ?? 1).magnitude < 0.005, "\(score)")
        #expect(score["diverged"]?.double == 0)
        let gaps = try Table(csv: made.bytes("trace"))[column: "gap"] ?? []
        #expect(gaps.count == 5 && (gaps[0].double ?? 0) > 0.02)
        #expect(gaps[4] == score["gap"])
    }

    /// Cardoso & Laheld's equivariance: W·A goes its way whatever A is.
    @Test func `a relative training of mixed data is that of the sources from another start`()
        throws
    {
        let arithmetic = try Arithmetic.portable()
        let mixture = KnownMixture(
            dimension: 3, layers: 1, slope: 1, condition: 20, density: .sech, seed: 6,
            arithmetic: arithmetic)
        var stream = RandomStream(seed: 7, purpose: "data")
        let (sources, mixed) = mixture.data(50, stream: &stream)
        func trained(_ data: Buffer<Double>, _ start: Buffer<Double>) throws -> [Double] {
            let flow = InvertibleFlow(
                dimension: 3, layers: 1, slope: 1, density: .sech, arithmetic: arithmetic)
            flow.weights[0].copy(start)
            let pass = FlowPass(rows: 50, flow)
            pass.inputs[0].copy(data)
            let gradient = FlowGradient(.relative, rows: 50, flow)
            for _ in 0..<20 {
                try gradient.compute(flow, pass)
                flow.move(by: 0.05, gradient)
            }
            return pass.outputs[0].elements
        }
        let unit = Buffer<Double>([1, 0, 0, 0, 1, 0, 0, 0, 1])
        let first = try trained(mixed, unit)
        let second = try trained(sources, mixture.inverses[0])
        #expect(zip(first, second).allSatisfy { ($0 - $1).magnitude < 1e-10 })
    }

    @Test func `two layers come nearer to the truth, and a step too large is told`() throws {
        let settings: [String: JSON] = [
            "dimension": 3, "layers": 2, "condition": 2, "samples": 2000, "batch": 200,
            "steps": 300, "tests": 2000, "records": 2,
        ]
        let gaps = try Table(csv: run(FlowTrainStage.self, settings).bytes("trace"))[column: "gap"]
        let values = (gaps ?? []).map { $0.double ?? .nan }
        #expect(values.count == 3 && values[2] < values[0] / 3, "\(values)")
        var large = settings
        large["rate"] = 50
        let score = try run(FlowTrainStage.self, large).json("score")
        #expect((score["diverged"]?.double ?? 0) > 0 && score["gap"] == .null, "\(score)")
    }

    @Test func `gradients and speeds of the stages have a row for each dimension`() throws {
        let gradients = try Table(
            csv: run(FlowGradientStage.self, ["dimensions": [2, 70], "layers": 2, "batch": 5])
                .bytes("gradients"))
        #expect(gradients[column: "d"] == [2, 70])
        #expect((gradients[column: "distance"] ?? []).allSatisfy { ($0.double ?? 1) < 1e-10 })
        #expect(gradients[column: "relative"] == [280, 343_000])
        let speeds = try Table(
            csv: run(
                FlowTimeStage.self,
                ["dimensions": [2, 8], "batch": 5, "repeats": 1, "least": 0]
            ).bytes("speeds"))
        #expect(speeds[column: "d"] == [2, 8])
        #expect((speeds[column: "ordinary"] ?? []).allSatisfy { ($0.double ?? 0) > 0 })
        #expect(FlowTimeStage.kind.isMeasurement && !FlowGradientStage.kind.isMeasurement)
    }
}
