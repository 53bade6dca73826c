package import Numerics

/// What a generator's layers do with their fields.
package enum GeneratedKind: String, CaseIterable, Sendable {
    /// sign(h): the generator itself.
    case sign
    /// b h + √(1 − b²) z, z ~ N(0, 1): the Gaussian model with the same covariances.
    case gaussian
}

/// Draws examples of a generator, 64 at a time.
///
/// Latents of block e are groups e·D and on of the stream `latents`, noise of layer l those from e·N_l on of
/// `noise`, index (run, l): a block depends on nothing but its number. Arithmetic is single precision.
package struct GeneratedExamples {
    /// Examples of a block.
    package static let block = 64
    /// The latents `[64, D]` of the block.
    package let latents: Buffer<Float>
    /// Its outputs `[64, N]`.
    package let outputs: Buffer<Float>
    private let kind: GeneratedKind
    private let widths: [Int]
    private let layers, packed, hidden, noise: [Buffer<Float>]
    private let stream: RandomStream
    private let noises: [RandomStream]
    private let arithmetic: Arithmetic

    /// Prepares a run: others of the same seed and purpose share nothing with it.
    package init(
        _ model: GenerativeModel, kind: GeneratedKind, seed: UInt64, purpose: String,
        run: UInt64 = 0, arithmetic: Arithmetic
    ) {
        (self.kind, widths, self.arithmetic) = (kind, model.widths, arithmetic)
        layers = model.layers.map { layer in Buffer(layer.map { Float($0) }) }
        packed = layers.enumerated().map { place, layer in
            let (n, k) = (model.widths[place + 1], model.widths[place])
            let room = Buffer<Float>(count: arithmetic.packedCount(n: n, k: k, Float.self))
            arithmetic.pack(
                n: n, k: k, MatrixPlace(layer, stride: k, isTransposed: true), into: room)
            return room
        }
        latents = Buffer(count: Self.block * model.latents)
        hidden = model.widths.dropFirst().map { Buffer(count: Self.block * $0) }
        outputs = hidden[hidden.count - 1]
        noise = kind == .sign ? [] : model.widths.dropFirst().map { Buffer(count: Self.block * $0) }
        stream = RandomStream(seed: seed, purpose: purpose + " latents", index: run)
        noises = layers.indices.map {
            RandomStream(seed: seed, purpose: purpose + " noise \($0)", index: run)
        }
    }

    /// Fills latents and outputs with a block of examples.
    package func fill(block: Int) {
        stream.groupedNormals(
            first: UInt64(block * widths[0]), groups: widths[0], into: latents,
            kernels: arithmetic.kernels)
        var below = latents
        for place in layers.indices {
            let (n, k) = (widths[place + 1], widths[place])
            arithmetic.product(
                m: Self.block, n: n, k: k, MatrixPlace(below, stride: k),
                MatrixPlace(layers[place], stride: k, isTransposed: true),
                into: MatrixPlace(hidden[place], stride: n),
                finish: kind == .sign ? .sign : .none, packed: packed[place])
            if kind == .gaussian {
                let size = Self.block * n
                let values = unsafe hidden[place].pointer(at: 0, size: size)
                noises[place].groupedNormals(
                    first: UInt64(block * n), groups: n, into: noise[place],
                    kernels: arithmetic.kernels)
                let z = unsafe noise[place].pointer(at: 0, size: size)
                let (b, rest) = (
                    Float(GenerativeModel.slope), Float(GenerativeModel.rest.squareRoot())
                )
                for e in 0..<size { unsafe values[e] = (rest * z[e]).addingProduct(b, values[e]) }
            }
            below = hidden[place]
        }
    }
}
