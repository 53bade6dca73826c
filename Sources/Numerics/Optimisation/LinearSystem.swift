/// Small symmetric positive definite systems, by Cholesky's method.
package enum LinearSystem {
    /// The solution of `matrix · x = right`, or `nil` where the matrix is not positive definite.
    ///
    /// `matrix` is `[n, n]` row-major, symmetric. What stands left of the first entry of a row that is not
    /// 0 stays 0 and costs nothing: a block diagonal matrix with a border below costs its blocks and the
    /// border. Cost: n³/3 for a full one.
    package static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        let n = right.count
        var lower = matrix
        var first = [Int](repeating: 0, count: n)
        for row in 0..<n {
            var start = 0
            while start < row && matrix[row * n + start] == 0 { start += 1 }
            first[row] = start
            for column in start...row {
                var sum = lower[row * n + column]
                let (a, b) = (row * n, column * n)
                for k in max(start, first[column])..<column {
                    sum -= lower[a + k] * lower[b + k]
                }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[a + row] = sum.squareRoot()
                } else {
                    lower[a + column] = sum / lower[b + column]
                }
            }
        }
        var x = right
        for row in 0..<n {
            for k in first[row]..<row { x[row] -= lower[row * n + k] * x[k] }
            x[row] /= lower[row * n + row]
        }
        for row in (0..<n).reversed() {
            for k in (row + 1)..<max(n, row + 1) where first[k] <= row {
                x[row] -= lower[k * n + row] * x[k]
            }
            x[row] /= lower[row * n + row]
        }
        return x
    }
}
