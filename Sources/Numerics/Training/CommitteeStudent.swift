import CKernels

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
    private let fields, slopes, one: Buffer<Scalar>

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
        one = Buffer(count: 1)
    }

    /// The output for the input that starts at an offset.
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
        one[0] = target
        _ = learn(
            x, at: offset, rate: rate, outerRate: outerRate, targets: one, count: 1, errors: one)
        return one[0]
    }

    /// A step for each of some inputs, one after the other; `errors`, which may be the targets, gets
    /// output − target before each.
    ///
    /// - Returns: how many steps were made before an error was not finite.
    package func learn(
        _ x: Buffer<Scalar>, at offset: Int = 0, rate: Scalar, outerRate: Scalar = 0,
        targets: Buffer<Scalar>, at first: Int = 0, count: Int, errors: Buffer<Scalar>
    ) -> Int {
        var job = unsafe bitlaw_committee(
            units: units, inputs: inputs,
            activation: isLinear ? Int32(BITLAW_ACTIVATE_LINEAR) : Activation.erf.number,
            scale: scale.double, rate: rate.double, outer_rate: outerRate.double,
            x: x.pointer(at: offset, size: count * inputs),
            targets: targets.pointer(at: first, size: count),
            errors: errors.pointer(at: first, size: count), weights: weights.base,
            outer: outer.base, fields: fields.base, slopes: slopes.base)
        return unsafe Int(
            arithmetic.kernels.table(Scalar.self).pointee.committee(&job, UInt64(count)))
    }
}
