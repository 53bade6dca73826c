import Numerics
import Testing

@Suite struct EmbeddingTests {
    private let inputs = Buffer<Int32>([3, 1, 3, 0, 3, 1, 4, 4])
    private let targets = Buffer<Int32>([0, 2, 1, 6, 0, 5, 3, 3])

    private func network<Scalar: KernelScalar>(
        _ arithmetic: Arithmetic, _: Scalar.Type
    ) -> (EmbeddingNetwork<Scalar>, Buffer<Scalar>) {
        let network = EmbeddingNetwork<Scalar>(
            tokens: 5, width: 3, hidden: 4, classes: 7, capacity: 8, arithmetic: arithmetic)
        var stream = RandomStream(seed: 2, purpose: "check")
        return (network, Buffer((0..<network.layout.count).map { _ in Scalar(stream.normal()) }))
    }

    @Test func `the gradient is that of central differences`() throws {
        let (network, parameters) = network(try Arithmetic.portable(), Double.self)
        let gradient = Buffer<Double>(count: parameters.count)
        let unused = Buffer<Double>(count: parameters.count)
        func loss(into gradient: Buffer<Double>) -> Double {
            network.gradient(parameters, inputs: inputs, targets: targets, count: 8, into: gradient)
        }
        _ = loss(into: gradient)
        for place in 0..<parameters.count {
            let kept = parameters[place]
            parameters[place] = kept + 1e-5
            let high = loss(into: unused)
            parameters[place] = kept - 1e-5
            let low = loss(into: unused)
            parameters[place] = kept
            #expect(((high - low) / 2e-5 - gradient[place]).magnitude < 1e-8, "at \(place)")
        }
    }

    @Test func `every instruction set gives the same gradient`() throws {
        var found: [[Float]] = []
        for kernels in Kernels.available {
            let (network, parameters) = network(Arithmetic(portable: kernels), Float.self)
            let gradient = Buffer<Float>(count: parameters.count)
            _ = network.gradient(
                parameters, inputs: inputs, targets: targets, count: 8, into: gradient)
            found.append(gradient.elements)
        }
        #expect(found.allSatisfy { isSame($0, found[0]) })
    }

    /// Blocks of rows against all logits at once, with one target a row.
    @Test func `blocks of rows leave no trace in the gradients`() throws {
        let arithmetic = try Arithmetic.portable()
        var numbers = TestNumbers(4)
        let (rows, width, classes) = (75, 9, 16_000)
        let hidden = Buffer<Float>(numbers.array(rows * width))
        let weights = MatrixPlace(Buffer<Float>(numbers.array(width * classes)), stride: classes)
        let targets = Buffer((0..<rows).map { Int32($0 * 211 % classes) })
        let (hiddenGradient, weightGradient) = (
            Buffer<Float>(count: rows * width), Buffer<Float>(count: width * classes)
        )
        let sum = CrossEntropyHead<Float>(
            width: width, classes: classes, capacity: rows, arithmetic: arithmetic
        ).gradient(
            rows: rows, hidden: hidden, weights: weights, targets: targets, scale: 0.5,
            hiddenGradient: hiddenGradient,
            weightGradient: MatrixPlace(weightGradient, stride: classes))
        let z = MatrixPlace(Buffer<Float>(count: rows * classes), stride: classes)
        let losses = Buffer<Float>(count: rows)
        let (all, whole) = (
            Buffer<Float>(count: rows * width), Buffer<Float>(count: width * classes)
        )
        arithmetic.product(
            m: rows, n: classes, k: width, MatrixPlace(hidden, stride: width), weights, into: z)
        arithmetic.crossEntropy(
            rows: rows, classes: classes, scale: 0.5, targets: targets, z, losses: losses)
        arithmetic.product(
            m: rows, n: width, k: classes, z,
            MatrixPlace(weights.buffer, stride: classes, isTransposed: true),
            into: MatrixPlace(all, stride: width))
        arithmetic.product(
            m: width, n: classes, k: rows, MatrixPlace(hidden, stride: width, isTransposed: true),
            z,
            into: MatrixPlace(whole, stride: classes))
        #expect(sum == arithmetic.sumWide(losses, 0..<rows))
        #expect(isSame(hiddenGradient.elements, all.elements))
        #expect(isSame(weightGradient.elements, whole.elements))
    }
}
