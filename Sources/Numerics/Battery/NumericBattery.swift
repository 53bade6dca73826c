/// A fixed battery of computations whose results are the same on every machine.
///
/// What `doctor --numeric` digests: two machines that print the same digest compute alike. Only
/// numbers are battery material: NaN's bits are not promised.
package enum NumericBattery {
    /// The parts: a name, and the results as little-endian bytes.
    ///
    /// - Complexity: some milliseconds; a second without a fused multiply-add in hardware.
    package static func parts(_ arithmetic: Arithmetic) -> [(name: String, bytes: [UInt8])] {
        [
            ("functions", functions(arithmetic, Float.self) + functions(arithmetic, Double.self)),
            ("products", products(arithmetic, Float.self) + products(arithmetic, Double.self)),
            ("random", random(arithmetic)), ("training", training(arithmetic)),
        ]
    }

    private static func bytes<Scalar: KernelScalar>(_ values: [Scalar]) -> [UInt8] {
        values.flatMap { value -> [UInt8] in
            let word = Double(value).bitPattern
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
    }

    private static func functions<Scalar: KernelScalar>(
        _ arithmetic: Arithmetic, _: Scalar.Type
    ) -> [UInt8] {
        // Geometric steps through every scale that the functions care about, both signs.
        var inputs: [Scalar] = [0, -0.0, 1, -1]
        var size = Scalar(0x1p-40)
        while size < 0x1p31 {
            inputs += [size, -size]
            size *= 1.0625
        }
        let (x, y) = (Buffer(inputs), Buffer<Scalar>(count: inputs.count))
        return ElementaryFunction.allCases.flatMap { function -> [UInt8] in
            arithmetic.map(function, x, into: y)
            return bytes(y.elements.filter { !$0.isNaN })
        }
    }

    private static func products<Scalar: KernelScalar>(
        _ arithmetic: Arithmetic, _: Scalar.Type
    ) -> [UInt8] {
        var result: [UInt8] = []
        for (m, n, k) in [(1, 70, 33), (37, 1, 300), (29, 67, 41), (50, 40, 600)] {
            let (a, b) = (Buffer<Scalar>(count: m * k), Buffer<Scalar>(count: k * n))
            var stream = RandomStream(seed: UInt64(m), purpose: "battery")
            stream.normals(into: a, count: a.count, kernels: arithmetic.kernels)
            stream.normals(into: b, count: b.count, kernels: arithmetic.kernels)
            for transposed in [false, true] {
                let c = Buffer<Scalar>(count: m * n)
                arithmetic.product(
                    m: m, n: n, k: k,
                    MatrixPlace(a, stride: transposed ? m : k, isTransposed: transposed),
                    MatrixPlace(b, stride: transposed ? k : n, isTransposed: transposed),
                    into: MatrixPlace(c, stride: n))
                result += bytes(c.elements + [arithmetic.sum(c, 0..<(m * n))])
                result += bytes([arithmetic.sumWide(c, 0..<(m * n))])
            }
        }
        return result
    }

    private static func random(_ arithmetic: Arithmetic) -> [UInt8] {
        var stream = RandomStream(seed: 2024, purpose: "battery")
        let normals = Buffer<Double>(count: 1001)
        stream.normals(into: normals, count: normals.count, kernels: arithmetic.kernels)
        let others = (0..<100).flatMap { _ in
            [stream.uniform(), stream.gamma(shape: 0.7), Double(stream.integer(below: 1000))]
        }
        return bytes(normals.elements + others)
    }

    private static func training(_ arithmetic: Arithmetic) -> [UInt8] {
        var result: [UInt8] = []
        for activation in Activation.allCases {
            let network = NetworkSpecification(
                inputs: 3, hidden: [20, 9], outputs: 1, activation: activation,
                hasLayerNorm: activation == .gelu)
            var stream = RandomStream(seed: 5, purpose: "battery")
            let examples = (0..<150).map { _ in Float(stream.normal()) }
            let targets = (0..<50).map { examples[3 * $0] > 0 ? 1.0 : 0.0 }
            let plan = TrainingPlan(
                loss: .logistic, optimizer: .adamW(decay: 0.01), rate: 0.01, schedule: .cosine,
                batch: 16, steps: 40)
            let trained = Trainer.train(
                network, plan, examples: examples, targets: targets, seed: 7, arithmetic: arithmetic
            )
            result += bytes(trained.parameters) + bytes(trained.losses)
        }
        return result
    }
}
