import Numerics
import Testing

@Suite struct TrainingTests {
    /// Central differences in double precision: the analytic gradient of every layer and loss.
    @Test(arguments: Activation.allCases, [true, false])
    func `the analytic gradient is that of central differences`(
        activation: Activation, hasLayerNorm: Bool
    ) throws {
        let arithmetic = try Arithmetic.portable()
        for loss in [Loss.logistic, .focal(gamma: 2), .crossEntropy, .squared] {
            let outputs = loss == .crossEntropy ? 3 : 1
            let network = NetworkSpecification(
                inputs: 2, hidden: [5, 4], outputs: outputs, activation: activation,
                hasLayerNorm: hasLayerNorm)
            var stream = RandomStream(seed: 5, purpose: "check")
            let parameters = Buffer(network.initialParameters(&stream))
            for place in 0..<parameters.count { parameters[place] += 0.1 * stream.normal() }
            let examples = Buffer((0..<14).map { _ in stream.normal() })
            let targets = Buffer((0..<7).map { Double($0 % (outputs == 1 ? 2 : 3)) })
            let evaluator = NetworkEvaluator<Double>(network, capacity: 7, arithmetic: arithmetic)
            let gradient = Buffer<Double>(count: parameters.count)
            let unused = Buffer<Double>(count: parameters.count)
            _ = evaluator.gradient(
                parameters, examples, targets, rows: nil, loss: loss, into: gradient)
            let order = [6, 5, 4, 3, 2, 1, 0]
            for place in 0..<parameters.count {
                let kept = parameters[place]
                let h = 1e-5
                parameters[place] = kept + h
                let high = evaluator.gradient(
                    parameters, examples, targets, rows: order[...], loss: loss, into: unused)
                parameters[place] = kept - h
                let low = evaluator.gradient(
                    parameters, examples, targets, rows: nil, loss: loss, into: unused)
                parameters[place] = kept
                let numeric = (high - low) / (2 * h)
                #expect((numeric - gradient[place]).magnitude < 1e-7, "\(loss) at \(place)")
            }
        }
    }

    private static let network = NetworkSpecification(inputs: 2, hidden: [16, 16], outputs: 1)

    private func trained(
        _ arithmetic: Arithmetic, batch: Int = 50
    ) -> (parameters: [Float], losses: [Double]) {
        var stream = RandomStream(seed: 9, purpose: "data")
        let examples = (0..<400).map { _ in Float(stream.normal()) }
        let targets = (0..<200).map { examples[2 * $0] * examples[2 * $0 + 1] > 0 ? 1.0 : 0.0 }
        let plan = TrainingPlan(
            loss: .logistic, optimizer: .adamW(decay: 1e-3), rate: 1e-2, schedule: .cosine,
            batch: batch, steps: 400)
        return Trainer.train(
            Self.network, plan, examples: examples, targets: targets, seed: 4,
            arithmetic: arithmetic)
    }

    @Test func `training twice gives the same bits, and learns`() throws {
        for arithmetic in [try Arithmetic.portable(), try Arithmetic.withBLAS()] {
            let (first, second) = (trained(arithmetic), trained(arithmetic))
            #expect(first.parameters == second.parameters)
            #expect((first.losses.last ?? 1) < 0.1 && first.losses[0] > 0.5)
        }
    }

    @Test(arguments: [50, 200])
    func `training gives the same bits with every instruction set`(batch: Int) throws {
        let expected = trained(try Arithmetic.portable(), batch: batch)
        for kernels in Kernels.available {
            let found = trained(Arithmetic(portable: kernels), batch: batch)
            #expect(found.parameters == expected.parameters, "\(kernels.variant)")
            #expect(found.losses == expected.losses, "\(kernels.variant)")
        }
    }

    @Test(arguments: [1, 3, 4, 17, 39, 40], [Optimizer.adamW(decay: 0.1), .sgd(momentum: 0.9)])
    func `a training that goes on from a kept state ends in the same bits`(
        steps: Int, optimizer: Optimizer
    ) throws {
        var stream = RandomStream(seed: 9, purpose: "data")
        let examples = (0..<100).map { _ in Float(stream.normal()) }
        let targets = (0..<50).map { examples[2 * $0] > 0 ? 1.0 : 0.0 }
        for batch in [16, 50] {
            let plan = TrainingPlan(
                loss: .logistic, optimizer: optimizer, rate: 0.01, schedule: .cosine, batch: batch,
                steps: 40)
            func fresh(_ seed: UInt64 = 3) throws -> TrainingRun {
                TrainingRun(
                    Self.network, plan, examples: examples, targets: targets, seed: seed,
                    arithmetic: try Arithmetic.portable())
            }
            let (whole, killed, resumed) = (try fresh(), try fresh(), try fresh())
            while !whole.isDone { _ = whole.advance() }
            for _ in 0..<steps { _ = killed.advance() }
            let state = killed.state
            #expect(resumed.restore(state) && resumed.step == steps)
            #expect(resumed.state == state)
            while !resumed.isDone { _ = resumed.advance() }
            #expect(resumed.parameters == whole.parameters && resumed.losses == whole.losses)
            #expect(resumed.state == whole.state)
        }
    }

    @Test func `what is no kept state of the training is not taken up`() throws {
        func fresh(_ hidden: [Int]) throws -> TrainingRun {
            TrainingRun(
                NetworkSpecification(inputs: 1, hidden: hidden, outputs: 1),
                TrainingPlan(
                    loss: .squared, optimizer: .adam, rate: 0.1, schedule: .constant, batch: 2,
                    steps: 10), examples: [1, 2, 3], targets: [1, 2, 3], seed: 1,
                arithmetic: try Arithmetic.portable())
        }
        let run = try fresh([4])
        _ = run.advance()
        let state = run.state
        let other = try fresh([5])
        let before = other.state
        #expect(!other.restore(state) && !other.restore([]) && !other.restore([1, 2, 3]))
        #expect(other.state == before)
        for place in 0..<56 {
            var damaged = state
            damaged[place] ^= 0x80
            let again = try fresh([4])
            let kept = again.state
            if !again.restore(damaged) { #expect(again.state == kept) }
            #expect(!again.restore(Array(damaged.dropLast())))
        }
    }

    /// The two profiles differ in the order of sums alone: after one step, in the last places.
    @Test func `both profiles compute the same gradient but for rounding`() throws {
        var stream = RandomStream(seed: 6, purpose: "check")
        let network = NetworkSpecification(inputs: 3, hidden: [40, 20], outputs: 1)
        let parameters = Buffer(network.initialParameters(&stream))
        let examples = Buffer((0..<300).map { _ in stream.normal() })
        let targets = Buffer((0..<100).map { Double($0 % 2) })
        var gradients: [[Double]] = []
        for arithmetic in [try Arithmetic.portable(), try Arithmetic.withBLAS()] {
            let gradient = Buffer<Double>(count: parameters.count)
            _ = NetworkEvaluator(network, capacity: 100, arithmetic: arithmetic).gradient(
                parameters, examples, targets, rows: nil, loss: .logistic, into: gradient)
            gradients.append(gradient.elements)
        }
        for (a, b) in zip(gradients[0], gradients[1]) { #expect((a - b).magnitude < 1e-14) }
    }

    @Test func `the profile names its definition, or library, version and kernel family`() throws {
        #expect(try Arithmetic.portable().profile == "portable/1")
        let profile = try Arithmetic.withBLAS().profile
        #expect(profile.hasPrefix("blas/openblas-0.") && profile.hasSuffix("/Haswell"))
    }
}
