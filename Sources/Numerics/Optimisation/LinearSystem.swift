/// Small symmetric positive definite systems, by Cholesky's method.
package enum LinearSystem {
    /// The solution of `matrix · x = right`, or `nil` where the matrix is not positive definite.
    ///
    /// `matrix` is `[n, n]` row-major, symmetric. Cost: n³/3.
    package static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        let n = right.count
        var lower = matrix
        for column in 0..<n {
            for row in column..<n {
                var sum = matrix[row * n + column]
                for k in 0..<column { sum -= lower[row * n + k] * lower[column * n + k] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row * n + row] = sum.squareRoot()
                } else {
                    lower[row * n + column] = sum / lower[column * n + column]
                }
            }
        }
        var x = right
        for row in 0..<n {
            for k in 0..<row { x[row] -= lower[row * n + k] * x[k] }
            x[row] /= lower[row * n + row]
        }
        for row in (0..<n).reversed() {
            for k in (row + 1)..<max(n, row + 1) { x[row] -= lower[k * n + row] * x[k] }
            x[row] /= lower[row * n + row]
        }
        return x
    }
}
