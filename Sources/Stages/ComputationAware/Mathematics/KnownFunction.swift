package import Numerics

/// A function of known norm: f = Σ c·k(·, z) over centres z, with f(z) drawn from the process.
package struct KnownFunction {
    /// |f|² in the reproducing-kernel Hilbert space of the covariance.
    package let squaredNorm: Double
    private let centres: PointCloud
    private let weights: Buffer<Double>
    private let covariance: Covariance

    /// Draws f at the centres, whose covariances get 10⁻⁶ on their diagonal.
    ///
    /// - Throws: ``NumericsError`` where they are not positive definite even so.
    package init(
        centres: PointCloud, covariance: Covariance, stream: inout RandomStream
    ) throws(NumericsError) {
        let n = centres.count
        let matrix = covariance.matrix(centres, centres)
        var shifted = matrix.elements
        for place in 0..<n { shifted[place * n + place] += 1e-6 }
        let factor = try Cholesky(shifted, order: n, arithmetic: covariance.arithmetic)
        var c = (0..<n).map { _ in stream.normal() }
        for row in (0..<n).reversed() {
            c[row] /= factor.lower[row * n + row]
            for p in 0..<row { c[p].addProduct(-factor.lower[row * n + p], c[row]) }
        }
        let weights = Buffer(c)
        let images = Buffer<Double>(count: n)
        covariance.arithmetic.vectorProduct(
            m: n, k: n, MatrixPlace(matrix, stride: n), weights, into: images)
        squaredNorm = covariance.arithmetic.dot(weights, images, count: n)
        (self.centres, self.covariance, self.weights) = (centres, covariance, weights)
    }

    /// f at points.
    package func values(at points: PointCloud) -> [Double] {
        let out = Buffer<Double>(count: points.count)
        covariance.product(weights, height: 1, centres, points, into: out)
        return out.elements
    }
}
