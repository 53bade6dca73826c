package import Numerics

/// How Gaussian a student's field is on a generator's data, and how well the formula tells its error.
package struct FieldStatistics: Sendable {
    /// The excess kurtosis of the first unit's field.
    package let kurtosis: Double
    /// Half the mean square error at the start: by the formula for Gaussian fields, and on the examples.
    package let formula, measured: Double

    /// Looks at so many blocks of 64 examples at the instance's start.
    package init(
        _ instance: EquivalenceInstance, kind: GeneratedKind, blocks: Int, seed: UInt64,
        arithmetic: Arithmetic
    ) {
        let (n, k) = (instance.model.inputs, instance.students)
        let block = GeneratedExamples.block
        let examples = GeneratedExamples(
            instance.model, kind: kind, seed: seed, purpose: "fields", arithmetic: arithmetic)
        let teacher = GeneratedTeacher(instance, arithmetic: arithmetic)
        let weights = Buffer(instance.start.map { Float($0) })
        let fields = Buffer<Float>(count: block * k)
        let slopes = Buffer<Float>(count: block * k)
        let scale = Float(1 / Double(n).squareRoot())
        var (second, fourth, squares) = (0.0, 0.0, 0.0)
        for place in 0..<blocks {
            examples.fill(block: place)
            teacher.label(examples)
            arithmetic.product(
                m: block, n: k, k: n, MatrixPlace(examples.outputs, stride: n),
                MatrixPlace(weights, stride: n, isTransposed: true),
                into: MatrixPlace(fields, stride: k))
            arithmetic.scale(fields, 0..<(block * k), by: scale)
            for example in 0..<block {
                let square = Double(fields[example * k]) * Double(fields[example * k])
                second += square
                fourth.addProduct(square, square)
            }
            arithmetic.activate(.erf, fields, slope: slopes, count: block * k)
            for example in 0..<block {
                var error = -Double(teacher.labels[example])
                for unit in 0..<k { error += Double(fields[example * k + unit]) }
                squares.addProduct(error, error)
            }
        }
        let count = Double(blocks * block)
        kurtosis = count * fourth / (second * second) - 3
        measured = 0.5 * squares / count
        formula = instance.error(instance.start, outer: Array(repeating: 1, count: k))
    }
}
