/// The sizes of the network that learns hidden factors, and what a sample costs it.
///
/// z = e(x); in each block u = rms(z) and z ← z + W₂ (silu(W₁ u) · (W₃ u)); logits = U rms(z); no
/// biases, no scales. Source: the public code of arXiv 2411.01375.
package struct FactorNetworkShape: Sendable, Equatable {
    /// d: the width of embedding and residual stream.
    package let width: Int
    /// h: the width inside a block.
    package let hidden: Int
    /// L: how many blocks, from 0 on.
    package let blocks: Int
    /// M: how many outputs.
    package let classes: Int

    /// Names the sizes.
    package init(width: Int, hidden: Int, blocks: Int, classes: Int) {
        precondition(width > 0 && hidden > 0 && blocks >= 0 && classes > 0, "an empty network")
        self.width = width
        self.hidden = hidden
        self.blocks = blocks
        self.classes = classes
    }

    /// The sizes of the paper's first version, by a summary of others: d = 32, h = 64, one block.
    package static func paper(classes: Int) -> FactorNetworkShape {
        FactorNetworkShape(width: 32, hidden: 64, blocks: 1, classes: classes)
    }

    /// The sizes of the authors' code as it stands: d = 64, h = 128, one block.
    package static func code(classes: Int) -> FactorNetworkShape {
        FactorNetworkShape(width: 64, hidden: 128, blocks: 1, classes: classes)
    }

    /// The floating-point operations of one sample, forward and backward, as the authors count them.
    ///
    /// 3 (L (4d + 6dh + 2h) + 2dM + 3d): backward twice forward, a look-up in the embedding nothing.
    /// What a program saves by structure is not subtracted: this is the axis of the figures.
    package var flopPerSample: Int {
        let block = 4 * width + 6 * width * hidden + 2 * hidden
        return 3 * (blocks * block + 2 * width * classes + 3 * width)
    }

    /// How many numbers are trained apart from the embedding: blocks and unembedding.
    package var weightCount: Int { blocks * 3 * width * hidden + width * classes }
}
