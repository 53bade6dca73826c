package import Numerics

/// The labels of generated examples: y = Σ_m g(B_m·c/√D), g(h) = erf(h/√2).
package struct GeneratedTeacher {
    /// The labels of the last block.
    package let labels: Buffer<Float>
    private let weights, fields, slopes: Buffer<Float>
    private let units, latents: Int
    private let scale: Float
    private let arithmetic: Arithmetic

    /// Takes an instance's teacher.
    package init(_ instance: EquivalenceInstance, arithmetic: Arithmetic) {
        (units, latents) = (instance.teachers, instance.model.latents)
        self.arithmetic = arithmetic
        scale = Float(1 / Double(latents).squareRoot())
        weights = Buffer(instance.teacher.map { Float($0) })
        labels = Buffer(count: GeneratedExamples.block)
        fields = Buffer(count: GeneratedExamples.block * units)
        slopes = Buffer(count: GeneratedExamples.block * units)
    }

    /// Labels a block.
    package func label(_ examples: GeneratedExamples) {
        let count = GeneratedExamples.block
        arithmetic.product(
            m: count, n: units, k: latents, MatrixPlace(examples.latents, stride: latents),
            MatrixPlace(weights, stride: latents, isTransposed: true),
            into: MatrixPlace(fields, stride: units))
        arithmetic.scale(fields, 0..<(count * units), by: scale)
        arithmetic.activate(.erf, fields, slope: slopes, count: count * units)
        for example in 0..<count {
            var sum: Float = 0
            for unit in 0..<units { sum += fields[example * units + unit] }
            labels[example] = sum
        }
    }
}
