package import Numerics

/// The graph of features and data: an edge where a datum has a feature.
package struct FeatureGraph {
    /// How many nodes of each sort.
    package let features, data: Int
    /// The features of each datum.
    package let members: [[Int]]

    /// Wraps lists.
    package init(features: Int, members: [[Int]]) {
        (self.features, data, self.members) = (features, members.count, members)
    }

    /// The data of each feature.
    package var occurrences: [[Int]] {
        var lists = [[Int]](repeating: [], count: features)
        for (datum, list) in members.enumerated() {
            for feature in list { lists[feature].append(datum) }
        }
        return lists
    }

    /// Embeddings `[features, width]` after 1, 2, … `depth` layers.
    ///
    /// A layer gives each datum the mean over its features, then each feature the mean over its data. The
    /// first takes embeddings of features that `isKnown` alone; later ones those of all that have got one.
    /// What has no neighbour with an embedding is 0, and gives none.
    package func messages(
        _ embeddings: [Double], width: Int, isKnown: [Bool], depth: Int, arithmetic: Arithmetic
    ) -> [[Double]] {
        var (values, has) = (embeddings, isKnown)
        return (0..<depth).map { _ in
            let pairs = members.enumerated().flatMap { datum, list in
                list.filter { has[$0] }.map { (from: $0, to: datum) }
            }
            let (sums, full) = means(
                values, count: features, pairs, into: data, width: width, arithmetic)
            let back = members.enumerated().flatMap { datum, list in
                full[datum] ? list.map { (from: datum, to: $0) } : []
            }
            (values, has) = means(
                sums, count: data, back, into: features, width: width, arithmetic)
            return values
        }
    }

    /// Means over incoming edges, and which nodes have any.
    private func means(
        _ values: [Double], count: Int, _ pairs: [(from: Int, to: Int)], into nodes: Int,
        width: Int, _ arithmetic: Arithmetic
    ) -> ([Double], [Bool]) {
        let rows = Buffer<Double>(count: pairs.count * width)
        arithmetic.gather(
            width: width, Buffer(values), entries: count, Buffer(pairs.map { Int32($0.from) }),
            count: pairs.count, into: rows)
        let sums = Buffer<Double>(count: nodes * width)
        arithmetic.scatterAdd(
            width: width, rows, Buffer(pairs.map { Int32($0.to) }), count: pairs.count, into: sums,
            entries: nodes)
        var degrees = [Int](repeating: 0, count: nodes)
        for pair in pairs { degrees[pair.to] += 1 }
        for node in 0..<nodes where degrees[node] > 1 {
            for place in (node * width)..<((node + 1) * width) {
                sums[place] /= Double(degrees[node])
            }
        }
        return (sums.elements, degrees.map { $0 > 0 })
    }
}
