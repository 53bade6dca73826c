package import Numerics

/// Training of a network of characters by Adam on chunks of a text.
package final class TextTraining {
    /// The network.
    package let model: TextModel
    /// Its parameters.
    package let parameters: Buffer<Float>
    /// Steps in all, and done.
    package let steps: Int
    /// Steps done.
    package private(set) var step = 0
    private let rate: Double
    private let warmup: Int
    private let gradient: Buffer<Float>
    private var optimizer: OptimizerState<Float>

    /// Prepares; the rate rises over the warm-up and falls along half a cosine to 0.
    package init(
        _ shape: TextShape, streams: Int, length: Int, steps: Int, rate: Double, warmup: Int,
        seed: UInt64, arithmetic: Arithmetic
    ) {
        model = TextModel(shape, streams: streams, length: length, arithmetic: arithmetic)
        var stream = RandomStream(seed: seed, purpose: "initial")
        parameters = Buffer(shape.initialParameters(&stream))
        gradient = Buffer(count: parameters.count)
        optimizer = OptimizerState(.adam, count: parameters.count)
        self.steps = steps
        self.rate = rate
        self.warmup = min(warmup, max(0, steps - 1))
    }

    /// One step on the next chunk; returns the loss before it.
    ///
    /// The text starts again when it ends.
    package func advance(_ text: TextStreams) -> Double {
        let loss = model.gradient(
            parameters, text, chunk: step % text.chunks(of: model.length), into: gradient)
        optimizer.step(
            .adam, rate: rate * Schedule.cosine.factor(step, of: steps, warmup: warmup), parameters,
            gradient, layers: [], arithmetic: model.arithmetic)
        step += 1
        return loss
    }

    /// The mean loss in nats of all whole chunks of a text, from an empty state.
    package static func loss(
        _ parameters: Buffer<Float>, _ model: TextModel, _ text: TextStreams
    ) -> (sum: Double, characters: Int) {
        let scratch = Buffer<Float>(count: parameters.count)
        var sum = 0.0
        let (chunks, size) = (text.chunks(of: model.length), model.streams * model.length)
        for chunk in 0..<chunks {
            sum += model.gradient(parameters, text, chunk: chunk, into: scratch) * Double(size)
        }
        return (sum, chunks * size)
    }

    private static let signature: UInt64 = 0x3174_7865_745f_7172  // little-endian

    /// Everything that a later process needs to go on: little-endian words, then floats.
    package var state: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ word: UInt64, _ size: Int) {
            for place in 0..<size {
                bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(place))))
            }
        }
        append(Self.signature, 8)
        append(UInt64(step), 8)
        for list in [
            parameters.elements, optimizer.first.elements, optimizer.second.elements, model.memory,
        ] {
            for value in list { append(UInt64(value.bitPattern), 4) }
        }
        return bytes
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        var place = 0
        func next(_ size: Int) -> UInt64 {
            defer { place += size }
            return (0..<size).reduce(0) { $0 | UInt64(state[place + $1]) << (8 * UInt64($1)) }
        }
        let size = 16 + 4 * (3 * parameters.count + model.memory.count)
        guard state.count == size, next(8) == Self.signature else { return false }
        let reached = next(8)
        guard reached <= UInt64(steps) else { return false }
        func floats(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float(bitPattern: UInt32(next(4))) }
        }
        step = Int(reached)
        parameters.store(floats(parameters.count), at: 0)
        let first = floats(parameters.count)
        optimizer = OptimizerState(first: first, second: floats(parameters.count), steps: step)
        model.memory = floats(model.memory.count)
        return true
    }
}
