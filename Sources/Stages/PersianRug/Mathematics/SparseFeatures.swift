package import Numerics

/// Draws features that are 0 with probability 1 − p and uniform on (0, 1) else.
///
/// The gaps between active features are geometric, by inversion: the cost is that of the active ones.
package struct SparseFeatures {
    /// The probability that a feature is active.
    package let probability: Double
    private let logarithm: Double
    private var stream: RandomStream

    /// Draws from a stream.
    package init(probability: Double, stream: RandomStream) {
        precondition(probability > 0 && probability < 1, "p = \(probability)")
        self.probability = probability
        self.stream = stream
        logarithm = Elementary.log1p(-probability)
    }

    /// Fills a buffer.
    package mutating func fill<Scalar: KernelScalar>(_ x: Buffer<Scalar>, count: Int) {
        x.clear(0..<count)
        var place = 0
        while true {
            let gap = Elementary.log(1 - stream.uniform()) / logarithm
            guard gap < Double(count - place) else { return }
            place += Int(gap)
            x[place] = Scalar(stream.uniform())
            place += 1
        }
    }
}
