package import Numerics

/// The exact posterior by a dense Cholesky factorisation of K + σ²I.
package struct ExactPosterior {
    /// Mean and variance at the tests.
    package let mean, variance: [Double]
    /// log N(y; 0, K + σ²I).
    package let evidence: Double

    /// Factors and solves.
    ///
    /// - Complexity: n³/3 + n²·tests operations; memory for n² numbers twice.
    /// - Throws: ``NumericsError`` where the matrix is not positive definite.
    package init(_ choice: ActionChoice, tests: PointCloud) throws(NumericsError) {
        let (n, covariance) = (choice.points.count, choice.covariance)
        var matrix = covariance.matrix(choice.points, choice.points).elements
        for place in 0..<n { matrix[place * n + place] += choice.noise }
        let factor = try Cholesky(matrix, order: n, arithmetic: covariance.arithmetic)
        let cross = covariance.matrix(choice.points, tests)
        let weights = Buffer(factor.solve(choice.observations))
        var mean = [Double](repeating: 0, count: tests.count)
        for row in 0..<n {
            for test in 0..<tests.count {
                mean[test] += weights[row] * cross[row * tests.count + test]
            }
        }
        factor.forward(cross, columns: tests.count, arithmetic: covariance.arithmetic)
        var variance = [Double](repeating: 1, count: tests.count)
        var logarithm = 0.0
        for row in 0..<n {
            for test in 0..<tests.count {
                let z = cross[row * tests.count + test]
                variance[test] -= z * z
            }
            logarithm += Elementary.log(factor.lower[row * n + row])
        }
        let square = zip(choice.observations, weights.elements).reduce(0) { $0 + $1.0 * $1.1 }
        (self.mean, self.variance) = (mean, variance)
        evidence = -0.5 * square - logarithm - 0.5 * Double(n) * Elementary.log(6.283185307179586)
    }
}
