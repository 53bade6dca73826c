import Numerics

/// Gauss and Legendre's rule on each of several panels.
///
/// With n points a panel it is exact for polynomials of degree 2n − 1. The nodes are found by Newton's
/// method on the recurrence of Legendre's polynomials (Abramowitz & Stegun 25.4.29, 22.7.10).
struct PanelRule {
    /// Where the integrand is asked, and what its value there counts.
    let nodes, weights: [Double]

    /// The rule on the panels between neighbouring breaks, which ascend; empty panels count for nothing.
    init(breaks: [Double], points: Int = 20) {
        let standard = points == 20 ? Self.twenty : Self.standard(points)
        var (nodes, weights): ([Double], [Double]) = ([], [])
        for (low, high) in zip(breaks, breaks.dropFirst()) where high > low {
            let (middle, half) = (0.5 * (low + high), 0.5 * (high - low))
            for (node, weight) in standard {
                nodes.append(middle + half * node)
                weights.append(half * weight)
            }
        }
        (self.nodes, self.weights) = (nodes, weights)
    }

    /// The integral of a function over all panels.
    func integral(_ function: (Double) -> Double) -> Double {
        var sum = 0.0
        for (node, weight) in zip(nodes, weights) { sum.addProduct(weight, function(node)) }
        return sum
    }

    private static let twenty = standard(20)

    /// Nodes and weights on [−1, 1].
    private static func standard(_ count: Int) -> [(node: Double, weight: Double)] {
        (0..<count).map { place in
            let angle = 3.141592653589793 * (Double(place) + 0.75) / (Double(count) + 0.5)
            var (x, slope) = (Elementary.cos(angle), 0.0)
            for _ in 0..<6 {
                var (before, value) = (1.0, x)
                for k in stride(from: 2, through: count, by: 1) {
                    let next = (Double(2 * k - 1) * x * value - Double(k - 1) * before) / Double(k)
                    (before, value) = (value, next)
                }
                slope = Double(count) * (x * value - before) / (x * x - 1)
                x -= value / slope
            }
            return (x, 2 / ((1 - x * x) * slope * slope))
        }
    }
}
