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
    private let seed: UInt64
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
        self.seed = seed
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

    private static let stateName = "textrun2"

    /// Everything that a later process needs to go on.
    package var state: [UInt8] {
        var writer = StateWriter(
            name: Self.stateName, size: 12 * parameters.count + 4 * model.memory.count + 128)
        writer.add(seed)
        writer.add(step)
        for list in [parameters, optimizer.first, optimizer.second] { writer.add(list.elements) }
        writer.add(model.memory)
        return writer.finish()
    }

    /// Takes up a kept state of the same training.
    ///
    /// - Returns: whether it was one; if not, nothing has changed.
    package func restore(_ state: [UInt8]) -> Bool {
        let count = parameters.count
        let kept = StateReader.read(state, name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            let step = try reader.integer(in: 0...steps)
            return (
                step: step, parameters: try reader.floats(count),
                optimizer: OptimizerState(
                    first: try reader.floats(count), second: try reader.floats(count), steps: step),
                memory: try reader.floats(model.memory.count)
            )
        }
        guard let kept else { return false }
        step = kept.step
        parameters.store(kept.parameters, at: 0)
        optimizer = kept.optimizer
        model.memory = kept.memory
        return true
    }
}
