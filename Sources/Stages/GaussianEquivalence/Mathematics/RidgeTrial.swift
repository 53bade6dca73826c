package import Numerics

/// Ridge regression on drawn examples of a generator, tested on others.
package struct RidgeTrial {
    private let instance: EquivalenceInstance
    private let arithmetic: Arithmetic
    private let inputs: Int

    /// Names what is learned.
    package init(_ instance: EquivalenceInstance, arithmetic: Arithmetic) {
        (self.instance, self.arithmetic) = (instance, arithmetic)
        inputs = instance.model.inputs
    }

    /// The first n examples: inputs `[n, N]`, and b·c/√D.
    private func drawn(
        _ examples: GeneratedExamples, _ n: Int
    ) -> (x: Buffer<Double>, labels: [Double]) {
        let (block, d) = (GeneratedExamples.block, instance.model.latents)
        let x = Buffer<Double>(count: n * inputs)
        var labels: [Double] = []
        for first in stride(from: 0, to: n, by: block) {
            examples.fill(block: first / block)
            for place in 0..<min(block, n - first) {
                for i in 0..<inputs {
                    x[(first + place) * inputs + i] = Double(examples.outputs[place * inputs + i])
                }
                var sum = 0.0
                for a in 0..<d {
                    sum.addProduct(instance.teacher[a], Double(examples.latents[place * d + a]))
                }
                labels.append(sum / Double(d).squareRoot())
            }
        }
        return (x, labels)
    }

    /// The test error on labels without noise of one draw of n examples with labels of noise σ.
    ///
    /// - Throws: ``NumericsError`` as ``Cholesky``.
    package func error(
        examples n: Int, tests: Int, penalty: Double, noise: Double, kind: GeneratedKind,
        seed: UInt64, draw: UInt64
    ) throws(NumericsError) -> Double {
        func source(_ purpose: String) -> GeneratedExamples {
            GeneratedExamples(
                instance.model, kind: kind, seed: seed, purpose: purpose, run: draw,
                arithmetic: arithmetic)
        }
        var (x, labels) = drawn(source("ridge"), n)
        var errors = RandomStream(seed: seed, purpose: "label noise", index: draw)
        for place in 0..<n { labels[place].addProduct(noise, errors.normal()) }
        let gram = Buffer<Double>(count: inputs * inputs)
        arithmetic.product(
            m: inputs, n: inputs, k: n, MatrixPlace(x, stride: inputs, isTransposed: true),
            MatrixPlace(x, stride: inputs), into: MatrixPlace(gram, stride: inputs))
        let share = 1 / Double(n)
        arithmetic.scale(gram, 0..<gram.count, by: share)
        for i in 0..<inputs { gram[i * inputs + i] += penalty }
        let right = Buffer<Double>(count: inputs)
        arithmetic.product(
            m: 1, n: inputs, k: n, MatrixPlace(Buffer(labels), stride: n),
            MatrixPlace(x, stride: inputs), into: MatrixPlace(right, stride: inputs))
        arithmetic.scale(right, 0..<inputs, by: share)
        let weights = try Cholesky(gram.elements, order: inputs, arithmetic: arithmetic)
            .solve(right.elements)
        let (held, truths) = drawn(source("ridge test"), tests)
        let outputs = Buffer<Double>(count: tests)
        arithmetic.vectorProduct(
            m: tests, k: inputs, MatrixPlace(held, stride: inputs), Buffer(weights), into: outputs)
        var sum = 0.0
        for place in 0..<tests {
            let error = outputs[place] - truths[place]
            sum.addProduct(error, error)
        }
        return sum / Double(tests)
    }
}
