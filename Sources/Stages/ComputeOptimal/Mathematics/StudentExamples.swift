import Numerics

/// Examples of several teachers, made in parts so that any part can be made without the others.
final class StudentExamples {
    /// Examples of a teacher at most, and so the distance of teachers in the buffers.
    let count: Int
    /// Inputs `[teachers, count, d]`, labels 0 and 1 and probabilities of a 1 `[teachers, count]`.
    let inputs, labels, truths: Buffer<Float>
    private let dimension: Int
    private let teachers: [ProcessTeacher]
    private let seed: UInt64
    private let arithmetic: Arithmetic

    init(
        count: Int, inputs dimension: Int, teachers: [ProcessTeacher], seed: UInt64,
        arithmetic: Arithmetic
    ) {
        self.count = count
        self.dimension = dimension
        self.teachers = teachers
        self.seed = seed
        self.arithmetic = arithmetic
        inputs = Buffer(count: teachers.count * count * dimension)
        labels = Buffer(count: teachers.count * count)
        truths = Buffer(count: teachers.count * count)
    }

    /// The first examples of a part; returns Σ softplus(F) − p·F of each teacher.
    func draw(part: Int, count size: Int) -> [Double] {
        teachers.enumerated().map { number, teacher in
            let index = UInt64(number) << 32 | UInt64(part)
            var stream = RandomStream(seed: seed, purpose: "inputs", index: index)
            stream.normals(
                into: inputs, at: number * count * dimension, count: size * dimension,
                kernels: arithmetic.kernels)
            let truth = teacher.values(
                at: inputs, from: number * count, rows: size, weightings: [teacher.weights],
                arithmetic: arithmetic)
            let (chance, loss) = (Buffer<Float>(count: size), Buffer<Float>(count: size))
            arithmetic.map(.logistic, truth, into: chance)
            arithmetic.map(.softplus, truth, into: loss)
            var draws = RandomStream(seed: seed, purpose: "labels", index: index)
            var sum = 0.0
            for i in 0..<size {
                let p = chance[i]
                truths[number * count + i] = p
                labels[number * count + i] = draws.uniform() < Double(p) ? 1 : 0
                sum += Double(loss[i]) - Double(p) * Double(truth[i])
            }
            return sum
        }
    }
}

/// Fresh inputs of a teacher at which students are compared with it.
struct StudentTest {
    private let inputs, truth, chance, loss: Buffer<Float>
    private let points, dimension: Int
    /// The error of the predictor that is always 0, in nats.
    let zero: Double

    init(
        _ teacher: ProcessTeacher, number: Int, points: Int, seed: UInt64, arithmetic: Arithmetic
    ) {
        self.points = points
        dimension = teacher.dimension
        inputs = Buffer(count: points * dimension)
        var stream = RandomStream(seed: seed, purpose: "test", index: UInt64(number))
        stream.normals(into: inputs, count: points * dimension, kernels: arithmetic.kernels)
        truth = teacher.values(
            at: inputs, rows: points, weightings: [teacher.weights], arithmetic: arithmetic)
        chance = Buffer(count: points)
        loss = Buffer(count: points)
        arithmetic.map(.logistic, truth, into: chance)
        arithmetic.map(.softplus, truth, into: loss)
        var sum = 0.0
        for i in 0..<points {
            sum += Double(chance[i]) * Double(truth[i]) - Double(loss[i]) + 0.6931471805599453
        }
        zero = sum / Double(points)
    }

    /// The mean divergence of a network `[d, n]`, `[n]`, and its standard error over the points.
    func error(_ weights: [Float], _ outputs: [Float], _ arithmetic: Arithmetic) -> (
        mean: Double, deviation: Double
    ) {
        let width = outputs.count
        let (hidden, guess) = (Buffer<Float>(count: points * width), Buffer<Float>(count: points))
        let guessLoss = Buffer<Float>(count: points)
        arithmetic.product(
            m: points, n: width, k: dimension, MatrixPlace(inputs, stride: dimension),
            MatrixPlace(Buffer(weights), stride: width), into: MatrixPlace(hidden, stride: width),
            finish: .relu)
        arithmetic.product(
            m: points, n: 1, k: width, MatrixPlace(hidden, stride: width),
            MatrixPlace(Buffer(outputs), stride: 1), into: MatrixPlace(guess, stride: 1))
        arithmetic.map(.softplus, guess, into: guessLoss)
        var (sum, squares) = (0.0, 0.0)
        for i in 0..<points {
            let gap = Double(truth[i]) - Double(guess[i])
            let divergence = Double(chance[i]) * gap - Double(loss[i]) + Double(guessLoss[i])
            sum += divergence
            squares += divergence * divergence
        }
        let n = Double(points)
        let mean = sum / n
        return (mean, (max(0, squares / n - mean * mean) / n).squareRoot())
    }
}
