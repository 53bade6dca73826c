import Glibc
import Numerics

/// Milliseconds a step of a training, and the digest of its parameters.
func train(_ name: String, steps: Int) throws {
    let arithmetic = try Arithmetic.portable()
    if name.hasPrefix("embedding") {
        return embedding(batch: Int(name.dropFirst(9)) ?? 8192, steps: steps, arithmetic)
    }
    if name.hasPrefix("online") {
        return online(draws: name == "online-draws", steps: steps, arithmetic)
    }
    let (network, loss, optimizer, batch, rate):
        (NetworkSpecification, Loss, Optimizer, Int, Double)
    switch name {
    case "small":
        network = NetworkSpecification(inputs: 2, hidden: [64, 64], outputs: 1)
        (loss, optimizer, batch, rate) = (.logistic, .adam, 1000, 1e-3)
    case "deep":
        network = NetworkSpecification(inputs: 2, hidden: [128, 128, 128], outputs: 1)
        (loss, optimizer, batch, rate) = (.logistic, .adam, 1000, 1e-3)
    case "wide":
        network = NetworkSpecification(inputs: 64, hidden: [256], outputs: 1)
        (loss, optimizer, batch, rate) = (.squared, .sgd(momentum: 0), 64, 1e-2)
    default:
        print(
            "usage: kernels train small|deep|wide|embedding8192|embedding1024|online|online-draws STEPS"
        )
        exit(2)
    }
    var stream = RandomStream(seed: 1, purpose: "initial")
    let parameters = Buffer(network.initialParameters(&stream).map { Float($0) })
    let gradient = Buffer<Float>(count: parameters.count)
    let examples = numbers(batch * network.inputs, "examples")
    let targets = Buffer<Float>((0..<batch).map { examples[$0 * network.inputs] > 0 ? 1 : 0 })
    let evaluator = NetworkEvaluator<Float>(network, capacity: batch, arithmetic: arithmetic)
    var state = OptimizerState<Float>(optimizer, count: parameters.count)
    let layers = network.layers
    var times: [Double] = []
    var last = 0.0
    for _ in 0..<10 {
        let start = now()
        for _ in 0..<max(1, steps / 10) {
            last = evaluator.gradient(
                parameters, examples, targets, rows: nil, loss: loss, into: gradient)
            state.step(
                optimizer, rate: rate, parameters, gradient, layers: layers, arithmetic: arithmetic)
        }
        times.append((now() - start) / Double(max(1, steps / 10)))
    }
    times.sort()
    // Forward, weights' gradients, inputs' gradients; the last not for the examples themselves.
    let first = network.layers[0]
    let flop = Double(batch) * Double(6 * parameters.count - 2 * first.inputs * first.outputs)
    print(
        "\(name): \(shown(times[0] * 1e6, 1, 0)) µs a step at best, \(shown(times[5] * 1e6, 1, 0)) median,",
        "\(shown(flop / times[0] * 1e-9, 1, 0)) GFLOP/s; loss \(last); digest \(digest(parameters)); ",
        arithmetic.profile)
}

/// 4,096 tokens, width 32, hidden 64, 4,096 classes, Adam: every step a batch of its own.
func embedding(batch: Int, steps: Int, _ arithmetic: Arithmetic) {
    let network = EmbeddingNetwork<Float>(
        tokens: 4096, width: 32, hidden: 64, classes: 4096, capacity: batch, arithmetic: arithmetic)
    var stream = RandomStream(seed: 1, purpose: "initial")
    let parameters = Buffer(
        (0..<network.layout.count).map { _ in Float(0.1 * stream.normal()) })
    let gradient = Buffer<Float>(count: parameters.count)
    let (first, second) = (
        Buffer<Float>(count: parameters.count), Buffer<Float>(count: parameters.count)
    )
    let (inputs, targets) = (Buffer<Int32>(count: batch), Buffer<Int32>(count: batch))
    var times: [Double] = []
    var last = 0.0
    for step in 0..<steps {
        for place in 0..<batch {
            inputs[place] = Int32(stream.integer(below: 4096))
            targets[place] = inputs[place] / 2
        }
        let start = now()
        last = network.gradient(
            parameters, inputs: inputs, targets: targets, count: batch, into: gradient)
        arithmetic.adam(
            0..<parameters.count, step: 1e-3, correction: 1 / (1 - Float(step) / Float(step + 9)),
            keep: 1, gradient: gradient, first: first, second: second, parameters)
        times.append(now() - start)
    }
    times.sort()
    print(
        "embedding, batch \(batch): \(shown(times[0] * 1e3, 2, 0)) ms a step at best,",
        "\(shown(times[times.count / 2] * 1e3, 2, 0)) median; loss \(last); digest \(digest(parameters)); ",
        arithmetic.profile)
}

/// An erf committee of 4 units on 1,024 inputs, one example a step; `draws` makes each input too.
func online(draws: Bool, steps: Int, _ arithmetic: Arithmetic) {
    let student = CommitteeStudent<Float>(units: 4, inputs: 1024, arithmetic: arithmetic)
    let teacher = CommitteeStudent<Float>(units: 4, inputs: 1024, arithmetic: arithmetic)
    var stream = RandomStream(seed: 1, purpose: "online")
    stream.normals(into: student.weights, count: 4096)
    stream.normals(into: teacher.weights, count: 4096)
    let block = 64
    let x = Buffer<Float>(count: block * 1024)
    stream.normals(into: x, count: x.count)
    var times: [Double] = []
    var sum: Float = 0
    for _ in 0..<(steps / block) {
        let start = now()
        if draws { stream.normals(into: x, count: x.count) }
        for step in 0..<block {
            let target = teacher.output(x, at: step * 1024)
            sum += student.learn(x, at: step * 1024, rate: 0.1, target: target)
        }
        times.append((now() - start) / Double(block))
    }
    times.sort()
    print(
        "online, K = 4, N = 1024\(draws ? ", with its draws" : ""): \(shown(times[0] * 1e6, 3, 0)) µs a step at best,",
        "\(shown(times[times.count / 2] * 1e6, 3, 0)) median; digest \(digest(student.weights)); ",
        arithmetic.profile)
}
