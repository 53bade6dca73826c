package import Numerics

/// Prompts of noisy linear regression, many at once.
///
/// Each has n examples x ~ N(0, I_d), y = w·x + σz, and w ~ N(0, τ² I_d) of its own. Prompt l stands in lane
/// l: arrays are `[..][width]`. Rows of a power of two of prompts fall into the same few lines of a cache: an
/// odd multiple of 16 is faster.
package struct PromptBatch<Scalar: KernelScalar> {
    /// d, n and how many prompts.
    package let dimension, examples, width: Int
    /// What was drawn: inputs `[n, d]`, labels `[n]`, weights `[d]`, each of all prompts.
    private let numbers: Buffer<Scalar>
    /// S = XᵀX/n `[d, d]`, and Xᵀy/n `[d]`.
    package let second, cross: Buffer<Scalar>
    private let arithmetic: Arithmetic

    /// Room for a batch; the width is a multiple of 16.
    package init(dimension: Int, examples: Int, width: Int, arithmetic: Arithmetic) {
        (self.dimension, self.examples, self.width) = (dimension, examples, width)
        self.arithmetic = arithmetic
        let count = (examples * (dimension + 1) + dimension) * width
        numbers = Buffer(count: (count + 63) / 64 * 64)
        second = Buffer(count: dimension * dimension * width)
        cross = Buffer(count: dimension * width)
    }

    private var labelStart: Int { examples * dimension * width }
    private var weightStart: Int { labelStart + examples * width }

    /// An input's element of a prompt.
    package func input(_ example: Int, _ element: Int, lane: Int) -> Scalar {
        numbers[(example * dimension + element) * width + lane]
    }

    /// A label of a prompt.
    package func label(_ example: Int, lane: Int) -> Scalar {
        numbers[labelStart + example * width + lane]
    }

    /// An element of the true weights of a prompt.
    package func weight(_ element: Int, lane: Int) -> Scalar {
        numbers[weightStart + element * width + lane]
    }

    /// Draws all prompts.
    package func draw(_ stream: inout RandomStream, noise: Double, scale: Double = 1) {
        stream.normals(into: numbers, count: numbers.count, kernels: arithmetic.kernels)
        finish(noise: noise, scale: scale)
    }

    /// Labels, S and Xᵀy/n from standard normals.
    private func finish(noise: Double, scale: Double) {
        arithmetic.scale(numbers, labelStart..<weightStart, by: Scalar(noise))
        arithmetic.scale(
            numbers, weightStart..<(weightStart + dimension * width), by: Scalar(scale))
        let x = InterleavedPlace(numbers, rows: examples, columns: dimension)
        let transposed = InterleavedPlace(
            numbers, rows: dimension, columns: examples, isTransposed: true)
        let y = InterleavedPlace(numbers, at: labelStart, rows: examples, columns: 1)
        arithmetic.interleavedProduct(
            width: width, x,
            InterleavedPlace(numbers, at: weightStart, rows: dimension, columns: 1), into: y, .add)
        arithmetic.interleavedProduct(
            width: width, transposed, x,
            into: InterleavedPlace(second, rows: dimension, columns: dimension))
        arithmetic.interleavedProduct(
            width: width, transposed, y,
            into: InterleavedPlace(cross, rows: dimension, columns: 1))
        arithmetic.scale(second, 0..<second.count, by: 1 / Scalar(examples))
        arithmetic.scale(cross, 0..<cross.count, by: 1 / Scalar(examples))
    }

    /// What a buffer `[..][width]` holds of a prompt, in double precision.
    package func lane(_ lane: Int, of array: Buffer<Scalar>) -> [Double] {
        stride(from: lane, to: array.count, by: width).map { array[$0].double }
    }

    /// The true weights of a prompt.
    package func weights(lane: Int) -> [Double] {
        (0..<dimension).map { weight($0, lane: lane).double }
    }
}

extension PromptBatch<Float> {
    /// Draws all prompts of a numbered batch, by the fast numbers of training:
    /// ``RandomStream/groupedNormals(first:groups:into:kernels:)``.
    package func draw(_ batch: Int, of stream: RandomStream, noise: Double) {
        let groups = numbers.count / 64
        stream.groupedNormals(
            first: UInt64(batch * groups), groups: groups, into: numbers,
            kernels: arithmetic.kernels)
        finish(noise: noise, scale: 1)
    }
}
