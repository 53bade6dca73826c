package import Numerics
package import Workbench

/// A model that tells the class of points in the plane.
package protocol Classifier {
    /// Whether each point lies inside, as the model sees it; `points` is x, y, x, y, ….
    func classify(_ points: [Double], progress: (Int, Int) -> Void) -> [Bool]
}

/// A trained network as a classifier.
package struct NetworkClassifier: Classifier {
    private let network: TrainedNetwork
    private let arithmetic: Arithmetic

    /// Wraps a network.
    package init(network: TrainedNetwork, arithmetic: Arithmetic) {
        self.network = network
        self.arithmetic = arithmetic
    }

    /// The sign of the network's output.
    package func classify(_ points: [Double], progress: (Int, Int) -> Void) -> [Bool] {
        var examples: [Float] = []
        for row in 0..<(points.count / 2) {
            examples += network.features.of(points[2 * row], points[2 * row + 1]).map { Float($0) }
        }
        return Trainer.outputs(
            network.specification, parameters: network.parameters, examples: examples,
            arithmetic: arithmetic
        ).map { $0 > 0 }
    }
}

/// A vote of the k nearest points; a tie goes to the nearest.
package struct NeighbourClassifier: Classifier {
    private let tree: KDTree
    private let labels: [Bool]
    private let features: Features
    private let k: Int

    /// Learns from rows of x, y, label.
    package init(data: NumpyArray, features: Features, k: Int) {
        var points: [Double] = []
        points.reserveCapacity(data.rows * features.width)
        for row in 0..<data.rows {
            points += features.of(data.elements[3 * row], data.elements[3 * row + 1])
        }
        tree = KDTree(points: points, dimension: features.width)
        labels = (0..<data.rows).map { data.elements[3 * $0 + 2] > 0.5 }
        self.features = features
        self.k = k
    }

    /// The side of most neighbours.
    package func classify(_ points: [Double], progress: (Int, Int) -> Void) -> [Bool] {
        (0..<(points.count / 2)).map { row in
            if row % 4096 == 0 { progress(row, points.count / 2) }
            let found = tree.nearest(features.of(points[2 * row], points[2 * row + 1]), k: k)
            let votes = found.count { labels[$0.index] }
            if 2 * votes == found.count { return labels[found[0].index] }
            return 2 * votes > found.count
        }
    }
}
