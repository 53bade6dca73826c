import Numerics

/// Input tokens that a learner sees, and those it does not.
package struct TokenSplit: Sendable, Equatable {
    /// Seen, in increasing order.
    package let observed: [Int]
    /// Not seen, in increasing order.
    package let unobserved: [Int]

    /// Takes the first ⌊fraction · count⌋ tokens of a random permutation as observed.
    ///
    /// Nested: of one seed, the observed of a smaller fraction are among those of a larger one.
    package init(count: Int, fraction: Double, seed: UInt64) {
        precondition((0...1).contains(fraction), "a fraction of \(fraction)")
        var stream = RandomStream(seed: seed, purpose: "factor split")
        let order = stream.permutation(count)
        let size = Int(fraction * Double(count))
        observed = order.prefix(size).sorted()
        unobserved = order.dropFirst(size).sorted()
    }
}
