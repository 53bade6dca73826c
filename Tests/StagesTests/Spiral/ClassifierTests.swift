import Canon
import Numerics
import Spiral
import System
import Testing
import Workbench

private func points(_ rows: [[Double]]) -> NumpyArray {
    NumpyArray(rows: rows.count, columns: rows[0].count, elements: rows.flatMap { $0 })
}

private func classify(_ classifier: some Classifier, _ points: [Double]) -> [Bool] {
    classifier.classify(points) { _, _ in }
}

@Suite struct NeighbourTests {
    /// Five points on a line; labels 1, 1, 0, 0, 0.
    private let line = points([[0, 0, 1], [1, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0]])

    @Test func `one neighbour gives its label, three vote`() {
        let one = NeighbourClassifier(data: line, features: .cartesian, k: 1)
        #expect(
            classify(one, [-5, 0, 0.6, 0, 1.4, 1, 1.6, 0, 9, 9]) == [
                true, true, true, false, false,
            ])
        let three = NeighbourClassifier(data: line, features: .cartesian, k: 3)
        // Around 1.2 the nearest are 1, 2, 0: two of three inside. Around 1.8: 2, 1, 3.
        #expect(classify(three, [1.2, 0, 1.8, 0]) == [true, false])
    }

    @Test func `a tied vote goes to the nearest, and equal distances to the first`() {
        let two = NeighbourClassifier(data: line, features: .cartesian, k: 2)
        #expect(classify(two, [1.4, 0, 1.6, 0]) == [true, false])
        let four = NeighbourClassifier(
            data: points([[1, 0, 0], [-1, 0, 1], [0, 1, 1], [0, -1, 0]]), features: .cartesian, k: 4
        )
        #expect(classify(four, [0, 0]) == [false])
        #expect(classify(four, [-0.1, 0]) == [true])
    }

    @Test func `fewer points than neighbours all vote`() {
        let many = NeighbourClassifier(data: line, features: .cartesian, k: 50)
        #expect(classify(many, [0, 0]) == [false])
    }

    @Test(arguments: Features.allCases, [1, 2, 5])
    func `the classes are those of a full search`(features: Features, k: Int) {
        var stream = RandomStream(seed: 21, purpose: "points")
        let data = points(
            (0..<400).map { _ in
                let (x, y) = (stream.normal(), stream.normal())
                return [x, y, x * y > 0 ? 1 : 0]
            })
        let queries = (0..<600).map { _ in stream.normal() }
        let found = classify(NeighbourClassifier(data: data, features: features, k: k), queries)
        for query in 0..<300 {
            let place = features.of(queries[2 * query], queries[2 * query + 1])
            let order = (0..<400).map { row -> (Double, Int) in
                let other = features.of(data.elements[3 * row], data.elements[3 * row + 1])
                return (zip(place, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }, row)
            }.sorted { $0 < $1 }
            let votes = order[..<k].count { data.elements[3 * $0.1 + 2] == 1 }
            let expected =
                2 * votes == k ? data.elements[3 * order[0].1 + 2] == 1 : 2 * votes > k
            #expect(found[query] == expected)
        }
    }

    /// A sample of one point inside: everything is called inside, so errors count what is outside.
    @Test func `errors are the fractions wrong of each region`() throws {
        let tip = standardCurve.tip
        let rows: [[Double]] = [
            // On the mixture: one of four outside.
            [0.5, 0.5, 1, 0, 1], [0.5, 0.4, 1, 0, 2], [0.4, 0.5, 1, 0, 3], [0.4, 0.4, 0, 0, 4],
            // Uniform: at the tip two of two outside, at the centre one of three, dense elsewhere.
            [tip.x, tip.y, 0, 1, 0.5], [tip.x + 0.3, tip.y, 0, 1, 5], [0, 0.1, 0, 1, 5],
            [0.1, 0, 1, 1, 5], [0, -0.1, 1, 1, 5], [0.9, -0.4, 1, 1, 5],
        ]
        let errors = try run(
            SpiralNeighbourErrorsStage.self, ["k": 1],
            [
                "data": [given(points([[0, 0, 1]]).bytes())],
                "test": [given(points(rows).bytes())], "manifold": [given(standardCurve.json)],
            ]
        ).json("errors")
        #expect(
            errors == [
                "mixture": 0.25, "uniform": 0.5, "tip": 1, "sparse": 1,
                "centre": .number(1.0 / 3),
            ])
    }

    @Test func `a file for another port is refused, not misread`() throws {
        let sample = given(points([[0, 0, 1]]).bytes(), from: "data[samples=1]")
        let test = given(points([[0, 0, 1, 0, 1]]).bytes(), from: "test")
        let curve = given(standardCurve.json)
        #expect(
            failure {
                _ = try run(
                    SpiralNeighbourErrorsStage.self, [:],
                    ["data": [test], "test": [test], "manifold": [curve]])
            }
                == "test: expected rows of x, y, label, found shape [1, 5]; is it wired to the right "
                + "input?")
        #expect(
            failure {
                _ = try run(
                    SpiralNeighbourErrorsStage.self, [:],
                    ["data": [sample], "test": [sample], "manifold": [curve]])
            }
                == "data[samples=1]: expected rows of x, y, label, set, density, found shape [1, 3]; "
                + "is it wired to the right input?")
        let none = given(NumpyArray(rows: 0, columns: 3, elements: []).bytes(), from: "none")
        #expect(
            failure { _ = try run(NetworkTrainStage.self, [:], ["data": [none]]) }
                == "none: expected rows of x, y, label, found shape [0, 3]; is it wired to the right "
                + "input?")
    }
}

@Suite struct NetworkTests {
    /// Labelled by a straight line: any network should learn it.
    private func halves(_ count: Int, seed: UInt64) -> [[Double]] {
        var stream = RandomStream(seed: seed, purpose: "halves")
        return (0..<count).map { _ in
            let (x, y) = (stream.uniform(in: -1..<1), stream.uniform(in: -1..<1))
            return [x, y, x + 0.5 * y > 0.1 ? 1 : 0]
        }
    }

    private func train(_ parameters: [String: JSON], seed: UInt64 = 9) throws -> StageRun {
        var all: [String: JSON] = ["hidden": [16], "steps": 400, "batch": 50, "rate": 0.01]
        all.merge(parameters) { $1 }
        return try run(
            NetworkTrainStage.self, all, seed: seed,
            ["data": [given(points(halves(400, seed: 1)).bytes())]])
    }

    private func error(_ weights: [UInt8]) throws -> Double {
        let rows = halves(1000, seed: 2).map { $0 + [0, 1] }
        let errors = try run(
            SpiralNetworkErrorsStage.self, [:],
            [
                "network": [given(weights)], "test": [given(points(rows).bytes())],
                "manifold": [given(standardCurve.json)],
            ]
        ).json("errors")
        return errors["mixture"]?.double ?? 1
    }

    @Test(
        arguments: [
            [:], ["features": "polar"], ["features": "polar-circle", "activation": "tanh"],
            ["layer_norm": true, "focal_gamma": 2, "weight_decay": 0.01],
            ["activation": "gelu", "schedule": "constant", "hidden": [8, 8]], ["hidden": []],
        ] as [[String: JSON]])
    func `training learns a line, twice to the same bits`(parameters: [String: JSON]) throws {
        let first = try train(parameters)
        #expect(try train(parameters).outputs == first.outputs)
        #expect(try train(parameters, seed: 10).outputs != first.outputs)
        #expect(try error(first.bytes("weights")) < 0.05)
        let history = try Table(csv: first.bytes("history"))
        let losses = (history[column: "loss"] ?? []).compactMap { $0.double }
        #expect(history[column: "epoch"] == (1...50).map { .number(Double($0)) })
        #expect((losses.last ?? 1) < 0.6 * losses[0])
    }

    @Test func `the weights file reads back to the same network`() throws {
        let bytes = try train(["layer_norm": true, "features": "polar-turns", "hidden": [5, 3]])
            .bytes("weights")
        let network = try TrainedNetwork(Safetensors(bytes))
        #expect(network.specification.hidden == [5, 3] && network.specification.hasLayerNorm)
        #expect(network.features == .polarTurns)
        #expect(network.safetensors().bytes() == bytes)
        let names = network.safetensors().tensors.mapValues { $0.shape }
        #expect(names["layers.0.weight"] == [5, 2] && names["norms.1.weight"] == [3])
        #expect(names["layers.2.bias"] == [1] && names["norms.2.weight"] == nil)
    }

    /// A forward pass in double precision, written out: the classes of all but borderline points.
    @Test func `classes are those of the network written out by hand`() throws {
        let file = try Safetensors(train(["hidden": [6, 4]]).bytes("weights"))
        let classifier = NetworkClassifier(
            network: try TrainedNetwork(file), arithmetic: try Arithmetic.portable())
        let queries = halves(500, seed: 4).flatMap { [$0[0], $0[1]] }
        let classes = classify(classifier, queries)
        var compared = 0
        for query in 0..<500 {
            var values = [queries[2 * query], queries[2 * query + 1]]
            for layer in 0..<3 {
                guard let weight = file.tensors["layers.\(layer).weight"],
                    let bias = file.tensors["layers.\(layer).bias"]
                else { throw TestMistake("layer \(layer) is missing") }
                let (outputs, inputs) = (weight.shape[0], weight.shape[1])
                values = (0..<outputs).map { output in
                    let sum = values.indices.reduce(Double(bias.elements[output])) {
                        $0 + values[$1] * Double(weight.elements[output * inputs + $1])
                    }
                    return layer < 2 ? max(0, sum) : sum
                }
            }
            guard values[0].magnitude > 1e-4 else { continue }
            compared += 1
            #expect(classes[query] == (values[0] > 0))
        }
        #expect(compared > 480)
    }

    @Test func `weights of another shape are refused by name`() throws {
        var file = try Safetensors(train(["hidden": [6]]).bytes("weights"))
        let kept = file.tensors["layers.0.weight"]
        file.tensors["layers.0.weight"] = Safetensors.Tensor(
            shape: [2, 6], elements: kept?.elements ?? [])
        #expect(
            failure { _ = try TrainedNetwork(file) }
                == "weights.safetensors: expected a tensor layers.0.weight of shape [6, 2], found "
                + "shape [2, 6]")
        file.tensors["layers.0.weight"] = nil
        #expect(
            failure { _ = try TrainedNetwork(file) }
                == "weights.safetensors: expected a tensor layers.0.weight of shape [6, 2], found none"
        )
        file.metadata["layout"] = nil
        #expect(
            failure { _ = try TrainedNetwork(file) }
                == "weights.safetensors: expected matrices of layout out,in, as mlp.train writes them from "
                + "version 2 on, found no word of their layout")
        file.metadata["features"] = "spherical"
        #expect(
            failure { _ = try TrainedNetwork(file) } == "expected weights.safetensors of mlp.train")
    }
}
