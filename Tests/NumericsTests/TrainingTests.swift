import Numerics
import Testing

@Suite struct TrainingTests {
    /// Central differences in double precision: the analytic gradient of every layer and loss.
    @Test(arguments: Activation.allCases, [true, false])
    func `the analytic gradient is that of central differences`(
        activation: Activation, hasLayerNorm: Bool
    ) throws {
        let blas = try BLASRuntime.shared()
        for loss in [Loss.logistic, .focal(gamma: 2), .crossEntropy, .squared] {
            let outputs = loss == .crossEntropy ? 3 : 1
            let network = NetworkSpecification(
                inputs: 2, hidden: [5, 4], outputs: outputs, activation: activation,
                hasLayerNorm: hasLayerNorm)
            var stream = RandomStream(seed: 5, purpose: "check")
            var parameters = network.initialParameters(&stream)
            for place in parameters.indices { parameters[place] += 0.1 * stream.normal() }
            let examples = (0..<14).map { _ in stream.normal() }
            let targets = (0..<7).map { Double($0 % (outputs == 1 ? 2 : 3)) }
            var evaluator = NetworkEvaluator<Double>(network, capacity: 7, blas: blas)
            var gradient = parameters
            var unused = parameters
            let rows = Array(0..<7)
            _ = evaluator.gradient(
                parameters, examples, targets, rows: rows[...], loss: loss, into: &gradient)
            for place in parameters.indices {
                let kept = parameters[place]
                let h = 1e-5
                parameters[place] = kept + h
                let high = evaluator.gradient(
                    parameters, examples, targets, rows: rows[...], loss: loss, into: &unused)
                parameters[place] = kept - h
                let low = evaluator.gradient(
                    parameters, examples, targets, rows: rows[...], loss: loss, into: &unused)
                parameters[place] = kept
                let numeric = (high - low) / (2 * h)
                #expect((numeric - gradient[place]).magnitude < 1e-7, "\(loss) at \(place)")
            }
        }
    }

    @Test func `a product is that of the plain triple loop`() throws {
        let blas = try BLASRuntime.shared()
        let a: [Double] = [1, 2, 3, 4, 5, 6]
        let b: [Double] = [7, 8, 9, 10, 11, 12]
        var c = [Double](repeating: 0, count: 4)
        Double.multiply(
            a, transposed: false, b, transposed: false, into: &c, m: 2, n: 2, k: 3, keep: 0,
            blas: blas)
        #expect(c == [58, 64, 139, 154])
    }

    @Test func `training twice gives the same bits, and learns`() throws {
        let blas = try BLASRuntime.shared()
        var stream = RandomStream(seed: 9, purpose: "data")
        let examples = (0..<400).map { _ in Float(stream.normal()) }
        let targets = (0..<200).map { examples[2 * $0] * examples[2 * $0 + 1] > 0 ? 1.0 : 0.0 }
        let network = NetworkSpecification(inputs: 2, hidden: [16, 16], outputs: 1)
        let plan = TrainingPlan(
            loss: .logistic, optimizer: .adamW(decay: 1e-3), rate: 1e-2, schedule: .cosine,
            batch: 50, steps: 400)
        let first = Trainer.train(
            network, plan, examples: examples, targets: targets, seed: 4, blas: blas)
        let second = Trainer.train(
            network, plan, examples: examples, targets: targets, seed: 4, blas: blas)
        #expect(first.parameters == second.parameters)
        #expect((first.losses.last ?? 1) < 0.1 && first.losses[0] > 0.5)
    }

    @Test func `the profile names library, version and kernel family`() throws {
        let profile = try BLASRuntime.shared().profile
        #expect(profile.hasPrefix("blas/openblas-0.") && profile.hasSuffix("/Haswell"))
    }
}
