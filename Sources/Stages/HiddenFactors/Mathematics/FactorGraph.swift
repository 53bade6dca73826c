import Numerics

/// Which input factors each output factor depends on.
package struct FactorGraph: Sendable, Equatable {
    /// Input factors of each output factor, in the order that their states are coded in.
    package let parents: [[Int]]

    /// Takes a graph as it is.
    package init(parents: [[Int]]) { self.parents = parents }

    /// Gives every output a fixed number of parents, uniform without replacement; of each output
    /// independently, so that two outputs may share some.
    ///
    /// Nested: a graph with more parents of the same seed extends this one. All inputs where `count`
    /// is larger than their number. Source: the public code of arXiv 2411.01375.
    package init(inputs: Int, outputs: Int, parentCount: Int, seed: UInt64) {
        parents = (0..<outputs).map { output in
            var stream = RandomStream(
                seed: seed, purpose: "factor parents", index: UInt64(output))
            return Array(stream.permutation(inputs).prefix(parentCount))
        }
    }

    /// Gives every output a fixed number of parents of its own: the first of one random permutation to
    /// the first output, the next to the second; `nil` where there are too few inputs.
    package init?(inputs: Int, outputs: Int, ownParentCount count: Int, seed: UInt64) {
        guard count * outputs <= inputs else { return nil }
        var stream = RandomStream(seed: seed, purpose: "factor parents of their own")
        let order = stream.permutation(inputs)
        parents = (0..<outputs).map { Array(order[$0 * count..<($0 + 1) * count]) }
    }

    /// Has every edge with one probability, independently; an output may be left without parents.
    ///
    /// Nested: one number is drawn for every edge whatever the probability, so of one seed the graph
    /// of a smaller probability is contained in that of a larger one. 1 gives every edge.
    package init(inputs: Int, outputs: Int, edgeProbability: Double, seed: UInt64) {
        parents = (0..<outputs).map { output in
            var stream = RandomStream(seed: seed, purpose: "factor edges", index: UInt64(output))
            return (0..<inputs).filter { _ in stream.uniform() < edgeProbability }
        }
    }
}
