import Cache
import Numerics
package import Pipeline

/// Trains the network that has to find the hidden factors.
package enum FactorsTrain: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "factors.train", version: 1,
        summary: "Trains a network on a task with hidden factors; losses are mean KL divergences.",
        source:
            "Arnal et al. (2024), arXiv 2411.01375, and the authors' public code: network, loss, modes",
        parameters: [
            Parameter(
                "mode", .choice(FactorMode.allCases.map { $0.rawValue }),
                default: "generalisation",
                "single-pass: fresh uniform inputs every step; compression: all inputs every step; "
                    + "generalisation: a fixed part of them every step, the others for the test."),
            Parameter(
                "embedding", .optional(.choice(FactorEmbedding.allCases.map { $0.rawValue })),
                default: .null,
                "learned: a row an input; fixed: the sum of a frozen random row for each factor's "
                    + "value; trained-factors: that sum, trained (ours). null: fixed in "
                    + "generalisation, learned elsewhere."),
            Parameter(
                "profile", .choice(["code", "paper"]), default: "code",
                "Width where `width` is null: 64 in the authors' code, 32 in the paper's text."),
            Parameter(
                "width", .optional(.integer(1...4096)), default: .null,
                "d, of embedding and residual stream."),
            Parameter(
                "hidden", .optional(.integer(1...16_384)), default: .null,
                "h, inside a block; null: twice the width, as in both profiles."),
            Parameter("layers", .integer(0...5), default: 1, "Blocks of the network."),
            Parameter("steps", .integer(1...100_000_000), default: 1000, "Steps of Adam."),
            Parameter(
                "rate", .number(from: 0, to: 10, openLow: true), default: 0.03,
                "Adam's learning rate at its highest."),
            Parameter(
                "schedule", .choice(FactorSchedule.allCases.map { $0.rawValue }),
                default: "cosine",
                "cosine: to 0 at the last step; log-cosine: in logarithms of step and rate, to "
                    + "0.0003 at step 1,000,000 whatever `steps` is; constant."),
            Parameter(
                "batch", .optional(.integer(1...10_000_000)), default: .null,
                "single-pass: inputs in a step; null: 2 N, as in the authors' code."),
            Parameter(
                "observed", .number(from: 0, to: 1, openLow: true, openHigh: true), default: 0.9,
                "generalisation: the part of the inputs that is trained on."),
            Parameter(
                "labels", .optional(.choice(["soft", "sampled"])), default: .null,
                "soft: cross-entropy to p(·|x); sampled: to one y drawn for each input in each "
                    + "step. null: sampled in single-pass, soft elsewhere."),
            Parameter(
                "points_per_decade", .integer(1...1000), default: 10,
                "Records of the curve: steps round(10^(i/points)) and the last."),
        ],
        inputs: [
            InputPort("task", "task.json of factors.task"),
            InputPort("tables", "tables.npy of factors.task"),
        ],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                "step (from 1), epochs (samples so far over the inputs trained on), samples, flops, "
                    + "rate; in nats: train, over what the step was computed from, before it; test, "
                    + "exact, after it, over unobserved inputs in generalisation, else over all. "
                    + "Cross-entropy less H(Y|X) of the same inputs: a mean KL divergence, but for "
                    + "train with sampled labels, which scatters around it."),
            OutputPort(
                "summary", fileName: "summary.json",
                "mode, embedding, labels; N, M, chi, chibar, uniform_excess; width, hidden, layers, "
                    + "parameters; observed_inputs, test_inputs; steps, epochs, samples, "
                    + "flop_per_sample, flops; train, test of the last step; best_test, best_step "
                    + "of the recorded ones."),
            OutputPort(
                "weights", fileName: "weights.safetensors",
                "embedding [tokens or Σ sizes, d], blocks.N.gate and .up [d, h], blocks.N.down "
                    + "[h, d], unembedding [d, M]."),
        ],
        isRandom: true, usesProfile: true)
}
