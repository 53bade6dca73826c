/// Online gradient descent of a committee of units on one example at a time: a soft committee machine.
///
/// Output Σₖ vₖ g(wₖ·x/√N) with g(h) = erf(h/√2) or h, v = 1 unless set; loss ½(output − target)²; step
/// wₖ ← wₖ − (rate/√N)·(output − target)·vₖ g′(h)·x. Source: Saad & Solla, Phys. Rev. E 52, 4225 (1995).
///
/// Bits: fields are inner products in 32 lanes times 1/√N, the output a chain of fused multiply-adds over
/// the units, weights one fused multiply-add a step.
package struct CommitteeStudent<Scalar: KernelScalar> {
    /// Weights `[units, inputs]`.
    package let weights: Buffer<Scalar>
    /// The second layer v, `[units]`.
    package let outer: Buffer<Scalar>
    /// Units and inputs.
    package let units, inputs: Int
    private let arithmetic: Arithmetic
    private let isLinear: Bool
    private let scale: Scalar
    private let fields, slopes: Buffer<Scalar>

    /// A committee with all weights zero.
    package init(units: Int, inputs: Int, isLinear: Bool = false, arithmetic: Arithmetic) {
        self.units = units
        self.inputs = inputs
        self.isLinear = isLinear
        self.arithmetic = arithmetic
        scale = Scalar(1 / Double(inputs).squareRoot())
        weights = Buffer(count: units * inputs)
        outer = Buffer(Array(repeating: 1, count: units))
        fields = Buffer(count: units)
        slopes = Buffer(count: units)
    }

    /// The output for the input that starts at an offset; keeps fields and slopes for
    /// ``learn(_:at:rate:target:)``.
    package func output(_ x: Buffer<Scalar>, at offset: Int = 0) -> Scalar {
        arithmetic.vectorProduct(
            m: units, k: inputs, MatrixPlace(weights, stride: inputs), x, at: offset, into: fields)
        arithmetic.scale(fields, 0..<units, by: scale)
        if isLinear {
            for unit in 0..<units { slopes[unit] = 1 }
        } else {
            arithmetic.activate(.erf, fields, slope: slopes, count: units)
        }
        var sum: Scalar = 0
        for unit in 0..<units { sum.addProduct(outer[unit], fields[unit]) }
        return sum
    }

    /// One step of online gradient descent; returns output − target before the step.
    ///
    /// With an `outerRate` the second layer learns too: v ← v − outerRate·(output − target)·g(h).
    package func learn(
        _ x: Buffer<Scalar>, at offset: Int = 0, rate: Scalar, outerRate: Scalar = 0,
        target: Scalar
    ) -> Scalar {
        let error = output(x, at: offset) - target
        let factor = -(rate * scale) * error
        for unit in 0..<units {
            slopes[unit] *= factor * outer[unit]
            if outerRate != 0 { outer[unit].addProduct(-outerRate * error, fields[unit]) }
        }
        arithmetic.rankOne(
            m: units, n: inputs, slopes, x, at: offset, into: MatrixPlace(weights, stride: inputs))
        return error
    }
}
