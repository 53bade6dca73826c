import HiddenFactors
import Numerics
import System
import Testing

@Suite struct FactorGradientTests {
    private func task(_ outputs: [Int] = [3, 2], seed: UInt64 = 3) -> FactorTask {
        FactorTask(
            input: FactorSpace([2, 3], .firstFastest), output: FactorSpace(outputs, .lastFastest),
            graph: FactorGraph(inputs: 2, outputs: outputs.count, parentCount: 1, seed: seed),
            concentrations: outputs.map { _ in 0.5 }, seed: seed)
    }

    private func network<Scalar: KernelScalar>(
        _ embedding: FactorEmbedding, blocks: Int, rowsAtOnce: Int? = nil,
        _ arithmetic: Arithmetic, _: Scalar.Type
    ) -> (FactorNetwork<Scalar>, Buffer<Scalar>) {
        var stream = RandomStream(seed: 5, purpose: "check")
        let frozen = Buffer<Scalar>((0..<20).map { _ in Scalar(stream.normal()) })
        let network = FactorNetwork<Scalar>(
            task(), FactorNetworkShape(width: 4, hidden: 5, blocks: blocks, classes: 6),
            embedding: embedding, frozen: embedding == .fixed ? frozen : nil, capacity: 6,
            rowsAtOnce: rowsAtOnce, arithmetic: arithmetic)
        return (
            network, Buffer((0..<network.layout.count).map { _ in Scalar(0.5 * stream.normal()) })
        )
    }

    private func batches<Scalar: KernelScalar>(
        _: Scalar.Type
    ) -> [FactorNetwork<Scalar>.Batch] {
        let tokens = Buffer<Int32>([0, 2, 3, 5])
        let places = Buffer<Int32>([0, 2, 3, 6, 7])
        return [
            FactorNetwork.Batch(tokens: tokens, count: 4, draws: 4),
            FactorNetwork.Batch(tokens: tokens, count: 4, places: places, draws: 7),
            FactorNetwork.Batch(
                tokens: tokens, count: 4, places: places,
                labels: Buffer<Int32>([0, 5, 1, 2, 2, 4, 3]), draws: 7),
        ]
    }

    @Test(arguments: FactorEmbedding.allCases, [0, 1, 3])
    func `the gradient is that of central differences`(
        embedding: FactorEmbedding, blocks: Int
    ) throws {
        let (network, parameters) = network(
            embedding, blocks: blocks, try Arithmetic.portable(), Double.self)
        let gradient = Buffer<Double>(count: parameters.count)
        let unused = Buffer<Double>(count: parameters.count)
        for (number, batch) in batches(Double.self).enumerated() {
            _ = network.gradient(parameters, batch, into: gradient)
            for place in 0..<parameters.count {
                let kept = parameters[place]
                parameters[place] = kept + 1e-6
                let high = network.gradient(parameters, batch, into: unused)
                parameters[place] = kept - 1e-6
                let low = network.gradient(parameters, batch, into: unused)
                parameters[place] = kept
                let difference = (high - low) / 2e-6 - gradient[place]
                #expect(difference.magnitude < 1e-8, "batch \(number) at \(place)")
            }
        }
    }

    /// The network written once more, token by token, from its formula.
    private func divergence(_ parameters: [Double], blocks: Int, _ task: FactorTask) -> Double {
        func rms(_ z: [Double]) -> [Double] {
            let scale = 1 / (z.reduce(0) { $0 + $1 * $1 } / Double(z.count) + 1e-6).squareRoot()
            return z.map { $0 * scale }
        }
        func times(_ x: [Double], _ start: Int, _ stride: Int, _ columns: Range<Int>) -> [Double] {
            columns.map { column in
                x.indices.reduce(0) { $0 + x[$1] * parameters[start + $1 * stride + column] }
            }
        }
        var sum = 0.0
        for token in 0..<6 {
            var z = Array(parameters[4 * token..<4 * token + 4])
            for block in 0..<blocks {
                let start = 24 + 60 * block
                let (gate, up) = (times(rms(z), start, 10, 0..<5), times(rms(z), start, 10, 5..<10))
                let inner = zip(gate, up).map { $0 * Elementary.logistic($0) * $1 }
                z = zip(z, times(inner, start + 40, 4, 0..<4)).map { $0 + $1 }
            }
            let logits = times(rms(z), 24 + 60 * blocks, 6, 0..<6)
            let all = Elementary.log(logits.reduce(0) { $0 + Elementary.exp($1) })
            for (y, p) in task.conditional(at: token).enumerated() where p > 0 {
                sum += p * (task.logProbability(of: y, at: token) - logits[y] + all)
            }
        }
        return sum / 6
    }

    @Test(arguments: [0, 1, 2])
    func `the loss less the entropy is the divergence of the formula`(blocks: Int) throws {
        let (network, parameters) = network(
            .learned, blocks: blocks, try Arithmetic.portable(), Double.self)
        let loss = network.loss(parameters, over: Buffer<Int32>([0, 1, 2, 3, 4, 5]))
        let expected = divergence(parameters.elements, blocks: blocks, task())
        #expect((loss - task().entropy - expected).magnitude < 1e-12)
    }

    @Test(arguments: FactorEmbedding.allCases)
    func `neither blocks of rows nor instruction sets leave a trace`(
        embedding: FactorEmbedding
    ) {
        var found: [[Float]] = []
        for kernels in Kernels.available {
            for rows in [1, 2, 6] {
                let (network, parameters) = network(
                    embedding, blocks: 2, rowsAtOnce: rows, Arithmetic(portable: kernels),
                    Float.self)
                let gradient = Buffer<Float>(count: parameters.count)
                var results: [Float] = []
                for batch in batches(Float.self) {
                    let loss = network.gradient(parameters, batch, into: gradient)
                    results += gradient.elements + [Float(loss)]
                }
                found.append(results)
            }
        }
        let bits = found.map { $0.map { $0.bitPattern } }
        #expect(bits.allSatisfy { $0 == bits[0] })
    }

    /// Few distinct rows are kept, many are made each time: both are the task's own rows.
    @Test(arguments: [[3, 2], [7], [2, 3, 4], [90, 120, 40]])
    func `rows of targets are those of the task`(outputs: [Int]) throws {
        let task = task(outputs)
        let targets = FactorTargets<Double>(task, arithmetic: try Arithmetic.portable())
        for token in [5, 0, 3] {
            let (buffer, offset) = targets.row(of: token)
            for (y, p) in task.conditional(at: token).enumerated() {
                #expect((buffer[offset + y] - p).magnitude < 1e-15, "\(token) \(y)")
            }
            #expect((targets.entropies[token] - task.entropy(at: token)).magnitude < 1e-14)
        }
    }
}
