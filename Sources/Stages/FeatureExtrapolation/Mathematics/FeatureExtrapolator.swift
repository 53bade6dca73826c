package import Numerics

/// A linear network on the graph of features and data, trained in closed form.
///
/// Known features get embeddings by ridge regression of labels. A new feature's embedding is Σ over layers ℓ
/// of (its message of layer ℓ)·W_ℓ; the W are those that give known features their embeddings when these
/// are masked, a fold at a time, and keep as many edges as a new feature has observations.
package struct FeatureExtrapolator {
    /// Numbers of an embedding.
    package let width: Int
    /// Embeddings of known features, `[known, width]`.
    package let embeddings: [Double]
    private let arithmetic: Arithmetic

    /// Fits the embeddings of `known` features: (XᵀX + ridge·I)⁻¹XᵀY, X 1/√draws where a datum has a feature.
    ///
    /// - Throws: ``NumericsError`` where the matrix is not positive definite.
    package init(
        known: Int, members: [[Int]], labels: [[Double]], draws: Int, ridge: Double,
        arithmetic: Arithmetic
    ) throws(NumericsError) {
        width = labels.first?.count ?? 0
        self.arithmetic = arithmetic
        let scale = 1 / Double(draws).squareRoot()
        var square = [Double](repeating: 0, count: known * known)
        let right = Buffer<Double>(count: known * width)
        for (list, label) in zip(members, labels) {
            for a in list {
                for b in list { square[a * known + b] += scale * scale }
                for o in 0..<width { right[a * width + o] += scale * label[o] }
            }
        }
        embeddings = try Self.solve(
            square, right, order: known, width: width, ridge: ridge, arithmetic)
    }

    private static func solve(
        _ square: [Double], _ right: Buffer<Double>, order: Int, width: Int, ridge: Double,
        _ arithmetic: Arithmetic
    ) throws(NumericsError) -> [Double] {
        var matrix = square
        for place in 0..<order { matrix[place * order + place] += ridge }
        let factor = try Cholesky(matrix, order: order, arithmetic: arithmetic)
        var out = [Double](repeating: 0, count: order * width)
        for o in 0..<width {
            let column = factor.solve((0..<order).map { right[$0 * width + o] })
            for row in 0..<order { out[row * width + o] = column[row] }
        }
        return out
    }

    /// Trains W, `[depth·width, width]`, for a number of observations and every depth up to the given one.
    ///
    /// - Parameters:
    ///   - members: the data of training.
    ///   - observations: edges that a masked feature keeps, drawn.
    ///   - depth: the largest number of layers.
    ///   - folds: parts of the known features, of which one at a time is masked.
    ///   - seed: what draws folds and edges.
    /// - Throws: ``NumericsError`` where a regression is degenerate.
    /// - Returns: W for 1, 2, … layers.
    package func weights(
        _ members: [[Int]], observations: Int, depth: Int, folds: Int, seed: UInt64
    ) throws(NumericsError) -> [[Double]] {
        let known = embeddings.count / width
        var stream = RandomStream(seed: seed, purpose: "folds")
        let order = stream.permutation(known)
        var rows = [[Double]](repeating: [], count: known)
        let occurrences = FeatureGraph(features: known, members: members).occurrences
        for fold in 0..<folds {
            var isKnown = [Bool](repeating: true, count: known)
            var dropped = [Set<Int>](repeating: [], count: members.count)
            for (place, feature) in order.enumerated() where place % folds == fold {
                isKnown[feature] = false
                var edges = RandomStream(seed: seed, purpose: "edges", index: UInt64(feature))
                let list = occurrences[feature]
                for place in edges.permutation(list.count).dropFirst(observations) {
                    dropped[list[place]].insert(feature)
                }
            }
            let kept = zip(members, dropped).map { list, gone in list.filter { !gone.contains($0) }
            }
            let layers = FeatureGraph(features: known, members: kept).messages(
                embeddings, width: width, isKnown: isKnown, depth: depth, arithmetic: arithmetic)
            for feature in 0..<known where !isKnown[feature] {
                rows[feature] = layers.flatMap { $0[(feature * width)..<((feature + 1) * width)] }
            }
        }
        var all: [[Double]] = []
        for layers in 1...depth { all.append(try regression(rows, columns: layers * width)) }
        return all
    }

    /// Least squares of the embeddings on the first columns, with a ridge of 10⁻³ of the mean square.
    private func regression(
        _ rows: [[Double]], columns: Int
    ) throws(NumericsError) -> [Double] {
        let design = Buffer(rows.flatMap { $0[..<columns] })
        let square = Buffer<Double>(count: columns * columns)
        let place = MatrixPlace(design, stride: columns)
        let across = MatrixPlace(design, stride: columns, isTransposed: true)
        arithmetic.product(
            m: columns, n: columns, k: rows.count, across, place,
            into: MatrixPlace(square, stride: columns))
        let right = Buffer<Double>(count: columns * width)
        arithmetic.product(
            m: columns, n: width, k: rows.count, across,
            MatrixPlace(Buffer(embeddings), stride: width), into: MatrixPlace(right, stride: width))
        let trace = (0..<columns).reduce(0.0) { $0 + square[$1 * columns + $1] }
        return try Self.solve(
            square.elements, right, order: columns, width: width,
            ridge: max(1e-3 * trace / Double(columns), 1e-300), arithmetic)
    }

    /// Messages of the new features, the last of the graph, layer by layer: `[new, width]` each.
    package func messages(
        _ graph: FeatureGraph, depth: Int
    ) -> [[Double]] {
        let known = embeddings.count / width
        let rest = [Double](repeating: 0, count: (graph.features - known) * width)
        return graph.messages(
            embeddings + rest, width: width, isKnown: (0..<graph.features).map { $0 < known },
            depth: depth, arithmetic: arithmetic
        ).map { Array($0[(known * width)...]) }
    }

    /// Embeddings of new features from their messages, through W of so many layers.
    package func extrapolated(_ messages: [[Double]], weights: [Double]) -> [Double] {
        let layers = weights.count / (width * width)
        let count = messages[0].count / width
        var out = [Double](repeating: 0, count: count * width)
        for feature in 0..<count {
            for layer in 0..<layers {
                for i in 0..<width {
                    let message = messages[layer][feature * width + i]
                    for o in 0..<width {
                        out[feature * width + o] +=
                            message * weights[(layer * width + i) * width + o]
                    }
                }
            }
        }
        return out
    }
}
